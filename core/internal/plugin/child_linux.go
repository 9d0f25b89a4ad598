package plugin

import (
	"errors"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// processAttributes give the plugin a session of its own, in which there is no
// /dev/tty, and its death when we die: that holds for those too that do not
// look at their lifeline.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// start starts the process on a thread that lives as long as the process: for
// the kernel, the parent whose death counts is the thread.
func (c *child) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			<-c.exited
		}
	}()
	return <-started
}

// awaitExit returns true when the process has ended and is not yet reaped, and
// false if it cannot tell.
func (c *child) awaitExit() bool {
	for {
		err := unix.Waitid(unix.P_PID, c.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return err == nil
		}
	}
}
