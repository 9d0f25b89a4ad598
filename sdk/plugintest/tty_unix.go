//go:build unix

package plugintest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

const hasTerminals = true

// leaveTerminal gives up the controlling terminal; Ctrl-C still ends the tests.
func leaveTerminal() {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	_ = unix.IoctlSetInt(int(f.Fd()), unix.TIOCNOTTY, 0)
}

// session is a program on a terminal of its own.
type session struct {
	cmd      *exec.Cmd
	terminal *os.File
	ended    chan struct{} // closed when the program is gone and all was read
	err      error         // of the program, once it has ended

	mu      sync.Mutex
	screen  []byte
	changed chan struct{} // closed and replaced when something was shown
}

// tty runs a program on a terminal.
func (x *script) tty(ts *testscript.TestScript, neg bool, args []string) error {
	split := slices.Index(args, "--")
	if split < 0 || split == len(args)-1 {
		return errors.New("usage: tty [ANSWER …] -- PROGRAM ARGUMENT … [&]")
	}
	answers, line := args[:split], args[split+1:]
	background := line[len(line)-1] == "&"
	if background {
		line = line[:len(line)-1]
	}
	if x.running != nil {
		return errors.New("a program is still running; end it with interrupt")
	}
	s, err := x.open(ts, line)
	if err != nil {
		return err
	}
	x.running = s
	from := 0
	for _, a := range answers {
		x.waiting(ts, "a question", func(ctx context.Context) error {
			from, err = s.answer(ctx, from, a)
			return err
		})
	}
	if background {
		if neg {
			return errors.New("whether it fails is for interrupt to say")
		}
		return nil
	}
	return x.end(ts, neg)
}

// interrupt presses Ctrl-C on the terminal of the program in the background.
func (x *script) interrupt(ts *testscript.TestScript, neg bool, args []string) error {
	pressed := "^C"
	if len(args) > 0 && args[0] == "-not" {
		pressed, args = "", args[1:]
	}
	s := x.running
	switch {
	case s == nil:
		return errors.New("no program is running; begin with tty … &")
	case len(args) > 1:
		return errors.New("usage: interrupt [-not] [TEXT]")
	case len(args) == 1:
		x.waiting(ts, quoted(args[0]), func(ctx context.Context) error {
			_, err := s.answer(ctx, 0, args[0]+"=>"+pressed)
			return err
		})
	case pressed != "":
		if err := s.press(keys(pressed)); err != nil {
			return err
		}
	}
	return x.end(ts, neg)
}

// end waits for the program's end, and shows what was on its terminal.
func (x *script) end(ts *testscript.TestScript, neg bool) error {
	s := x.running
	x.waiting(ts, "the end of the program", func(ctx context.Context) error {
		select {
		case <-s.ended:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%w, with this on the terminal:\n%s", ctx.Err(), s.shown())
		}
	})
	x.running = nil
	if x.cloud != nil { // or what follows may take its stream for the next program's
		x.waiting(ts, "the end of its log streams", x.cloud.sim.WaitUnread)
	}
	_, _ = io.WriteString(ts.Stdout(), s.shown())
	switch {
	case s.err != nil && !neg:
		return fmt.Errorf("unexpected failure: %w", s.err)
	case s.err == nil && neg:
		return errors.New("unexpected success")
	}
	return nil
}

// open starts the program.
func (x *script) open(ts *testscript.TestScript, line []string) (*session, error) {
	name := line[0]
	if name == "impt" {
		name = x.suite.program.executable()
	}
	cmd := exec.CommandContext(x.context(), ts.MkAbs(name), line[1:]...) //nolint:gosec // what the transcript says
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environment(ts)
	terminal, theirs, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a terminal: %w", err)
	}
	defer func() { _ = theirs.Close() }()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = errors.Join(keepOutput(terminal), pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 80}))
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_ = terminal.Close()
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(name), err)
	}
	s := &session{cmd: cmd, terminal: terminal, ended: make(chan struct{}), changed: make(chan struct{})}
	go s.read()
	return s, nil
}

// keepOutput keeps Ctrl-C from throwing away what a program has shown: the
// system may do it after the program has answered the signal.
func keepOutput(terminal *os.File) error {
	settings, err := unix.IoctlGetTermios(int(terminal.Fd()), getSettings)
	if err != nil {
		return err
	}
	settings.Lflag |= unix.NOFLSH
	return unix.IoctlSetTermios(int(terminal.Fd()), setSettings, settings)
}

// environment is what of the transcript's environment concerns impt: testscript
// does not hand out the names of the others.
func environment(ts *testscript.TestScript) []string {
	names := append([]string{
		"PATH", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "TMPDIR",
		"TERM", "NO_COLOR", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS", "GOCOVERDIR", "GORACE",
		"IMPT_AUTH_FILE_PATH", "IMPT_ENDPOINT", "IMPT_LOGINKEY", "IMPT_PASSWORD", "IMPT_PLUGIN_PATH", "IMPT_USER",
	}, proxyVariables()...)
	var kept []string
	for _, name := range names {
		if value := ts.Getenv(name); value != "" {
			kept = append(kept, name+"="+value)
		}
	}
	return kept
}

// read collects what is shown until nobody has the terminal any more.
func (s *session) read() {
	defer close(s.ended)
	buffer := make([]byte, 4<<10)
	for {
		n, err := s.terminal.Read(buffer)
		s.mu.Lock()
		s.screen = append(s.screen, buffer[:n]...)
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
		if err != nil { // EIO on Linux
			break
		}
	}
	s.err = s.cmd.Wait()
	_ = s.terminal.Close()
}

func (s *session) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}

var (
	// spinner and clear are what shows that a request takes long.
	spinner = regexp.MustCompile("\x1b\\[2K\x1b\\[1G[|/\\\\-] Contacting impCentral\\.\\.\\.|\x1b\\[2K\x1b\\[1G")
	// question is a line that waits for an answer.
	question = regexp.MustCompile(`(^|\n)Enter [^\n]*: $`)
)

// shown is what the terminal shows, as transcripts write it.
func (s *session) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return readable(s.screen)
}

func readable(screen []byte) string {
	b := bytes.ReplaceAll(screen, []byte("\r\n"), []byte("\n"))
	b = spinner.ReplaceAll(b, nil)
	return strings.ReplaceAll(string(b), "\x1b", "^[")
}

// answer types one answer when it is its turn, and returns how much of the
// terminal had been shown then.
func (s *session) answer(ctx context.Context, from int, answer string) (int, error) {
	text, typed, ok := strings.Cut(answer, "=>")
	if !ok {
		text, typed = "", answer
	}
	if !ok || typed != "" {
		typed = keys(typed)
	}
	for {
		s.mu.Lock()
		shown, changed := readable(s.screen), s.changed
		s.mu.Unlock()
		// What is shown is never taken back, but for the spinner's line.
		from = min(from, len(shown))
		since := shown[from:]
		if at := strings.Index(since, text); text != "" && at >= 0 {
			return from + at + len(text), s.press(typed)
		}
		if text == "" && question.MatchString(since) {
			return len(shown), s.press(typed)
		}
		select {
		case <-changed:
		case <-s.ended:
			return 0, fmt.Errorf("the program has ended, with this on the terminal:\n%s", s.shown())
		case <-ctx.Done():
			return 0, fmt.Errorf("%w, with this on the terminal:\n%s", ctx.Err(), s.shown())
		}
	}
}

// keys are what is typed for an answer.
func keys(answer string) string {
	switch answer {
	case "^C":
		return "\x03"
	case "^D":
		return "\x04"
	case "^M":
		return "\r"
	default:
		return answer + "\r"
	}
}

func (s *session) press(keys string) error {
	_, err := io.WriteString(s.terminal, keys)
	return err
}
