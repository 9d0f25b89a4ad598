package output

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// termIsOptional tells whether terminals without TERM can show codes.
const termIsOptional = true

// OpenTerminal opens the console of the process.
func OpenTerminal() (Terminal, error) {
	f, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("opening the console: %w", err)
	}
	return NewTerminal(f), nil
}

// showsCodes asks the console to understand cursor codes and colours.
func showsCodes(f *os.File) bool {
	shows := false
	control(f, func(fd int) {
		var mode uint32
		h := windows.Handle(fd)
		if windows.GetConsoleMode(h, &mode) == nil {
			shows = windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
		}
	})
	return shows
}

// prepare lets the console edit and echo lines. Ctrl-C ends the context here,
// so no character stands for it.
func prepare(f *os.File, hidden bool) (restore func(), interrupt byte, err error) {
	err = errors.New("it is closed")
	var old uint32
	control(f, func(fd int) {
		h := windows.Handle(fd)
		if err = windows.GetConsoleMode(h, &old); err != nil {
			return
		}
		now := old | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT | windows.ENABLE_ECHO_INPUT
		if hidden {
			now &^= windows.ENABLE_ECHO_INPUT
		}
		err = windows.SetConsoleMode(h, now)
	})
	if err != nil {
		return nil, 0, err
	}
	return func() {
		control(f, func(fd int) { _ = windows.SetConsoleMode(windows.Handle(fd), old) })
	}, 0, nil
}
