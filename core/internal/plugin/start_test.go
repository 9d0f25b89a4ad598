//go:build unix

package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/electricimp/impt/sdk/fault"
)

func TestRunIsHeardAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*Plugin{"sdk": stub(t), "raw": installed(t, "obedient")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newListener()
			require.NoError(t, run(t, p, h, request("say", "hello"), Limits{}))
			require.Equal(t, "hello", h.heard(t))
		})
	}
}

func TestPluginThatDoesNotGetReady(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sentence, cause string }{
		"exits":     {"ended unexpectedly. Reinstall it or tell its author.", `cannot find \x1b[31mlibfoo`},
		"hangs":     {"did not answer within 300ms. Reinstall it or tell its author.", "killed"},
		"deaf":      {"did not answer within 300ms. Reinstall it or tell its author.", "killed"},
		"absent":    {"ended unexpectedly. Reinstall it or tell its author.", "still running"},
		"rubbish":   {`printed "Loading \x1b[31mmodules" before it was ready. Reinstall it or tell its author.`, ""},
		"endless":   {"printed " + strconv.Quote(strings.Repeat("x", maxQuoted)+"…") + " before it was ready. Reinstall it or tell its author.", ""},
		"elsewhere": {`listens on "/var/run/docker.sock" and not where it was told. Reinstall it or tell its author.`, ""},
		"netrpc":    {`printed "1|1|unix|/nowhere|netrpc|" before it was ready. Reinstall it or tell its author.`, "netrpc"},
		"future":    {"speaks version 2 of the plugin contract, and impt version 1. Update impt.", ""},
		"past":      {"speaks version 0 of the plugin contract, and impt version 1. Update the plugin.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := Limits{}
			if name == "hangs" || name == "deaf" {
				l.Start = 300 * time.Millisecond
			}
			err := run(t, installed(t, name), newListener(), request("say"), l)
			f := requireFault(t, err, fmt.Sprintf("Plugin %q (1.2.3) %s", name, c.sentence))
			if c.cause != "" {
				require.ErrorContains(t, f.Cause, c.cause)
			}
		})
	}
}

func TestFileThatIsNoProgram(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), filePrefix+"text")
	require.NoError(t, os.WriteFile(path, []byte("no program"), 0o700))
	err := run(t, looked(t, path, "text"), newListener(), request("say"), Limits{})
	requireFault(t, err, `Plugin "text" (1.2.3) cannot be started: exec format error. Reinstall it or tell its author.`)
}

func TestFileThatChangedSinceItWasLookedAt(t *testing.T) {
	t.Parallel()
	p := installed(t, "obedient")
	require.NoError(t, os.Remove(p.Path))
	require.NoError(t, os.WriteFile(p.Path, []byte("#!/bin/false"), 0o700))
	err := run(t, p, newListener(), request("say"), Limits{})
	requireFault(t, err, `Plugin "obedient" (1.2.3) was changed a moment ago. Try again.`)
}

func TestCommandThatGoesWrong(t *testing.T) {
	t.Parallel()
	for command, c := range map[string]struct{ sentence, cause string }{
		"crash":  {"ended unexpectedly. Reinstall it or tell its author.", "panic: in a goroutine"},
		"exit":   {"ended unexpectedly. Reinstall it or tell its author.", "exit status 0"},
		"status": {"failed without saying why. Reinstall it or tell its author.", "a text for nobody"},
		"large":  {"answered with more than 32 MiB. Reinstall it or tell its author.", ""},
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			err := run(t, installed(t, "obedient"), newListener(), request(command), Limits{Memory: roomy})
			f := requireFault(t, err, `Plugin "obedient" (1.2.3) `+c.sentence)
			require.ErrorContains(t, f.Cause, c.cause)
		})
	}
}

func TestFaultOfACommandArrives(t *testing.T) {
	t.Parallel()
	err := run(t, installed(t, "obedient"), newListener(), request("fault"), Limits{})
	f := requireFault(t, err, `Device "meter-7" is not found.`)
	require.Equal(t, fault.NotFoundKind, f.Kind)
}

func TestPanicInTheSDKIsOneSentenceWithItsStack(t *testing.T) {
	t.Parallel()
	for command, cause := range map[string]string{"panic": "at the disco", "goexit": "Goexit"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			err := run(t, stub(t), newListener(), request(command), Limits{})
			f := requireFault(t, err, `Plugin "stub" (1.2.3) has crashed. Tell its author.`)
			require.ErrorContains(t, f.Cause, cause)
		})
	}
}

func TestPrintsOfTheAuthorGoToTheLog(t *testing.T) {
	t.Parallel()
	var lines []string
	p, err := Start(t.Context(), stub(t), StartOptions{
		Host:        newListener(),
		Environment: surroundings(t),
		Limits:      patient,
		Log:         func(line string) { lines = append(lines, line) },
	})
	require.NoError(t, err)
	require.NoError(t, p.Run(t.Context(), request("print")))
	require.NoError(t, p.Close())
	require.Equal(t, "a line that an author prints before Serve", lines[0])
	require.Len(t, lines, 1+10_000)
}

func TestFloodOfStandardErrorIsBounded(t *testing.T) {
	t.Parallel()
	var logged int
	p, err := Start(t.Context(), installed(t, "obedient"), StartOptions{
		Host:        newListener(),
		Environment: surroundings(t),
		Limits:      patient,
		Log:         func(line string) { logged += len(line) },
	})
	require.NoError(t, err)
	require.NoError(t, p.Run(t.Context(), request("flood")))
	require.NoError(t, p.Close())
	require.Less(t, logged, 2*loggedBytes)
	kept := p.child.words.String()
	require.Less(t, len(kept), 2*(keptHead+keptTail))
	require.Contains(t, kept, "bytes left out")
}

func TestStandardInputIsNotOurs(t *testing.T) {
	t.Parallel()
	h := newListener()
	require.NoError(t, run(t, stub(t), h, request("stdin"), Limits{}))
	require.Equal(t, "0 bytes", h.heard(t), "with the sdk")

	// Without it there is the lifeline, on which nothing ever comes.
	h = newListener()
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Start(t.Context(), installed(t, "defiant"), StartOptions{
		Host: h, Environment: surroundings(t), Limits: Limits{Start: ample, Grace: time.Millisecond, Exit: time.Millisecond},
	})
	require.NoError(t, err)
	time.AfterFunc(100*time.Millisecond, cancel)
	require.ErrorIs(t, p.Run(ctx, request("stdin")), context.Canceled)
	require.NoError(t, p.Close())
	require.Empty(t, h.said)
}

func TestTerminalCannotBeOpened(t *testing.T) {
	t.Parallel()
	h := newListener()
	require.NoError(t, run(t, bundled(t, "obedient"), h, request("tty"), Limits{}))
	require.Contains(t, h.heard(t), "/dev/tty: no such device or address")
}

func TestEnvironmentIsEmpty(t *testing.T) {
	t.Parallel()
	h := newListener()
	p, err := Start(t.Context(), installed(t, "obedient"), StartOptions{
		Host: h, Environment: Environment{RuntimeDir: surroundings(t).RuntimeDir, CoverDir: "/cover"}, Limits: patient,
	})
	require.NoError(t, err)
	require.NoError(t, p.Run(t.Context(), request("environ")))
	require.NoError(t, p.Close())
	var names []string
	for _, v := range strings.Split(h.heard(t), "\n") {
		name, _, _ := strings.Cut(v, "=")
		names = append(names, name)
	}
	require.ElementsMatch(t, []string{
		"IMPT_PLUGIN", "IMPT_PLUGIN_HOST", "IMPT_PLUGIN_TOKEN", "GOCOVERDIR",
		"PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT", "PLUGIN_PROTOCOL_VERSIONS", "PLUGIN_UNIX_SOCKET_DIR",
	}, names)
}

func TestGrandchildThatHoldsStandardErrorIsEndedToo(t *testing.T) {
	t.Parallel()
	p := bundled(t, "obedient")
	install(t, filepath.Dir(p.Path), "sleeper")
	h := newListener()
	process, err := Start(t.Context(), p, StartOptions{Host: h, Environment: surroundings(t), Limits: patient})
	require.NoError(t, err)
	require.NoError(t, process.Run(t.Context(), request("grandchild")))
	pid, err := strconv.Atoi(h.heard(t))
	require.NoError(t, err)
	require.NoError(t, process.Close())
	require.Eventually(t, func() bool { return gone(pid) }, ample, time.Millisecond)
}

// gone tells whether no such process runs; one that nobody reaps does not.
func gone(pid int) bool {
	if errors.Is(unix.Kill(pid, 0), unix.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestInterruptedPluginThatDoesNotEndIsKilled(t *testing.T) {
	t.Parallel()
	h := newListener()
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupt := errors.New("Ctrl-C")
	h.hear = func(context.Context, string) error {
		cancel(interrupt)
		return nil
	}
	p, err := Start(ctx, installed(t, "defiant"), StartOptions{
		Host: h, Environment: surroundings(t), Limits: Limits{Start: ample, Grace: 50 * time.Millisecond, Exit: 50 * time.Millisecond},
	})
	require.NoError(t, err)
	require.ErrorIs(t, p.Run(ctx, request("hang")), interrupt)
	require.NoError(t, p.Close())
	require.True(t, p.child.await(ample))
	require.Contains(t, p.child.outcome().Error(), "signal: killed")
}

func TestInterruptedPluginCanStillTellWhatItDid(t *testing.T) {
	t.Parallel()
	h := newListener()
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Start(t.Context(), stub(t), StartOptions{Host: h, Environment: surroundings(t), Limits: Limits{Start: ample, Grace: time.Minute}})
	require.NoError(t, err)
	go func() {
		<-h.said
		cancel()
	}()
	require.ErrorIs(t, p.Run(ctx, request("wait")), context.Canceled)
	require.NoError(t, p.Close())
	require.Equal(t, "cleaned up", h.heard(t))
}

func TestKillEndsAGraceThatIsUnderWay(t *testing.T) {
	t.Parallel()
	h := newListener()
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Start(t.Context(), installed(t, "defiant"), StartOptions{
		Host: h, Environment: surroundings(t), Limits: Limits{Start: ample, Grace: time.Hour, Exit: time.Hour},
	})
	require.NoError(t, err)
	h.hear = func(context.Context, string) error {
		cancel()
		time.AfterFunc(50*time.Millisecond, p.Kill) // the second Ctrl-C
		return nil
	}
	require.ErrorIs(t, p.Run(ctx, request("hang")), context.Canceled)
	require.NoError(t, p.Close())
}

func TestInterruptionDuringTheStart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := Start(ctx, installed(t, "hangs"), StartOptions{Host: newListener(), Environment: surroundings(t), Limits: patient})
	require.ErrorIs(t, err, context.Canceled)
}

func TestTokenOfAnotherRunIsRefused(t *testing.T) {
	t.Parallel()
	const sentence = `Plugin "obedient" (1.2.3) called impt without the token of a run that is under way. Reinstall it or tell its author.`
	other, err := Start(t.Context(), installed(t, "obedient"), StartOptions{Host: newListener(), Environment: surroundings(t), Limits: patient})
	require.NoError(t, err)
	t.Cleanup(func() { _ = other.Close() })
	for command, text := range map[string]string{"token": other.host.token, "quiet": ""} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			h := newListener()
			err := run(t, installed(t, "obedient"), h, request(command, text), Limits{})
			require.Equal(t, fault.DeniedKind, requireFault(t, err, sentence).Kind)
			require.Empty(t, h.said)
		})
	}
}

func TestHostIsDeniedAfterTheRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "answer")
	p, err := Start(t.Context(), bundled(t, "defiant"), StartOptions{Host: newListener(), Environment: surroundings(t), Limits: patient})
	require.NoError(t, err)
	require.NoError(t, p.Run(t.Context(), request("late", path)))
	require.True(t, p.child.await(ample), "it ends when it is refused")
	require.NoError(t, p.Close())
	answer, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "true", string(answer))
}

func TestCallUnderWayEndsWithTheRun(t *testing.T) {
	t.Parallel()
	h := newListener()
	begun, ended := make(chan struct{}), make(chan error, 1)
	h.hear = func(ctx context.Context, _ string) error {
		close(begun)
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}
	p, err := Start(t.Context(), installed(t, "defiant"), StartOptions{Host: h, Environment: surroundings(t), Limits: patient})
	require.NoError(t, err)
	go func() {
		<-begun
		p.Kill()
	}()
	require.Error(t, p.Run(t.Context(), request("say")))
	require.NoError(t, p.Close())
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestPanicOfAHostCallIsAnAnswer(t *testing.T) {
	t.Parallel()
	h := newListener()
	h.hear = func(context.Context, string) error { panic("our own") }
	err := run(t, installed(t, "obedient"), h, request("say"), Limits{})
	f := requireFault(t, err, "impt has crashed while it served a plugin. Tell its authors.")
	require.ErrorContains(t, f.Cause, "our own")
}

func TestCloseIsDoneOnce(t *testing.T) {
	t.Parallel()
	p, err := Start(t.Context(), stub(t), StartOptions{Environment: surroundings(t), Limits: Limits{Start: ample, Exit: ample}})
	require.NoError(t, err)
	require.NoError(t, p.Close())
	require.NoError(t, p.Close())
	require.True(t, p.child.state.Success(), "the sdk ends by itself: %v", p.child.state)
}
