package app

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/electricimp/impt/core/internal/host"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/sdk/fault"
)

// errInterrupted is the cause of a run that a signal has ended.
type errInterrupted struct{ code int }

func (errInterrupted) Error() string { return "interrupted" }

// exitCode is the exit code that an error stands for.
func exitCode(err error) int {
	if i, ok := errors.AsType[errInterrupted](err); ok {
		return i.code
	}
	if err != nil {
		return 1
	}
	return 0
}

func signalCode(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return 1
}

// running is what runs at the moment, for the signals that are about it.
type running struct {
	mu      sync.Mutex
	session *host.Session
	process *plugin.Process
	// code stands for the signal that a command has had for an ordinary end.
	code int
}

func (r *running) set(s *host.Session, p *plugin.Process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.session, r.process = s, p
}

// interrupt lets Ctrl-C be the ordinary end of a command that waits for it.
func (r *running) interrupt(s os.Signal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session == nil || !r.session.Interrupt() {
		return false
	}
	r.code = signalCode(s)
	return true
}

// exitCode is that of a command which failed because it was interrupted, and
// could say so first.
func (r *running) exitCode(code int, err error) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.code != 0 && fault.Is(err, fault.CanceledKind) {
		return r.code
	}
	return code
}

func (r *running) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process != nil {
		r.process.Kill()
	}
}

// leaving is how long a run may take to clear up after the second signal.
const leaving = 100 * time.Millisecond

// heed runs the program and hears signals meanwhile: the first ends the run in
// an orderly way, the second at once. Before that a command that waits for
// Ctrl-C may have one, and no more: it could keep the user for ever.
func (a app) heed(ctx context.Context, program func(context.Context) int) int {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan int, 1)
	go func() { done <- program(ctx) }()
	passed := false
	for {
		select {
		case code := <-done:
			return code
		case s := <-a.world.Signals:
			switch {
			case ctx.Err() != nil:
				a.running.kill()
				select {
				case <-done:
				case <-time.After(leaving):
				}
				return signalCode(s)
			case s == os.Interrupt && !passed && a.running.interrupt(s):
				passed = true
			default:
				cancel(errInterrupted{signalCode(s)})
			}
		}
	}
}
