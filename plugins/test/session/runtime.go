package session

import (
	"context"
	"regexp"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
)

// code is how far the code under test has come.
type code struct {
	loading bool // it has begun, and the tests are not set up yet
	broken  bool // and there was a run-time error since
	// said are the last errors of agent and device, whose stacks may follow.
	said map[string]string
}

// frame is a line of the stack of a run-time error, which an error that the
// code only logs has not: its function and its place.
var frame = regexp.MustCompile(`^(?:ERROR:)?\s+in (\S+) (\S.*:\d+)`)

var kinds = map[string]string{"agent.error": "Agent Runtime Error", "server.error": "Device Runtime Error"}

// runtimeError is an error of the code, of which a line came.
func (x *Session) runtimeError(ctx context.Context, e Entry) error {
	kind, said := kinds[e.Type], x.settings.Places(e.Text)
	var err error
	if x.state == started {
		err = x.test(ctx, sdk.Bad, "%s: %s", kind, said)
	} else {
		err = x.warn(ctx, kind+": "+said)
	}
	stack := frame.FindStringSubmatch(said)
	if err != nil || stack == nil {
		if x.code.said == nil {
			x.code.said = map[string]string{}
		}
		x.code.said[e.Type] = said
		return err
	}
	if before := x.code.said[e.Type]; before != "" && x.state != initialized {
		// Until the agent has restarted, it may be the code of before.
		x.Result.fail(kind + ": " + strings.TrimPrefix(before, "ERROR: ") + " (" + stack[2] + ")")
		x.code.broken = true
	}
	delete(x.code.said, e.Type)
	if stack[1] == "main" {
		return x.dead(ctx, (e.Type == "agent.error") == x.settings.OnAgent)
	}
	return nil
}

// dead ends a session whose code has ended with an error before the tests were
// set up: nothing would follow.
func (x *Session) dead(ctx context.Context, own bool) error {
	if !own || !x.code.loading || !x.code.broken {
		return nil
	}
	return x.end(ctx, sdk.Problem, "Session startup timeout is not waited for: the code has ended with a run-time error")
}

// mark is how far the code has come, which our framework says.
func (x *Session) mark(ctx context.Context, content document.Value) error {
	o, _ := content.(document.Object)
	switch o.Text("state") {
	case "loading":
		// Once more: it has restarted.
		if err := x.dead(ctx, true); err != nil {
			return err
		}
		x.code.loading, x.code.broken = true, false
	case "loaded":
		x.code.loading = false
	}
	return nil
}
