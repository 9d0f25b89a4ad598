package session

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
)

// message is what the test framework says.
func (x *Session) message(ctx context.Context, e Entry, now time.Time) error {
	v, err := document.Parse([]byte(e.Text))
	m, ok := v.(document.Object)
	if err == nil && !ok {
		err = errNoMessage
	}
	if err != nil {
		return x.end(ctx, sdk.Problem, "Message of the tests cannot be read: "+cause(err)+": "+e.Text)
	}
	if m.Text("session") != x.settings.ID {
		return nil // of another run
	}
	if err := x.start(ctx, &x.messages, now, e.Time); err != nil {
		return err
	}
	content, _ := m.Get("message")
	switch m.Text("type") {
	case "DEBUG":
		return x.mark(ctx, content)
	case "SESSION_START":
		return x.sessionStart(ctx)
	case "TEST_START":
		return x.testStart(ctx, content, e.Time)
	case "TEST_OK":
		return x.testOK(ctx, content, e.Time)
	case "TEST_FAIL":
		return x.testFail(ctx, content, e.Time)
	case "INFO":
		return x.testInfo(ctx, content)
	case "EXTERNAL_COMMAND":
		return x.command(ctx, content, now)
	case "SESSION_RESULT":
		return x.sessionResult(ctx, content)
	}
	return nil
}

func cause(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// misplaced ends the session because of a message that cannot come now.
func (x *Session) misplaced(ctx context.Context) error {
	return x.end(ctx, sdk.Problem, "Invalid test session state")
}

func (x *Session) sessionStart(ctx context.Context) error {
	if err := x.stop(ctx, &x.startup); err != nil {
		return err
	}
	if x.state != ready {
		return x.misplaced(ctx)
	}
	x.state = started
	return nil
}

func (x *Session) testStart(ctx context.Context, content document.Value, at time.Time) error {
	if x.state != started {
		return x.misplaced(ctx)
	}
	name := text(content)
	x.Result.Tests = append(x.Result.Tests, Test{Name: name})
	x.begun = at
	return x.test(ctx, sdk.Ordinary, "%s", name)
}

func (x *Session) testOK(ctx context.Context, content document.Value, at time.Time) error {
	x.done(Passed, content, at)
	if content == nil {
		return x.test(ctx, sdk.Good, "Success")
	}
	return x.test(ctx, sdk.Good, "Success: %s", text(content))
}

func (x *Session) testFail(ctx context.Context, content document.Value, at time.Time) error {
	if x.state != started {
		return x.misplaced(ctx)
	}
	x.done(Failed, content, at)
	// With StopOnFail the device sends its result next, and nothing more.
	return x.test(ctx, sdk.Bad, "Failure: %s", text(content))
}

// done notes how the test ended that runs.
func (x *Session) done(o Outcome, content document.Value, at time.Time) {
	t := x.Result.current()
	if t == nil {
		x.Result.Tests = append(x.Result.Tests, Test{})
		t = &x.Result.Tests[len(x.Result.Tests)-1]
	}
	t.Outcome = o
	if content != nil {
		t.Message = text(content)
	}
	if !at.IsZero() && !x.begun.IsZero() {
		t.Took = max(at.Sub(x.begun), 0)
	}
}

func (x *Session) testInfo(ctx context.Context, content document.Value) error {
	v, _ := member(content, "message")
	said := string(document.Encode(v))
	if t := x.Result.current(); t != nil {
		t.Infos = append(t.Infos, said)
	}
	return x.test(ctx, sdk.Quote, "%s", said)
}

func (x *Session) sessionResult(ctx context.Context, content document.Value) error {
	if err := x.stop(ctx, &x.messages); err != nil {
		return err
	}
	if x.state != started {
		return x.misplaced(ctx)
	}
	x.state = finished
	c := Counts{number(content, "tests"), number(content, "assertions"), number(content, "failures")}
	x.Result.Counted, x.Result.counted = c, true
	tone := sdk.Good
	if c.Failures > 0 {
		tone = sdk.Bad
	}
	if err := x.test(ctx, tone, "%s", c); err != nil {
		return err
	}
	return x.finish(ctx)
}

// text is a value as a reader sees it: a text as it is, else JSON.
func text(v document.Value) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(document.Encode(v))
}

func member(v document.Value, name string) (document.Value, bool) {
	o, _ := v.(document.Object)
	return o.Get(name)
}

func number(v document.Value, name string) int {
	m, _ := member(v, name)
	var n float64
	if json.Unmarshal(document.Encode(m), &n) != nil {
		return 0
	}
	return int(n)
}
