// Package shell runs command lines of the user by the system's shell.
package shell

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

const (
	// maxOutput is how much of each output is kept, in bytes.
	maxOutput = 1 << 20
	// linger is how long outputs are read after the end of the shell: what it
	// has left running may hold them.
	linger = time.Second
)

// Result is how a command line ended.
type Result struct {
	Stdout, Stderr []byte
	ExitCode       int
	TimedOut       bool
}

// Run runs a command line in a directory, with the environment of the program
// and without input. It fails only if the shell could not be started, or when
// ctx is done.
func Run(ctx context.Context, dir, line string, limit time.Duration) (Result, error) {
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := command(timed, line)
	cmd.Dir = dir
	cmd.WaitDelay = linger
	var stdout, stderr output
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	r := Result{Stdout: stdout, Stderr: stderr, TimedOut: timed.Err() != nil}
	exit := &exec.ExitError{}
	switch {
	case ctx.Err() != nil:
		return r, ctx.Err()
	case errors.As(err, &exit):
		r.ExitCode = exit.ExitCode()
	case err != nil && !r.TimedOut && !errors.Is(err, exec.ErrWaitDelay):
		return r, fmt.Errorf("running %q: %w", line, err)
	}
	return r, nil
}

// output keeps the beginning of what is written.
type output []byte

func (o *output) Write(b []byte) (int, error) {
	*o = append(*o, b[:min(len(b), maxOutput-len(*o))]...)
	return len(b), nil
}
