//go:build unix

package output

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// termIsOptional tells whether terminals without TERM can show codes.
const termIsOptional = false

// OpenTerminal opens the terminal that controls the process.
func OpenTerminal() (Terminal, error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("opening the terminal: %w", err)
	}
	return NewTerminal(f), nil
}

func showsCodes(*os.File) bool { return true }

// prepare lets the terminal edit and echo lines, whatever state it was left
// in. While a question is open, the interrupt character ends the line like any
// other answer: no signal has to be told from those that end a request. The
// quit character is off, since its signal would leave a hidden prompt's
// terminal without echo.
func prepare(f *os.File, hidden bool) (restore func(), interrupt byte, err error) {
	err = errors.New("it is closed")
	var old *unix.Termios
	control(f, func(fd int) {
		if old, err = unix.IoctlGetTermios(fd, getTermios); err != nil {
			return
		}
		now := *old
		now.Iflag |= unix.ICRNL
		now.Lflag |= unix.ICANON | unix.ISIG | unix.ECHO | unix.ECHOE | unix.ECHOCTL
		if hidden {
			now.Lflag &^= unix.ECHO
		}
		if c := now.Cc[unix.VINTR]; c != disabled {
			interrupt = c
			now.Cc[unix.VEOL] = c
			now.Cc[unix.VINTR] = disabled
		}
		now.Cc[unix.VQUIT] = disabled
		err = unix.IoctlSetTermios(fd, setTermios, &now)
	})
	if err != nil {
		return nil, 0, err
	}
	return func() {
		control(f, func(fd int) { _ = unix.IoctlSetTermios(fd, setTermios, old) })
	}, interrupt, nil
}
