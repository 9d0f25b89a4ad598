package plugin

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
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
// the kernel, the parent whose death counts is the thread. A thread that has
// been closed in is of no use to anybody else, and ends with the goroutine.
func (c *child) start() error {
	started := make(chan error)
	onOtherThread(func() {
		err := c.startHere()
		started <- err
		if err == nil {
			<-c.exited
		}
		if c.enclosure == nil {
			runtime.UnlockOSThread()
		}
	})
	if err := <-started; err != nil || c.enclosure == nil {
		return err
	}
	// The thread that has started it may not do that.
	if err := c.bounds.set(c.cmd.Process.Pid); err != nil {
		c.tree.kill(c.cmd.Process)
		_ = c.cmd.Wait()
		c.clear()
		close(c.exited)
		return err
	}
	return nil
}

// onOtherThread calls f on a thread of its own, which is not the main one: that
// does not end, and what is true of it /proc tells of the whole process.
func onOtherThread(f func()) {
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() != os.Getpid() {
			f()
			return
		}
		begun := make(chan struct{})
		go func() {
			runtime.LockOSThread()
			close(begun)
			f()
		}()
		<-begun
		runtime.UnlockOSThread()
	}()
}

func (c *child) startHere() error {
	if c.enclosure == nil {
		return c.cmd.Start()
	}
	gate, err := c.enclosure.close()
	if err != nil {
		return fmt.Errorf("%w: %w", errNotConfined, err)
	}
	born := make(chan int, 1)
	if gate != nil {
		go gate.watch(sync.OnceValue(func() int { return <-born }))
	}
	if err := c.lead(); err != nil {
		born <- 0
		return err
	}
	born <- c.cmd.Process.Pid
	return nil
}

// clear ends what the process has left behind, once it is reaped.
func (c *child) clear() {
	if c.enclosure != nil {
		c.forget()
		killOrphans()
	}
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
