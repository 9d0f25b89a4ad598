package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/plugins/test/session"
	"github.com/electricimp/impt/sdk"
)

// desk notes what is reported, but for details.
type desk struct {
	lines []string
	ends  map[string]sdk.Execution
	ran   []string
	fails int // the report that fails; 0: none
}

var levels = map[sdk.Level]string{sdk.Info: "info", sdk.Warning: "warning", sdk.Test: "test", sdk.Problem: "error", sdk.Bare: ""}

var errDesk = errors.New("nobody listens")

func (d *desk) Report(_ context.Context, l sdk.Line) error {
	if d.fails--; d.fails == 0 {
		return errDesk
	}
	if l.Level != sdk.Detail {
		d.lines = append(d.lines, strings.TrimSpace(levels[l.Level]+" "+l.Text))
	}
	return nil
}

func (d *desk) Execute(_ context.Context, command string, limit time.Duration) (sdk.Execution, error) {
	d.ran = append(d.ran, command+" "+limit.String())
	return d.ends[command], nil
}

var began = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func settings() session.Settings {
	return session.Settings{ID: "two-words", Timeout: 30 * time.Second, Places: func(s string) string {
		return strings.ReplaceAll(s, "device_code:9", "led.nut:2")
	}}
}

// play runs a session with lines of a log: `SECONDS TYPE TEXT`, or `SECONDS
// MESSAGE JSON` for a message of the tests. All arrive at once.
func play(t *testing.T, s session.Settings, d *desk, lines string) *session.Session {
	t.Helper()
	x, err := session.New(t.Context(), s, "two-words-1", d, began)
	require.NoError(t, err)
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		at, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		kind, text, _ := strings.Cut(rest, " ")
		if strings.ToUpper(kind) == kind {
			kind, text = "server.log", `{"__IMPUNIT__":1,"session":"two-words","type":"`+kind+`","message":`+text+`}`
			if s.OnAgent {
				kind = "agent.log"
			}
		}
		after, err := time.ParseDuration(at + "s")
		require.NoError(t, err)
		raw, err := json.Marshal(map[string]string{
			"device_id": "d1", "ts": began.Add(after).Format(time.RFC3339Nano), "type": kind, "msg": text,
		})
		require.NoError(t, err)
		e, err := session.Parse(raw)
		require.NoError(t, err)
		require.NoError(t, x.Take(t.Context(), e, began))
	}
	return x
}

const (
	ready   = "0 status Agent restarted: reload.\n"
	running = ready + "2 SESSION_START \"\"\n2 TEST_START \"A::testB()\"\n"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		set   func(*session.Settings)
		lines string
		want  string // what is reported; "…": the session goes on
	}{
		{"passes", nil, running + "3 TEST_OK null\n3 SESSION_RESULT {\"tests\":1,\"assertions\":2,\"failures\":0}", `
			test A::testB() | test Success | test Tests: 1, Assertions: 2, Failures: 0 | test Session "two-words-1" succeeded`},
		{"passes with a value", nil, running + "3 TEST_OK \"ok\"\n3 TEST_OK {\"a\":[1]}\n3 TEST_OK 5\n3 TEST_OK \"\"", `
			test A::testB() | test Success: ok | test Success: {"a":[1]} | test Success: 5 | test Success: | …`},
		{"fails", nil, running + "3 TEST_FAIL \"no\"\n3 SESSION_RESULT {\"tests\":1,\"assertions\":0,\"failures\":1}", `
			test A::testB() | test Failure: no | test Tests: 1, Assertions: 0, Failures: 1 | test Session "two-words-1" failed`},
		{"goes on after a failure that is to stop it, to hear its result", func(s *session.Settings) { s.StopOnFail = true },
			running + "3 TEST_FAIL 5", `test A::testB() | test Failure: 5 | …`},
		{"informs", nil, running + "3 INFO {\"message\":\"text\"}\n3 INFO {\"message\":{\"a\":1}}\n3 INFO {}", `
			test A::testB() | test "text" | test {"a":1} | test null | …`},
		{"ignores other sessions and types", nil, running +
			"3 server.log {\"__IMPUNIT__\":1,\"session\":\"other\",\"type\":\"TEST_FAIL\"}\n3 NEWS 1\n3 server.log text\n3 agent.log {\"__IMPUNIT__\":1", `
			test A::testB() | …`},
		{"hears the agent", func(s *session.Settings) { s.OnAgent = true }, running + "3 server.log {\"__IMPUNIT__\"", `test A::testB() | …`},
		{"cannot read a message", nil, running + "3 server.log {\"__IMPUNIT__\":1,", `
			test A::testB() | error Message of the tests cannot be read: unexpected end of JSON input: {"__IMPUNIT__":1, | test Session "two-words-1" failed`},
		{"cannot read what is no object", nil, running + "3 server.log [\"__IMPUNIT__\"]", `
			test A::testB() | error Message of the tests cannot be read: a message of the tests that is no JSON object: ["__IMPUNIT__"] | test Session "two-words-1" failed`},

		{"starts before the agent has", nil, "0 SESSION_START \"\"", `error Invalid test session state | test Session "two-words-1" failed`},
		{"starts twice", nil, running + "3 SESSION_START \"\"", `test A::testB() | error Invalid test session state | test Session "two-words-1" failed`},
		{"tests before it starts", nil, ready + "0 TEST_START \"A::testB()\"", `error Invalid test session state | test Session "two-words-1" failed`},
		{"fails before it starts", nil, ready + "0 TEST_FAIL \"no\"", `error Invalid test session state | test Session "two-words-1" failed`},
		{"has a result before it starts", nil, ready + "0 SESSION_RESULT {}", `error Invalid test session state | test Session "two-words-1" failed`},

		{"shows the space that is used, once", nil, "0 status Downloading new code; 16.83% program storage used\n0 status 16.83% program storage used\n0 status x 20% program storage used", `
			info Device code space usage: 16.8% | info Device code space usage: 20.0% | …`},
		{"is out of space", nil, "0 status Out of space; 101.5% program storage used", `
			info Device code space usage: 101.5% | test Device is out of code space | test Session "two-words-1" failed`},
		{"is out of memory", nil, ready + "0 lastexitcode device: out of memory!\n" + running + "3 lastexitcode out of memory", `
			warning Device is out of memory | test A::testB() | test Device is out of memory | test Session "two-words-1" failed`},
		{"ends with a code", nil, ready + "0 lastexitcode 7\n" + running + "3 lastexitcode 8", `
			warning Device Error: 7 | test A::testB() | test Device Error: 8 | test Session "two-words-1" failed`},
		{"is disconnected", nil, "0 status Device disconnected\n" + running + "3 status Device disconnected", `
			warning Device disconnected | test A::testB() | test Device disconnected | test Session "two-words-1" failed`},
		{"may be disconnected", func(s *session.Settings) { s.AllowDisconnect = true }, running + "3 status Device disconnected\n3 status Device connected", `
			test A::testB() | info Disconnected. Allowed by config. | …`},
		{"shows what else is logged", nil, "0 powerstate low\n0 firmware new\n0 status something\n0 news of the day", `
			info Powerstate: low | info Firmware: new | info Message of type status: something | info Message of type news: of the day | …`},

		{"takes a logged error for one that is logged", nil, ready + "0 agent.error bad\n" + running + "3 server.error worse\n4 TEST_OK null\n4 SESSION_RESULT {}", `
			warning Agent Runtime Error: bad | test A::testB() | test Device Runtime Error: worse | test Success |
			test Tests: 0, Assertions: 0, Failures: 0 | test Session "two-words-1" succeeded`},
		{"fails by a run-time error", nil, running + "3 server.error ERROR: no index\n3 server.error ERROR:   in blink device_code:9\n4 TEST_OK null\n4 SESSION_RESULT {}", `
			test A::testB() | test Device Runtime Error: ERROR: no index | test Device Runtime Error: ERROR:   in blink led.nut:2 | test Success |
			test Tests: 0, Assertions: 0, Failures: 0 | test Session "two-words-1" failed`},
		{"dies while it loads", nil, ready + "0 DEBUG {\"state\":\"loading\"}\n0 server.error ERROR: no index\n0 server.error ERROR:   in f device_code:7\n0 server.error ERROR:   in main device_code:9", `
			warning Device Runtime Error: ERROR: no index | warning Device Runtime Error: ERROR:   in f device_code:7 |
			warning Device Runtime Error: ERROR:   in main led.nut:2 |
			error Session startup timeout is not waited for: the code has ended with a run-time error | test Session "two-words-1" failed`},
		{"dies and restarts", nil, ready + "0 DEBUG {\"state\":\"loading\"}\n0 server.error ERROR: x\n0 server.error ERROR:   in f device_code:7\n0 DEBUG {\"state\":\"loading\"}", `
			warning Device Runtime Error: ERROR: x | warning Device Runtime Error: ERROR:   in f device_code:7 |
			error Session startup timeout is not waited for: the code has ended with a run-time error | test Session "two-words-1" failed`},
		{"goes on when only the other side dies", nil, ready + "0 DEBUG {\"state\":\"loading\"}\n0 agent.error ERROR: x\n0 agent.error ERROR:   in main agent_code:7\n0 DEBUG {\"state\":\"loaded\"}", `
			warning Agent Runtime Error: ERROR: x | warning Agent Runtime Error: ERROR:   in main agent_code:7 | …`},

		{"does not start", nil, "0 status Device connected\n60 status x\n60.1 status late", `
			info Message of type status: x | error Session startup timeout | test Session "two-words-1" failed`},
		{"has a test that hangs", nil, running + "37 INFO {\"message\":1}\n72 INFO {}\n107.1 INFO {}", `
			test A::testB() | test 1 | test null | error Testing timeout | test Session "two-words-1" failed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			if c.set != nil {
				c.set(&s)
			}
			d := &desk{}
			x := play(t, s, d, c.lines)
			if !x.Over() {
				d.lines = append(d.lines, "…")
			}
			require.Equal(t, strings.Join(strings.Fields(c.want), " "), strings.Join(strings.Fields(strings.Join(d.lines, " | ")), " "))
		})
	}
}

func TestCommandsAreRun(t *testing.T) {
	t.Parallel()
	d := &desk{ends: map[string]sdk.Execution{
		"good": {Stdout: "\none\r\ntwo\n\n", Stderr: "careful\n"}, "bad": {Stdout: " ", ExitCode: 3}, "slow": {TimedOut: true},
	}}
	x := play(t, settings(), d, running+`3 EXTERNAL_COMMAND {"command":"good"}`)
	require.False(t, x.Over())
	require.Equal(t, []string{"test A::testB()", "info Running external command: good", "> one\n> two", "> careful"}, d.lines)
	require.Equal(t, []string{"good 30s"}, d.ran)
	for command, says := range map[string]string{"bad": "failed with exit code 3", "slow": "timed out"} {
		d.lines = nil
		x = play(t, settings(), d, running+`3 EXTERNAL_COMMAND {"command":"`+command+`"}`)
		require.True(t, x.Over())
		require.Equal(t, []string{"test A::testB()", "info Running external command: " + command, ">",
			"error External command " + says, `test Session "two-words-1" failed`}, d.lines)
	}
}

func TestResultsAreWhatHasRun(t *testing.T) {
	t.Parallel()
	x := play(t, settings(), &desk{}, running+`3 INFO {"message":"hello"}
		3.5 TEST_OK 5
		4 TEST_START "A::tearDown()"
		4.25 TEST_FAIL "no"
		5 TEST_START "B::testC()"
		5.5 status Device disconnected`)
	require.True(t, x.Over())
	require.Equal(t, []session.Test{
		{Name: "A::testB()", Outcome: session.Passed, Message: "5", Infos: []string{`"hello"`}, Took: 1500 * time.Millisecond},
		{Name: "A::tearDown()", Outcome: session.Failed, Message: "no", Took: 250 * time.Millisecond},
		{Name: "B::testC()"},
	}, x.Result.Tests)
	require.Equal(t, session.Counts{Tests: 2, Failures: 1}, x.Result.Counted)
	require.Equal(t, []string{"Device disconnected"}, x.Result.Errors)
	require.Equal(t, 5500*time.Millisecond, x.Result.Took)
}

func TestSilenceEndsASession(t *testing.T) {
	t.Parallel()
	d := &desk{}
	x := play(t, settings(), d, ready)
	require.Equal(t, began.Add(time.Minute), x.Alarm())
	require.NoError(t, x.Expire(t.Context(), x.Alarm().Add(-time.Second)))
	require.False(t, x.Over())
	require.NoError(t, x.Expire(t.Context(), x.Alarm()))
	require.True(t, x.Over())
	require.Equal(t, []string{"error Session startup timeout", `test Session "two-words-1" failed`}, d.lines)

	d = &desk{}
	x = play(t, settings(), d, running)
	require.Equal(t, began.Add(35*time.Second), x.Alarm())
	require.NoError(t, x.Expire(t.Context(), x.Alarm()))
	require.Equal(t, []string{"test A::testB()", "error Testing timeout", `test Session "two-words-1" failed`}, d.lines)
	require.Zero(t, x.Alarm())
}

func TestWhoCannotReportIsTold(t *testing.T) {
	t.Parallel()
	for n := 1; n < 8; n++ {
		d := &desk{fails: n}
		x, err := session.New(t.Context(), settings(), "x", d, began)
		for _, line := range []string{"Agent restarted", "1% program storage used", "Device disconnected"} {
			if err == nil {
				err = x.Take(t.Context(), session.Entry{Type: "status", Text: line}, began)
			}
		}
		if err == nil {
			err = x.Abort(t.Context(), "over")
		}
		require.ErrorIs(t, err, errDesk, "report %d", n)
	}
}

func TestLinesOfTheLog(t *testing.T) {
	t.Parallel()
	e, err := session.Parse([]byte(`{"device_id":"d","ts":"2030-01-01T00:00:00.500Z","type":"server.log","msg":"hi"}`))
	require.NoError(t, err)
	require.Equal(t, began.Add(500*time.Millisecond), e.Time)
	require.Equal(t, []string{"d", "server.log", "hi"}, []string{e.Device, e.Type, e.Text})
	e, err = session.Parse([]byte(`{"device_id":"d","ts":"today"}`))
	require.NoError(t, err)
	require.Zero(t, e.Time)
	_, err = session.Parse([]byte(`[`))
	require.Error(t, err)
}

func FuzzTake(f *testing.F) {
	f.Add("server.log", `{"__IMPUNIT__":1,"session":"two-words","type":"SESSION_RESULT","message":{"tests":1e400}}`)
	f.Add("server.error", "ERROR:   in main device_code:9")
	f.Add("status", "Out of space; ....% program storage used")
	f.Fuzz(func(t *testing.T, kind, text string) {
		x := play(t, settings(), &desk{}, running)
		for range 2 {
			if err := x.Take(t.Context(), session.Entry{Type: kind, Text: text}, began); err != nil {
				t.Error(err)
			}
		}
	})
}
