//go:build unix

package output

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/electricimp/impt/sdk/fault"
)

const childVariable = "IMPT_TEST_OUTPUT_CHILD"

// TestAsChild is no test but the program of those below.
func TestAsChild(t *testing.T) { //nolint:paralleltest // it is a program of its own
	if os.Getenv(childVariable) == "" {
		t.Skip("not the child")
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGINT)
	p := New(Options{Stdout: FileStream(os.Stdout), Term: "xterm", OpenTTY: OpenTerminal})
	for {
		l, err := p.Line(t.Context(), "it", true, "")
		if f, ok := fault.Of(err); ok {
			p.Info(fmt.Sprintf("%s %d signals", f, len(signals)))
			return
		}
		p.Info("got " + l)
	}
}

func child(t *testing.T) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAsChild$")
	c.Env = []string{childVariable + "=1"}
	return c
}

func TestTheControllingTerminalAnswers(t *testing.T) {
	t.Parallel()
	c := child(t)
	nothing, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer nothing.Close()
	c.Stdin = nothing // questions do not depend on standard input
	person, device, err := pty.Open()
	require.NoError(t, err)
	defer device.Close()
	defer person.Close()
	c.Stdout, c.Stderr = device, device
	c.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	require.NoError(t, c.Start())

	s := &screen{t: t, person: person, device: device}
	s.until("Enter it: ")
	s.types("secret\r")
	s.until("\r\ngot secret\r\nEnter it: ")
	s.types("\x03")
	s.until("^C\r\nOperation is canceled. 0 signals\r\n")
	require.NoError(t, c.Wait())
	require.NotZero(t, s.state().Lflag&unix.ECHO)
}

func TestWithoutAControllingTerminal(t *testing.T) {
	t.Parallel()
	c := child(t)
	c.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	out, err := c.CombinedOutput()
	require.NoError(t, err)
	require.Contains(t, string(out), "A terminal is needed to enter the it. 0 signals\n")
}
