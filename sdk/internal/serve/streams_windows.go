//nolint:forbidigo // this is where a plugin meets its process
package serve

import (
	"os"

	"golang.org/x/sys/windows"
)

// takeStreams keeps the pipes from the author's code and its children, and
// leaves nothing to read and the log in their place.
func takeStreams() (lifeline, handshake *os.File) {
	lifeline, handshake = os.Stdin, os.Stdout
	os.Stdout = os.Stderr
	_ = windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd()))
	if nothing, err := os.Open(os.DevNull); err == nil {
		os.Stdin = nothing
		_ = windows.SetStdHandle(windows.STD_INPUT_HANDLE, windows.Handle(nothing.Fd()))
	}
	return lifeline, handshake
}
