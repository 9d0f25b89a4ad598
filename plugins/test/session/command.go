package session

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
)

// command runs a command line that a test wants to have run.
func (x *Session) command(ctx context.Context, content document.Value, now time.Time) error {
	v, _ := member(content, "command")
	line := text(v)
	if err := x.info(ctx, "Running external command: %s", line); err != nil {
		return err
	}
	began := time.Now()
	done, err := x.desk.Execute(ctx, line, x.settings.Timeout)
	if err != nil {
		return err
	}
	// The device waits for nothing, but its messages have not been heard.
	x.messages.alarm = now.Add(time.Since(began) + x.messages.limit)
	if err := x.detail(ctx, "TestSession", "External command exit code: %d", done.ExitCode); err != nil {
		return err
	}
	for _, out := range []struct {
		text string
		tone sdk.Tone
	}{{done.Stdout, sdk.Quote}, {done.Stderr, sdk.Bad}} {
		if out.text = strings.TrimSpace(out.text); out.text == "" && out.tone == sdk.Bad {
			continue
		}
		quoted := "> " + strings.Join(strings.Split(strings.ReplaceAll(out.text, "\r\n", "\n"), "\n"), "\n> ")
		if err := x.desk.Report(ctx, sdk.Line{Level: sdk.Bare, Tone: out.tone, Text: quoted}); err != nil {
			return err
		}
	}
	switch {
	case done.TimedOut:
		return x.end(ctx, sdk.Problem, "External command timed out")
	case done.ExitCode != 0:
		return x.end(ctx, sdk.Problem, fmt.Sprintf("External command failed with exit code %d", done.ExitCode))
	}
	return nil
}
