package sim_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

func devices(ids ...string) string {
	var list []string
	for _, id := range ids {
		list = append(list, `{"type": "device", "id": "`+id+`"}`)
	}
	return `{"data": [` + strings.Join(list, ",") + `]}`
}

// log returns "type: msg" of the stored lines, oldest first.
func (c *cloud) log(device string) string {
	c.t.Helper()
	r := c.want(200, "GET", "/devices/"+device+"/logs?page[size]=100", "")
	var out []string
	list, _ := r.get("data").([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		typ, _ := m["type"].(string)
		msg, _ := m["msg"].(string)
		out = append([]string{typ + ": " + msg}, out...)
	}
	return strings.Join(out, "\n")
}

func TestDeviceIdentifiers(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	for _, id := range []string{"d-1", "D-1", "0c:2a:69:00:00:01", "0C:2A:69:00:00:01", "agentOfOne__"} {
		equal(t, id, c.want(200, "GET", "/devices/"+id, "").str("data.id"), "d-1")
	}
	c.refuse(404, "agentOfTwo__", "GET", "/devices/agentOfTwo__", "")
	r := c.want(200, "GET", "/devices/d-1", "")
	equal(t, "agent", r.str("data.attributes.agent_id"), "agentOfOne__")
	equal(t, "agent url", r.str("data.attributes.agent_url"), "https://agent.electricimp.com/agentOfOne__")
	equal(t, "running", r.get("data.attributes.agent_running"), any(true))
	equal(t, "group", r.str("data.relationships.devicegroup.type"), "development_devicegroup")
	equal(t, "product", r.str("data.relationships.product.id"), "p-home")
	r = c.want(200, "GET", "/devices/d-3", "")
	equal(t, "agent of an unassigned one", r.get("data.attributes.agent_id"), nil)
	equal(t, "group of an unassigned one", r.get("data.relationships.devicegroup"), nil)
	equal(t, "online", r.get("data.attributes.device_online"), any(false))

	c.want(200, "GET", "/devices/d-1", "", as("bob"))
	c.want(404, "GET", "/devices/d-1", "", as("dave"))
	c.want(404, "GET", "/devices/d-bob", "")
}

func TestDeviceLists(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	for query, want := range map[string]string{
		"":                                  "d-bob",
		"?filter[owner.id]=a-ann":           "d-1 d-2 d-3",
		"?filter[owner.id]=a-bob":           "d-bob",
		"?filter[product.id]=p-home":        "d-1",
		"?filter[devicegroup.id]=g-kitchen": "d-1",
		"?filter[owner.id]=a-ann&filter[devicegroup.owner.id]=null":                  "d-2 d-3",
		"?filter[owner.id]=a-ann&filter[devicegroup.owner.id]=a-ann":                 "d-1",
		"?filter[owner.id]=a-ann&filter[devicegroup.type]=development_devicegroup":   "d-1",
		"?filter[devicegroup.id]=g-kitchen&filter[devicegroup.type]=dut_devicegroup": "",
		"?filter[devicegroup.type]=development_devicegroup":                          "d-bob",
	} {
		equal(t, query, c.want(200, "GET", "/devices"+query, "", as("bob")).ids(), want)
	}
	equal(t, "dave's of ann", c.want(200, "GET", "/devices?filter[owner.id]=a-ann", "", as("dave")).ids(), "")
}

func TestChangingADevice(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.want(200, "PATCH", "/devices/agentOfOne__", data("device", "agentOfOne__", `{"name": ""}`, ""))
	equal(t, "name", r.get("data.attributes.name"), any(""))
	c.refuse(400, "swversion", "PATCH", "/devices/d-1", data("device", "d-1", `{"swversion": "x"}`, ""))
	c.refuse(403, "not change", "PATCH", "/devices/d-1", data("device", "d-1", `{"name": "x"}`, ""), as("carol"))
	c.refuse(409, "assigned", "DELETE", "/devices/d-1", "")
	c.want(204, "DELETE", "/devices/d-2", "")
	c.want(404, "GET", "/devices/d-2", "")
}

func TestAssigning(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	const path = "/devicegroups/g-kitchen/relationships/devices"
	r := c.refuse(400, "nothing", "POST", path, devices("d-2", "nothing", "d-bob"))
	if list, _ := r.get("errors").([]any); len(list) != 2 || r.str("errors.1.status") != "404" {
		t.Errorf("errors: %s", r.text)
	}
	equal(t, "what could be done is done", c.want(200, "GET", "/devices?filter[devicegroup.id]=g-kitchen", "").ids(), "d-1 d-2")
	equal(t, "log", c.log("d-2"), strings.Join([]string{
		"status: Agent restarted: new_bytecode_version.",
		"agent.log: agent two",
		"status: Downloading new code; 0.01% program storage used",
		"status: Device connected",
		"server.log: two",
	}, "\n"))
	equal(t, "agent", c.want(200, "GET", "/devices/agentOfTwo__", "").str("data.id"), "d-2")

	r = c.refuse(400, "d-3", "DELETE", path, devices("d-2", "d-3"))
	equal(t, "inner status", r.str("errors.0.status"), "404")
	equal(t, "agent", c.want(200, "GET", "/devices/d-2", "").get("data.attributes.agent_id"), nil)
	for _, body := range []string{`{}`, `{"data": []}`, `{"data": [{"type": "x", "id": "d-1"}]}`, `{"data": {"type": "device"}}`, ``} {
		c.want(400, "POST", path, body)
	}
	c.refuse(403, "not change", "POST", path, devices("d-2"), as("carol"))
	c.refuse(404, "g-bob", "POST", "/devicegroups/g-bob/relationships/devices", devices("d-2"))
}

func TestUnbondKey(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	const path = "/devicegroups/g-prod/relationships/devices"
	c.want(204, "POST", path, devices("d-2"))
	for _, key := range []string{"", "wrong"} {
		r := c.refuse(400, "Unbond Key", "DELETE", path, devices("d-2"), "X-Electricimp-Key: "+key)
		equal(t, "inner status", r.str("errors.0.status"), "403")
	}
	c.want(204, "DELETE", path, devices("d-2"), "X-Electricimp-Key: unbond")
	requests := c.Requests()
	last := requests[len(requests)-1]
	equal(t, "secrets", strings.Join(last.Secrets, " "), "Authorization X-Electricimp-Key")
}

func TestRestarts(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	again := "status: Agent restarted: reload.\nagent.log: agent two\nstatus: Device connected\nserver.log: two"
	c.want(204, "POST", "/devices/d-1/restart", "")
	equal(t, "restart", c.log("d-1"), again)
	c.want(204, "POST", "/devicegroups/g-kitchen/conditional_restart", "null")
	equal(t, "conditional restart", c.log("d-1"), again+"\n"+again)
	c.want(204, "POST", "/devices/d-2/conditional_restart", "")
	equal(t, "unassigned", c.log("d-2"), "")
	c.want(404, "POST", "/devices/nothing/restart", "")

	if err := c.SetOnline("d-1", false); err != nil {
		t.Fatal(err)
	}
	r := c.want(200, "GET", "/devices/d-1", "")
	equal(t, "online", r.get("data.attributes.device_online"), any(false))
	c.want(204, "POST", "/devicegroups/g-kitchen/restart", "")
	offline := "status: Device disconnected\nstatus: Agent restarted: reload.\nagent.log: agent two"
	equal(t, "offline", c.log("d-1"), again+"\n"+again+"\n"+offline)
	if err := c.SetOnline("d-1", true); err != nil {
		t.Fatal(err)
	}
	equal(t, "back", c.log("d-1"), again+"\n"+again+"\n"+offline+"\nstatus: Device connected")
	if c.SetOnline("nothing", true) == nil {
		t.Error("a device that is not there can be online")
	}
}

func TestStartsTakeTheirTime(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	c := start(t, sim.Config{Clock: clock, BootTime: time.Second}, house)
	c.deploy(`server.log("three");`, "")
	c.want(204, "POST", "/devices/d-1/restart", "") // in place of the first start
	if err := clock.WaitTimers(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	equal(t, "before", c.log("d-1"), "")
	for !strings.Contains(c.log("d-1"), "three") {
		if t.Context().Err() != nil {
			t.Fatal("it never starts")
		}
		clock.Advance(time.Second)
	}
	equal(t, "one start", strings.Count(c.log("d-1"), "Device connected"), 1)
	equal(t, "of new code", strings.Contains(c.log("d-1"), "Downloading new code"), true)
}

func TestOfflineDeviceGetsItsCodeLater(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	c.want(204, "POST", "/devicegroups/g-kitchen/relationships/devices", devices("d-3"))
	equal(t, "assigned", c.log("d-3"), "status: Agent restarted: new_bytecode_version.\nagent.log: agent two")
	if err := c.SetOnline("d-3", true); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(c.log("d-3"), "program storage used\nstatus: Device connected\nserver.log: two") {
		t.Errorf("log: %s", c.log("d-3"))
	}
}

// boots records how programs are started, and goes on until it is stopped.
type boots struct {
	started chan sim.Boot
	stopped chan string
}

func (b boots) Start(_ context.Context, boot sim.Boot) ([]sim.LogEntry, func(context.Context, func(sim.LogEntry))) {
	b.started <- boot
	return nil, func(ctx context.Context, emit func(sim.LogEntry)) {
		emit(sim.LogEntry{Type: "server.log", Msg: string(boot.Reason)})
		<-ctx.Done()
		emit(sim.LogEntry{Type: "server.log", Msg: "too late"})
		b.stopped <- boot.Device + " " + string(boot.Reason)
	}
}

func TestProgram(t *testing.T) {
	t.Parallel()
	b := boots{make(chan sim.Boot, 9), make(chan string, 9)}
	c := start(t, sim.Config{Program: b}, house)
	c.want(204, "POST", "/devicegroups/g-kitchen/relationships/devices", devices("d-2"))
	boot := <-b.started
	equal(t, "deployment", boot.Deployment, "b-2")
	equal(t, "code", boot.DeviceCode+boot.AgentCode, `server.log("two");server.log("agent two");`)
	equal(t, "new, online, reason", boot.NewCode && boot.Online && boot.Reason == sim.Assigned, true)
	c.want(204, "POST", "/devices/d-2/restart", "")
	equal(t, "stopped", <-b.stopped, "d-2 assigned")
	equal(t, "reason", (<-b.started).Reason, sim.Restarted)
	c.want(204, "POST", "/devices/d-2/conditional_restart", "")
	equal(t, "stopped", <-b.stopped, "d-2 restarted")
	equal(t, "reason", (<-b.started).Reason, sim.Conditional)
	c.want(204, "DELETE", "/devicegroups/g-kitchen/relationships/devices", devices("d-2"))
	equal(t, "stopped", <-b.stopped, "d-2 conditional")
	equal(t, "late lines", strings.Contains(c.log("d-2"), "too late"), false)

	c.want(204, "POST", "/devicegroups/g-kitchen/relationships/devices", devices("d-2"))
	<-b.started
	c.Close()
	equal(t, "stopped", <-b.stopped, "d-2 assigned")
}

func TestStoredLogs(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	c := start(t, sim.Config{Clock: clock, LogLines: 5}, house)
	for _, m := range strings.Split("1 2 3 4 5 6 7 8 9 10 11 12 13", " ") {
		if err := c.Emit("agentOfOne__", sim.LogEntry{Type: "server.log", Msg: m}); err != nil {
			t.Fatal(err)
		}
	}
	r := c.want(200, "GET", "/devices/d-1/logs?page[size]=2", "")
	if !strings.Contains(r.text, `[{"ts":"2030-01-02T03:04:05.000Z","log_type":"development","type":"server.log","msg":"13"},`) {
		t.Errorf("logs: %s", r.text)
	}
	equal(t, "next", r.str("links.next") != "", true)
	r = c.want(200, "GET", "/devices/d-1/logs?page[size]=2&page[number]=3", "")
	equal(t, "oldest", r.str("data.0.msg"), "9")
	equal(t, "no next", r.get("links.next"), nil)
	c.refuse(400, "positive", "GET", "/devices/d-1/logs?page[size]=0", "")
	c.want(404, "GET", "/devices/d-bob/logs", "")
	if c.Emit("nothing", sim.LogEntry{}) == nil {
		t.Error("a device that is not there can log")
	}
	c = start(t, sim.Config{LogsOldestFirst: true}, house)
	for _, m := range []string{"1", "2"} {
		_ = c.Emit("d-1", sim.LogEntry{Type: "server.log", Msg: m})
	}
	equal(t, "oldest first", c.want(200, "GET", "/devices/d-1/logs", "").str("data.0.msg"), "1")
}
