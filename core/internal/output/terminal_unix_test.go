//go:build unix

package output

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// screen is a terminal and the person before it.
type screen struct {
	t              *testing.T
	person, device *os.File
	seen           bytes.Buffer
	used           int
	printer        *Printer
}

func newScreen(t *testing.T, m Mode) *screen {
	t.Helper()
	person, device, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { person.Close(); device.Close() })
	s := &screen{t: t, person: person, device: device}
	s.printer = New(Options{
		Mode:   m,
		Stdout: FileStream(device),
		Stderr: FileStream(device),
		Term:   "xterm",
		OpenTTY: func() (Terminal, error) {
			f, err := os.OpenFile(device.Name(), os.O_RDWR|unix.O_NOCTTY, 0)
			return NewTerminal(f), err
		},
	})
	return s
}

// until reads until text has appeared, after what was waited for before.
func (s *screen) until(text string) {
	s.t.Helper()
	b := make([]byte, 256)
	for {
		if i := bytes.Index(s.seen.Bytes()[s.used:], []byte(text)); i >= 0 {
			s.used += i + len(text)
			return
		}
		n, err := s.person.Read(b)
		require.NoError(s.t, err, "waiting for %q in %q", text, s.seen.String())
		s.seen.Write(b[:n])
	}
}

func (s *screen) types(text string) {
	s.t.Helper()
	_, err := s.person.WriteString(text)
	require.NoError(s.t, err)
}

func (s *screen) state() unix.Termios {
	s.t.Helper()
	state, err := unix.IoctlGetTermios(int(s.device.Fd()), getTermios)
	require.NoError(s.t, err)
	return *state
}

type outcome struct {
	line string
	err  error
}

// ask runs the question and returns where its outcome appears.
func (s *screen) line(ctx context.Context, hidden bool) <-chan outcome {
	c := make(chan outcome, 1)
	go func() {
		l, err := s.printer.Line(ctx, "it", hidden, "")
		c <- outcome{l, err}
	}()
	s.until("Enter it: ")
	return c
}

func (s *screen) end() string {
	s.printer.Info("END")
	s.until("END\r\n")
	return s.seen.String()
}

func TestTerminalEditsAndShowsTheLine(t *testing.T) {
	t.Parallel()
	s := newScreen(t, Text)
	before := s.state()
	c := s.line(t.Context(), false)
	s.types("mx\x7fé日\r")
	require.Equal(t, outcome{"mé日", nil}, <-c)
	require.Equal(t, "Enter it: mx\b \bé日\r\nEND\r\n", s.end())
	require.Equal(t, before, s.state())
}

func TestTerminalHidesTheLine(t *testing.T) {
	t.Parallel()
	for _, m := range []Mode{Text, JSON} {
		s := newScreen(t, m)
		before := s.state()
		c := s.line(t.Context(), true)
		require.Zero(t, s.state().Lflag&unix.ECHO)
		s.types("secret\n")
		require.Equal(t, outcome{"secret", nil}, <-c)
		s.printer.Notice("END")
		s.until("END\r\n")
		require.Equal(t, "Enter it: \r\nEND\r\n", s.seen.String())
		require.Equal(t, before, s.state())
	}
}

func TestLeavingAQuestion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hidden bool
		types  string
		want   string
	}{
		"Ctrl-C":                       {false, "ab\x03", "ab^C\r\n"},
		"Ctrl-C at once":               {false, "\x03", "^C\r\n"},
		"Ctrl-C at a hidden question":  {true, "ab\x03", "^C\r\n"},
		"Ctrl-D":                       {false, "\x04", "\r\n"},
		"Ctrl-D after something":       {false, "ab\x04\x04", "ab\r\n"},
		"Ctrl-D at a hidden question":  {true, "\x04", "\r\n"},
		"Ctrl-\\ is a mere character":  {false, "\x1c\x03", "^\\^C\r\n"},
		"what was typed stays unknown": {true, "\x1c\x03", "^C\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, Text)
			before := s.state()
			c := s.line(t.Context(), test.hidden)
			s.types(test.types)
			got := <-c
			require.True(t, fault.Is(got.err, fault.CanceledKind))
			require.Equal(t, "Enter it: "+test.want+"END\r\n", s.end())
			require.Equal(t, before, s.state())
		})
	}
}

func TestAnEndedContextRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	for _, hidden := range []bool{false, true} {
		s := newScreen(t, Text)
		before := s.state()
		ctx, cancel := context.WithCancel(t.Context())
		c := s.line(ctx, hidden)
		require.NotEqual(t, before, s.state())
		cancel()
		require.True(t, fault.Is((<-c).err, fault.CanceledKind))
		require.Equal(t, before, s.state())
		require.Equal(t, "Enter it: \r\nEND\r\n", s.end())

		next := s.line(t.Context(), hidden)
		s.types("again\r")
		require.Equal(t, outcome{"again", nil}, <-next, "the reader of the first question is gone")
	}
}

func TestATerminalThatWasLeftRaw(t *testing.T) {
	t.Parallel()
	s := newScreen(t, Text)
	raw := s.state()
	raw.Iflag &^= unix.ICRNL
	raw.Lflag &^= unix.ICANON | unix.ECHO | unix.ISIG
	require.NoError(t, unix.IoctlSetTermios(int(s.device.Fd()), setTermios, &raw))
	c := s.line(t.Context(), false)
	s.types("a\r")
	require.Equal(t, outcome{"a", nil}, <-c)
	require.Equal(t, raw, s.state())
}

func TestConfirmAtATerminal(t *testing.T) {
	t.Parallel()
	s := newScreen(t, Text)
	c := make(chan error, 1)
	go func() {
		c <- s.printer.Confirm(t.Context(), &pluginv1.Confirm{Messages: []string{"It goes."}}, "confirmed")
	}()
	s.until("'n' (no): ")
	s.types("what\r")
	s.until("Invalid value!\r\nEnter 'y' (yes) or 'n' (no): ")
	s.types("y\r")
	require.NoError(t, <-c)
	require.Equal(t, "It goes.\r\nAre you sure you want to continue?\r\nEnter 'y' (yes) or 'n' (no): what\r\n\r\n"+
		"Invalid value!\r\nEnter 'y' (yes) or 'n' (no): y\r\n\r\nEND\r\n", s.end())
}

func TestTypedAheadLinesAnswerOneQuestionEach(t *testing.T) {
	t.Parallel()
	s := newScreen(t, Text)
	c := s.line(t.Context(), false)
	s.types("one\rtwo\r")
	require.Equal(t, "one", (<-c).line)
	require.Equal(t, "two", (<-s.line(t.Context(), false)).line)
}

func TestASpinnerOnATerminal(t *testing.T) {
	t.Parallel()
	s := newScreen(t, Text)
	done := s.printer.Busy()
	s.until(clearLine + "| Contacting impCentral...")
	s.until(clearLine + "/ Contacting impCentral...")
	done()
	s.until(clearLine)
	require.Contains(t, s.end(), clearLine+"END\r\n")
}

func TestFileStream(t *testing.T) {
	t.Parallel()
	person, device, err := pty.Open()
	require.NoError(t, err)
	defer person.Close()
	require.NoError(t, pty.Setsize(device, &pty.Winsize{Rows: 24, Cols: 63}))
	s := FileStream(device)
	require.True(t, s.Terminal)
	require.False(t, s.Dumb)
	require.Equal(t, 63, s.Columns)
	device.Close()
	require.False(t, IsTerminal(device))

	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	s = FileStream(w)
	require.False(t, s.Terminal)
	require.Zero(t, s.Columns)
}

func TestAQuestionAtWhatIsNoTerminal(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	defer r.Close()
	record := newRecord(Text, func(o *Options) { o.OpenTTY = func() (Terminal, error) { return NewTerminal(r), nil } })
	_, err = record.Line(t.Context(), "it", false, "")
	require.EqualError(t, err, "A terminal is needed to enter the it.")
	require.Empty(t, record.out.String())
}
