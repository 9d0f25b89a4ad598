package plugin

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// child is the process of a plugin. Whatever is started here is stopped by
// stop, which go-plugin does not know of: its own way takes two seconds when a
// plugin does not end, and six when a grandchild holds standard error.
type child struct {
	cmd      *exec.Cmd
	lifeline *os.File // its end tells the plugin to end
	stdout   *os.File
	stderr   *os.File
	words    *words

	enclosure *enclosure // nil: it is not closed in
	bounds    bounds

	exited chan struct{} // closed when the process is gone and reaped
	heard  chan struct{} // closed when standard error is read to its end
	state  *os.ProcessState
	tree   tree

	mu     sync.Mutex
	reaped bool // its number may be somebody else's from now on
}

// spawn starts the process described by cmd, with pipes as its standard
// streams, closed in unless it is nobody else's.
func spawn(cmd *exec.Cmd, w *words, e *enclosure, b bounds) (*child, error) {
	c := &child{cmd: cmd, words: w, enclosure: e, bounds: b, exited: make(chan struct{}), heard: make(chan struct{})}
	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			_ = f.Close()
		}
	}()
	pipe := func() (r, w *os.File, err error) {
		if r, w, err = os.Pipe(); err != nil {
			err = fmt.Errorf("making a pipe: %w", err)
		}
		return r, w, err
	}
	var stdin, stdout, stderr *os.File
	var err error
	if stdin, c.lifeline, err = pipe(); err == nil {
		theirs = append(theirs, stdin)
		c.stdout, stdout, err = pipe()
	}
	if err == nil {
		theirs = append(theirs, stdout)
		c.stderr, stderr, err = pipe()
	}
	if err != nil {
		c.closePipes()
		return nil, err
	}
	theirs = append(theirs, stderr)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	cmd.SysProcAttr = processAttributes()
	if err := c.startPatiently(); err != nil {
		c.closePipes()
		return nil, err
	}
	go c.reap()
	go func() {
		defer close(c.heard)
		_, _ = io.Copy(w, c.stderr)
		w.end()
	}()
	return c, nil
}

// startPatiently starts the process, and tries again while the file is being
// written: whoever has just installed it may have a child that still holds it.
func (c *child) startPatiently() error {
	for pause := time.Millisecond; ; pause *= 4 {
		err := c.start()
		if !errors.Is(err, syscall.ETXTBSY) || pause > 100*time.Millisecond {
			return err
		}
		<-time.After(pause)
		// A command that could not be started cannot be started again.
		c.cmd = &exec.Cmd{
			Path: c.cmd.Path, Args: c.cmd.Args, Env: c.cmd.Env, Dir: c.cmd.Dir,
			Stdin: c.cmd.Stdin, Stdout: c.cmd.Stdout, Stderr: c.cmd.Stderr, SysProcAttr: c.cmd.SysProcAttr,
		}
	}
}

func (c *child) closePipes() {
	for _, f := range []*os.File{c.lifeline, c.stdout, c.stderr} {
		if f != nil {
			_ = f.Close()
		}
	}
}

// reap waits for the process and takes what it has left behind with it. While
// it is not reaped nobody else can have its number, nor its group's.
func (c *child) reap() {
	waitable := c.awaitExit()
	if waitable {
		c.mu.Lock()
		c.tree.kill(c.cmd.Process)
		_ = c.cmd.Wait()
	} else {
		_ = c.cmd.Wait()
		c.mu.Lock()
		c.tree.sweep()
	}
	c.reaped = true
	c.mu.Unlock()
	c.clear()
	c.state = c.cmd.ProcessState
	close(c.exited)
}

// kill kills the process with all of its group.
func (c *child) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reaped {
		c.tree.kill(c.cmd.Process)
	}
}

// await tells whether the process is gone before the time is up. The clock is
// not stopped by a cancellation.
func (c *child) await(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.exited:
		return true
	case <-timer.C:
		return false
	}
}

// killed is how long we wait for a process that was killed: it may be within
// a system call that hangs, and on a busy machine much memory is not given back
// at once.
const killed = 10 * time.Second

var errUnkillable = errors.New("the process of the plugin does not end")

// stop ends the process: it asks, waits, and kills.
func (c *child) stop(patience time.Duration) error {
	_ = c.lifeline.Close()
	if !c.await(patience) {
		c.kill()
	}
	gone := c.await(killed)
	// A grandchild that has left the group may hold standard error; what is
	// in the pipe now is all that we want.
	c.hearOut()
	_ = c.stdout.Close()
	c.tree.close()
	if !gone {
		return errUnkillable
	}
	return nil
}

// outcome says how the process has ended, with its last words.
func (c *child) outcome() error {
	select {
	case <-c.exited:
	default:
		return c.said("it is still running")
	}
	c.hearOut()
	return c.said(c.state.String())
}

func (c *child) said(how string) error {
	text := c.words.String()
	if text == "" {
		return errors.New(how)
	}
	return fmt.Errorf("%s\n%s", how, text)
}

// listening is how long we wait for the end of standard error.
const listening = 500 * time.Millisecond

func (c *child) hearOut() {
	timer := time.NewTimer(listening)
	defer timer.Stop()
	select {
	case <-c.heard:
	case <-timer.C:
	}
	_ = c.stderr.Close()
	<-c.heard
}
