//go:build unix

//nolint:forbidigo // this is where a plugin meets its process
package serve

import (
	"os"

	"golang.org/x/sys/unix"
)

// takeStreams moves the pipes away from the numbers 0 and 1, so that neither
// the author's code nor a child of it can reach them, and leaves nothing to
// read and the log in their place.
func takeStreams() (lifeline, handshake *os.File) {
	return moved(os.Stdin, func() (int, error) { return unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0) }),
		moved(os.Stdout, func() (int, error) { return unix.FcntlInt(os.Stderr.Fd(), unix.F_DUPFD_CLOEXEC, 3) })
}

// moved returns f under another number, with what open returns in its place.
// It returns f itself if the system has no room for that.
func moved(f *os.File, open func() (int, error)) *os.File {
	number := int(f.Fd())
	elsewhere, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return f
	}
	instead, err := open()
	if err != nil {
		_ = unix.Close(elsewhere)
		return f
	}
	defer func() { _ = unix.Close(instead) }()
	if err := replace(instead, number); err != nil {
		_ = unix.Close(elsewhere)
		return f
	}
	return os.NewFile(uintptr(elsewhere), f.Name())
}
