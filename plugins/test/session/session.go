// Package session is a test session: what the log of one device says about the
// tests that run on it or its agent. It knows no impCentral; what it is told is
// the log, line by line.
package session

import (
	"context"
	"fmt"
	"time"

	"github.com/electricimp/impt/sdk"
)

// Desk is what a session has of the world.
type Desk interface {
	// Report shows a line to the user.
	Report(ctx context.Context, l sdk.Line) error
	// Execute runs a command line of a test's.
	Execute(ctx context.Context, command string, limit time.Duration) (sdk.Execution, error)
}

// Settings are what sessions of one test file have in common.
type Settings struct {
	// ID is the session's in the messages of the tests.
	ID string
	// OnAgent tells that the tests run on the agent.
	OnAgent bool
	// Timeout is what one test may take.
	Timeout time.Duration
	// StopOnFail ends the session with the first failure.
	StopOnFail bool
	// AllowDisconnect lets the device be offline for a while.
	AllowDisconnect bool
	// Places turns places in the deployed code into those in its sources.
	Places func(text string) string
}

// state is how far a session has come.
type state int

const (
	initialized state = iota
	ready             // the agent has the new code
	started           // the tests have begun
	finished
)

// Session is the tests of a file on one device. It is not safe for concurrent
// use.
type Session struct {
	// Result is what is known so far.
	Result Result

	settings Settings
	name     string
	desk     Desk
	state    state
	over     bool
	usage    string // of the device's code space, as it was shown last
	code     code
	startup  watchdog
	messages watchdog
	begun    time.Time // of the test that runs, by the log
}

// New begins a session, which Take and Expire go on with. Name is what the user
// knows it by.
func New(ctx context.Context, s Settings, name string, desk Desk, now time.Time) (*Session, error) {
	x := &Session{
		settings: s, name: name, desk: desk,
		startup:  watchdog{name: "session-start", limit: startLimit},
		messages: watchdog{name: "test-messages", limit: s.Timeout + messageMargin},
	}
	return x, x.start(ctx, &x.startup, now, time.Time{})
}

// Over tells whether nothing can follow.
func (x *Session) Over() bool { return x.over }

// Abort ends the session with an error of impCentral or of the program.
func (x *Session) Abort(ctx context.Context, text string) error {
	return x.end(ctx, sdk.Problem, text)
}

// end ends the session with an error.
func (x *Session) end(ctx context.Context, level sdk.Level, text string) error {
	if x.over {
		return nil
	}
	x.Result.fail(text)
	if err := x.desk.Report(ctx, sdk.Line{Level: level, Tone: sdk.Bad, Text: text}); err != nil {
		return err
	}
	return x.finish(ctx)
}

// finish says how the session ended.
func (x *Session) finish(ctx context.Context) error {
	if x.over {
		return nil
	}
	x.over = true
	x.Result.settle()
	for _, w := range []*watchdog{&x.startup, &x.messages} {
		if err := x.stop(ctx, w); err != nil {
			return err
		}
	}
	if x.Result.Failed() {
		return x.test(ctx, sdk.Bad, "Session \"%s\" failed", x.name)
	}
	return x.test(ctx, sdk.Good, "Session \"%s\" succeeded", x.name)
}

// test says something about the tests.
func (x *Session) test(ctx context.Context, tone sdk.Tone, format string, args ...any) error {
	return x.desk.Report(ctx, sdk.Line{Level: sdk.Test, Tone: tone, Text: fmt.Sprintf(format, args...)})
}

func (x *Session) info(ctx context.Context, format string, args ...any) error {
	return x.desk.Report(ctx, sdk.Line{Level: sdk.Info, Text: fmt.Sprintf(format, args...)})
}

func (x *Session) warn(ctx context.Context, text string) error {
	return x.desk.Report(ctx, sdk.Line{Level: sdk.Warning, Text: text})
}

func (x *Session) detail(ctx context.Context, source, format string, args ...any) error {
	return x.desk.Report(ctx, sdk.Line{Level: sdk.Detail, Source: source, Text: fmt.Sprintf(format, args...)})
}

// trouble is something that ends a session whose tests have begun; before that
// it may be about the code that the device had.
func (x *Session) trouble(ctx context.Context, text string) error {
	if x.state == started {
		return x.end(ctx, sdk.Test, text)
	}
	return x.warn(ctx, text)
}
