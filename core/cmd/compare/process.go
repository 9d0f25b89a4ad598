package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/creack/pty"

	"github.com/electricimp/impt/sdk/sim"
)

// run is one program at one case.
type run struct {
	world   *world
	program program
	c       *Case
	args    []string

	stdout, stderr, tty *transcript
	keyboard            io.Writer
	process             *os.Process
	exit                int
}

// out is what was printed to standard output, as it looks in the end.
func (r *run) out() string {
	if r.c.Terminal.on && !r.c.Terminal.pipeOut {
		return screen(r.tty.String())
	}
	if r.c.Terminal.on {
		return screen(strings.ReplaceAll(r.stdout.String(), "\n", "\r\n"))
	}
	return r.stdout.String()
}

func (r *run) err() string { return r.stderr.String() }

func (r *run) do(ctx context.Context) error {
	most := limit
	if r.c.live {
		most = fixtureLimit
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	seen := newSeen()
	r.stdout, r.stderr, r.tty = &transcript{seen: seen}, &transcript{seen: seen}, &transcript{seen: seen}

	cmd := exec.CommandContext(ctx, r.program.path, r.args...) //nolint:gosec // that is what this program is for
	cmd.Dir = r.world.work
	cmd.Env = append([]string{
		"HOME=" + r.world.home, "TERM=dumb", "LANG=C",
	}, r.program.env...)
	for _, e := range r.c.Env {
		cmd.Env = append(cmd.Env, r.world.expand(e))
	}
	cmd.WaitDelay = time.Second

	var reading sync.WaitGroup
	if r.c.Terminal.on {
		if r.c.Terminal.pipeOut {
			cmd.Stdout, cmd.Stderr = r.stdout, r.stderr
		}
		columns := uint16(r.c.Terminal.columns) //nolint:gosec // small
		master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: columns})
		if err != nil {
			return fmt.Errorf("starting %s: %w", r.program.path, err)
		}
		defer func() { _ = master.Close() }()
		r.keyboard = master
		// The end of a terminal is an error, whatever its kind.
		reading.Go(func() { _, _ = io.Copy(r.tty, master) })
	} else {
		cmd.Stdout, cmd.Stderr = r.stdout, r.stderr
		ownSession(cmd)
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("starting %s: %w", r.program.path, err)
		}
	}
	r.process = cmd.Process

	ended, end := context.WithCancel(ctx)
	var acting sync.WaitGroup
	acting.Go(func() { r.answer(ended, seen) })
	acting.Go(func() { r.act(ended, seen) })
	err := cmd.Wait()
	end()
	acting.Wait()
	reading.Wait()
	r.exit = cmd.ProcessState.ExitCode()
	if ctx.Err() != nil {
		r.exit = stopped
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("running %s: %w", r.program.path, err)
	}
	return nil
}

// answer types each reply when its prompt is shown.
func (r *run) answer(ctx context.Context, seen *seen) {
	for _, a := range r.c.Answers {
		if !seen.wait(ctx, a.prompt) {
			return
		}
		reply := a.reply + "\r"
		switch a.reply {
		case "^C":
			reply = "\x03"
		case "^D":
			reply = "\x04"
		}
		if !r.typing(ctx, seen, reply) {
			return
		}
	}
}

// typing presses one key after the other: the peer takes keys that arrive
// together for one. What is typed usually appears, which is waited for.
func (r *run) typing(ctx context.Context, seen *seen, keys string) bool {
	for _, key := range keys {
		if !pause(ctx, 30*time.Millisecond) {
			return false
		}
		before := seen.length()
		_, _ = io.WriteString(r.keyboard, string(key))
		shown, cancel := context.WithTimeout(ctx, 150*time.Millisecond)
		seen.until(shown, func() bool { return len(seen.text) > before })
		cancel()
	}
	return ctx.Err() == nil
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// act lets happen what the case says about an open log stream.
func (r *run) act(ctx context.Context, seen *seen) {
	s := r.world.sim
	last := ""
	for _, step := range r.c.Steps {
		switch step.do {
		case "log":
			device := r.world.expand(step.args[0])
			if s.WaitSubscribed(ctx, device) != nil {
				return
			}
			if mode := r.c.mode(); (mode == "" || mode == "debug") && !seen.had(ctx, "Press <Ctrl-C>") {
				return
			}
			last = step.args[2]
			_ = s.Emit(device, sim.LogEntry{Type: step.args[1], Msg: strings.ReplaceAll(step.args[2], `\n`, "\n")})
		case "seen":
			if !seen.had(ctx, strings.Join(step.args, " ")) {
				return
			}
		case "close":
			// The peer does not bear a stream that ends while it still adds
			// devices to it.
			first, _, _ := strings.Cut(last, `\n`)
			if s.WaitStreams(ctx, 1) != nil || !seen.had(ctx, first) || !pause(ctx, 200*time.Millisecond) {
				return
			}
			s.CloseStreams()
		case "cut":
			s.DropStreams()
		case "interrupt":
			if r.keyboard != nil {
				_, _ = io.WriteString(r.keyboard, "\x03")
			} else {
				_ = r.process.Signal(os.Interrupt)
			}
		}
	}
}

// transcript keeps what is written to it.
type transcript struct {
	seen *seen
	mu   sync.Mutex
	text strings.Builder
}

func (t *transcript) Write(b []byte) (int, error) {
	t.add(string(b))
	t.seen.add(string(b))
	return len(b), nil
}

func (t *transcript) add(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text.WriteString(text)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// seen is everything that a program has printed, wherever.
type seen struct {
	mu      sync.Mutex
	text    string
	from    int // what wait has found is not found again
	changed chan struct{}
}

func newSeen() *seen { return &seen{changed: make(chan struct{})} }

func (s *seen) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text += text
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *seen) length() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.text)
}

// wait returns once text was printed after what was waited for before.
func (s *seen) wait(ctx context.Context, text string) bool {
	return s.until(ctx, func() bool {
		i := strings.Index(s.text[s.from:], text)
		if i >= 0 {
			s.from += i + len(text)
		}
		return i >= 0
	})
}

// had returns once text was printed.
func (s *seen) had(ctx context.Context, text string) bool {
	return s.until(ctx, func() bool { return strings.Contains(s.text, text) })
}

func (s *seen) until(ctx context.Context, done func() bool) bool {
	for {
		s.mu.Lock()
		ok, changed := done(), s.changed
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}
