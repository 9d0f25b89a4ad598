//go:build unix && !linux

package plugin

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// processAttributes give the plugin a session of its own, in which there is no
// /dev/tty.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func (c *child) start() error { return c.cmd.Start() }

// clear does nothing: what has left the group cannot be found.
func (*child) clear() {}

// awaitExit returns true when the process has ended and is not yet reaped, and
// false if it cannot tell.
func (c *child) awaitExit() bool {
	queue, err := unix.Kqueue()
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(queue) }()
	var watch unix.Kevent_t
	unix.SetKevent(&watch, c.cmd.Process.Pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	watch.Fflags = unix.NOTE_EXIT
	events := make([]unix.Kevent_t, 1)
	for {
		n, err := unix.Kevent(queue, []unix.Kevent_t{watch}, events, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return errors.Is(err, unix.ESRCH)
		case n == 1 && events[0].Flags&unix.EV_ERROR != 0:
			return events[0].Data == int64(unix.ESRCH)
		}
		return n == 1
	}
}
