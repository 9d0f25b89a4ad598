package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

const scripted = `{
  "scripts": [
    {"device": "meter", "reason": "assigned", "device_code": "session = \"(?P<id>[a-z-]+)\"",
     "common": {"session": "${id}", "type": "INFO"},
     "lines": [
       {"type": "status", "msg": "Agent restarted: reload."},
       {"after": 2.5, "msg": {"type": "START"}},
       {"after": 0.5, "type": "agent.log", "msg": {}}
     ]},
    {"devicegroup": "Kitchen", "agent_code": "^// agent only$", "lines": [{"msg": "no script of the device's"}]}
  ]
}`

const deployScripted = `{"data": {"type": "deployment",
  "attributes": {"device_code": "session = \"two-words\"", "agent_code": ""},
  "relationships": {"devicegroup": {"type": "development_devicegroup", "id": "g-kitchen"}}}}`

func (c *cloud) assign() {
	c.t.Helper()
	c.want(204, "POST", "/devicegroups/g-kitchen/relationships/devices", `{"data": [{"type": "device", "id": "d-1"}]}`)
}

func TestAScriptIsLoggedAtItsTimes(t *testing.T) {
	t.Parallel()
	began := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := sim.NewManualClock(began)
	c := start(t, sim.Config{Clock: clock}, house)
	if err := c.Seed(strings.NewReader(scripted)); err != nil {
		t.Fatal(err)
	}
	c.want(201, "POST", "/deployments", deployScripted)
	id := c.newStream()
	stream := c.read(id, "?format=json", "")
	c.want(204, "PUT", "/logstream/"+id+"/d-1", "")
	stream.expect(opening, `id: 1|event: state_change|data: {"state":"opened"}`,
		`id: 2|event: state_change|data: {"state":"subscribed","device_id":"d-1"}`)
	c.assign()
	event := func() string { _, data, _ := strings.Cut(stream.next(), "data: "); return data }
	equal(t, "first line", event(),
		`{"device_id":"d-1","ts":"2030-01-01T00:00:00.000Z","log_type":"development","type":"status","msg":"Agent restarted: reload."}`)
	if err := clock.WaitTimers(c.ctx(), 2); err != nil { // the stream's and the script's
		t.Fatal(err)
	}
	clock.Advance(2500 * time.Millisecond)
	equal(t, "second line", event(),
		`{"device_id":"d-1","ts":"2030-01-01T00:00:02.500Z","log_type":"development","type":"server.log","msg":"{\"session\":\"two-words\",\"type\":\"START\"}"}`)
	// Another start ends it.
	c.assign()
	equal(t, "line of the next start", strings.Contains(event(), "Agent restarted"), true)
}

func TestAnInstantScriptIsLoggedAtOnce(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	c := start(t, sim.Config{Clock: clock, Instant: true}, house)
	if err := c.Seed(strings.NewReader(scripted)); err != nil {
		t.Fatal(err)
	}
	c.want(201, "POST", "/deployments", deployScripted)
	c.assign()
	r := c.want(200, "GET", "/devices/d-1/logs?page[size]=3", "")
	for i, want := range []string{
		"2030-01-01T00:00:00.000Z Agent restarted: reload.",
		`2030-01-01T00:00:02.500Z {"session":"two-words","type":"START"}`,
		`2030-01-01T00:00:03.000Z {"session":"two-words","type":"INFO"}`,
	} {
		line := fmt.Sprintf("data.%d.", 2-i) // the newest first
		equal(t, "line", r.str(line+"ts")+" "+r.str(line+"msg"), want)
	}
}

func TestTheFirstScriptThatFitsCounts(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Instant: true}, house)
	if err := c.Seed(strings.NewReader(scripted)); err != nil {
		t.Fatal(err)
	}
	c.want(201, "POST", "/deployments", strings.Replace(deployScripted, `"agent_code": ""`, `"agent_code": "// agent only"`, 1))
	c.assign()
	log := c.log("d-1")
	equal(t, "lines of the second script", strings.Count(log, "no script of the device's"), 1)
	equal(t, "lines of the first script", strings.Count(log, "two-words"), 2)
	// Saved and loaded, it goes on.
	saved := c.save()
	if err := c.Load(strings.NewReader(saved)); err != nil {
		t.Fatal(err)
	}
	equal(t, "saved again", c.save(), saved)
}

func TestScriptsAreChecked(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ script, says string }{
		{`{"device": "none", "lines": []}`, `scripts[0]: no device "none"`},
		{`{"devicegroup": "none", "lines": []}`, `scripts[0]`},
		{`{"agent_code": "(", "lines": []}`, "scripts[0]: error parsing regexp"},
		{`{"lines": [{"msg": "x"}, {"msg": 5}]}`, "scripts[0]: lines[1]: msg must be a text or an object"},
		{`{"lines": [{"mgs": "x"}]}`, `scripts[0]: unknown field "mgs"`},
	} {
		c := start(t, sim.Config{}, house)
		err := c.Seed(strings.NewReader(`{"scripts": [` + x.script + `]}`))
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want %q", x.script, err, x.says)
		}
	}
}
