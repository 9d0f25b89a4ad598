package app_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/sim"
)

// session is a program on a terminal of its own.
type session struct {
	*running

	person *os.File
	code   int
	shown  chan struct{} // closed when all was read
}

// onTerminal starts impt on a terminal. What it shows becomes the output.
func (w *world) onTerminal(args ...string) *session {
	w.t.Helper()
	person, device, err := pty.Open()
	require.NoError(w.t, err)
	require.NoError(w.t, pty.Setsize(device, &pty.Winsize{Rows: 24, Cols: 80}))
	cmd := w.command(w.hasty, append([]string{w.programs.impt}, args...)...)
	cmd.Env = append(cmd.Env, leaderVariable+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = device, device, device
	cmd.SysProcAttr.Setctty = true
	s := &session{running: w.start(cmd), person: person, code: -1, shown: make(chan struct{})}
	require.NoError(w.t, device.Close())
	w.t.Cleanup(func() { _ = person.Close() })
	go s.look()
	return s
}

// look reads what the terminal shows until the program has ended.
func (s *session) look() {
	defer close(s.shown)
	b := make([]byte, 1<<12)
	for {
		n, err := s.person.Read(b)
		_, _ = s.out.Write(b[:n])
		_, end, found := strings.Cut(s.out.String(), ended)
		if found && strings.HasSuffix(end, "\n") {
			_, _ = fmt.Sscan(end, &s.code)
			return
		}
		if err != nil {
			return
		}
	}
}

// pid is the number of impt's process.
func (s *session) pid() int {
	s.w.t.Helper()
	all := children(s.w.t, s.cmd.Process.Pid, s.w.programs.impt)
	require.Len(s.w.t, all, 1)
	return all[0]
}

func (s *session) types(keys string) {
	s.w.t.Helper()
	_, err := s.person.WriteString(keys)
	require.NoError(s.w.t, err)
}

// wait returns how the program ended.
func (s *session) wait() result {
	s.w.t.Helper()
	select {
	case <-s.shown:
	case <-within(s.w.t, patience).Done():
		require.FailNow(s.w.t, "the program does not end", end(s.out.String()))
	}
	_ = s.cmd.Process.Kill()
	<-s.exited
	shown, _, _ := strings.Cut(s.out.String(), ended)
	return result{code: s.code, stdout: shown}
}

// TestPasswordReachesTheHostAlone types a password while a plugin listens
// wherever it can.
func TestPasswordReachesTheHostAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bundle("evil")
	r := w.onTerminal("evil", "listen")
	r.shows("Enter password: ")
	r.types(password + "\r")
	result := r.wait()
	require.Equal(t, 0, result.code, result)
	require.NotContains(t, result.stdout, password, "nothing is shown")
	require.NotContains(t, result.stdout, "scribbled")
	report := w.report()
	require.Regexp(t, `^\|[A-Z2-7]{26}$`, report["answer"].Got, "the answer is a handle")
	require.Contains(t, report["terminal"].Err, "no such device or address")
	for what, o := range report {
		require.NotContains(t, o.Got, password[:8], what)
	}
}

var holdAll = sim.Fault{Hold: true, Count: -1}

// TestAnswersAreNotSeenInMemory: a password that was asked for is in the host
// alone, too.
func TestAnswersAreNotSeenInMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held := w.sim.Inject(holdAll)
	r := w.onTerminal("auth", "login", "--endpoint", w.endpoint, "--user", "ann")
	r.shows("Enter password: ")
	pid := children(t, r.pid(), pluginFile)[0]
	r.types(password + "\r")
	require.NoError(t, held.WaitHits(within(t, patience), 1))
	comesToHold(t, pid, regexp.MustCompile(regexp.QuoteMeta(w.endpoint)))
	found, err := holds(pid, password)
	require.NoError(t, err)
	require.Empty(t, found)
	w.hostHolds(r.pid(), []string{password})
	held.Release()
	require.Equal(t, 0, r.wait().code)
	require.Contains(t, r.out.String(), "Global login is successful.")
}

// theirs is what only the plugin can have sent: codes that a terminal obeys,
// controls, marks that turn the direction of writing, bytes that are no text.
func theirs(shown string) string {
	shown = strings.ReplaceAll(shown, "\r\n", "\n")
	for i, r := range shown {
		bad := r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		if _, size := utf8.DecodeRuneInString(shown[i:]); r == utf8.RuneError && size == 1 {
			bad = true
		}
		if bad {
			return shown[max(0, i-40):min(len(shown), i+40)]
		}
	}
	return ""
}

// hosts are the codes that impt itself sends to a terminal: colours of keys,
// and the line that says that impCentral is waited for.
var hosts = regexp.MustCompile("\x1b\\[(36|39|32|0)?m|\x1b\\[2K\x1b\\[1G")

// TestPluginPaintsNothing lets a plugin say everything that it can with codes
// in it, in every mode and by every ending.
func TestPluginPaintsNothing(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"", "minimal", "json", "debug"} {
		for _, ending := range []string{"fault", "problems", "status", "canceled", "exit"} {
			for _, term := range []string{"dumb", "xterm"} {
				if term == "xterm" && ending != "fault" {
					continue
				}
				t.Run(strings.Join([]string{mode, ending, term}, " "), func(t *testing.T) {
					t.Parallel()
					w := evil(t)
					w.env = append(w.env, "TERM="+term)
					args := []string{"evil", "shout", "--text", ending}
					if mode != "" {
						args = append(args, "--output", mode)
					}
					r := w.onTerminal(args...)
					for _, q := range [][2]string{{"Enter <", "x\r"}, {"Enter 1 or 2: ", "1\r"}, {"Enter 'y'", "y\r"}} {
						r.shows(q[0])
						r.types(q[1])
					}
					result := r.wait()
					require.Equal(t, 1, result.code)
					require.Contains(t, result.stdout, `\u001b[31m`, "it was shown, but not obeyed")
					shown := result.stdout
					if term == "xterm" {
						shown = hosts.ReplaceAllString(shown, "")
					}
					require.Empty(t, theirs(shown))
				})
			}
		}
	}
}

// TestLeftQuestionIsTheLast: a plugin cannot keep the user from leaving by
// asking again and again.
func TestLeftQuestionIsTheLast(t *testing.T) {
	t.Parallel()
	w := evil(t)
	r := w.onTerminal("evil", "nag")
	r.shows("Enter answer 0: ")
	r.types("\x03")
	result := r.wait()
	require.Equal(t, 1, result.code)
	require.NotContains(t, result.stdout, "answer 1")
}

// TestSecondInterruptIsNobodysButOurs: a plugin may wait for Ctrl-C, but it
// cannot swallow it for ever.
func TestSecondInterruptIsNobodysButOurs(t *testing.T) {
	t.Parallel()
	w := evil(t)
	cmd := w.command(w.programs.impt, "evil", "swallow")
	_, err := cmd.StdinPipe() // on which nothing ever comes
	require.NoError(t, err)
	r := w.start(cmd)
	const waiting = "IMPT COMMAND SUCCEEDS\n\nPress <Enter> to see more logs or <Ctrl-C> to exit.\n"
	r.shows(waiting)
	r.signal(os.Interrupt)
	r.shows("swallowed\n" + waiting)
	r.signal(os.Interrupt)
	require.Equal(t, 130, r.wait().code)
}

// TestFloodOfWordsEndsSomewhere: what a plugin prints is escaped, marked as
// its own, and cut.
func TestFloodOfWordsEndsSomewhere(t *testing.T) {
	t.Parallel()
	w := evil(t)
	result := w.impt("evil", "whine")
	require.Equal(t, result.code, 0)
	require.Equal(t, "IMPT COMMAND SUCCEEDS\n", result.stdout)
	require.Empty(t, result.stderr)

	result = w.impt("evil", "whine", "--output", "debug")
	require.Less(t, len(result.stdout), 4<<20)
	lines := strings.Split(strings.TrimSuffix(result.stdout, "\n"), "\n")
	require.Equal(t, "IMPT COMMAND SUCCEEDS", lines[len(lines)-1])
	for _, l := range lines[:len(lines)-1] {
		require.True(t, strings.HasPrefix(l, "evil: "), l)
		require.NotContains(t, l, "\x1b")
	}
}
