package sim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// deploy makes and starts a deployment of the Kitchen.
func (c *cloud) deploy(device, agent string) {
	c.t.Helper()
	code, err := json.Marshal(map[string]string{"device_code": device, "agent_code": agent})
	if err != nil {
		c.t.Fatal(err)
	}
	c.want(201, "POST", "/deployments", data("deployment", "", string(code), forKitchen))
}

// asks is a device that greets its agent after a second.
const (
	asks = `
agent.on("back", function(v) { server.log("back " + v); });
imp.wakeup(1, function() { agent.send("hello", __VARS.a + __EI.DEVICEGROUP_NAME); });
server.log("device");`
	answers = `device.on("hello", function(v) { server.log("hello " + v); device.send("back", v.len()); }); server.log("agent");`
)

func TestCodeRunsAtOnceWhereNothingWaits(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	c := start(t, sim.Config{Clock: clock, Instant: true}, house)
	c.want(200, "PATCH", "/devicegroups/g-kitchen", data("development_devicegroup", "g-kitchen", `{"env_vars": {"a": 5}}`, ""))
	c.deploy(asks, answers)
	log := c.want(200, "GET", "/devices/d-1/logs?page[size]=100", "").text
	want := []string{
		"00:00:00.000Z agent.log agent", "00:00:00.000Z server.log device",
		"00:00:01.000Z agent.log hello 5Kitchen", "00:00:01.000Z server.log back 8",
	}
	var list struct {
		Data []struct{ TS, Type, Msg string }
	}
	if err := json.Unmarshal([]byte(log), &list); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range list.Data {
		if l.Type != "status" {
			got = append([]string{l.TS[len("2030-01-01T"):] + " " + l.Type + " " + l.Msg}, got...)
		}
	}
	equal(t, "log", strings.Join(got, "|"), strings.Join(want, "|"))
}

func TestCodeWaitsByTheClock(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	c := start(t, sim.Config{Clock: clock}, house)
	c.want(200, "PATCH", "/devicegroups/g-kitchen", data("development_devicegroup", "g-kitchen", `{"env_vars": {"a": 5}}`, ""))
	c.deploy(asks, answers)
	if err := clock.WaitTimers(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	equal(t, "before", strings.Contains(c.log("d-1"), "hello"), false)
	// A restart ends what waits; the code begins anew.
	c.want(204, "POST", "/devices/d-1/restart", "")
	for !strings.Contains(c.log("d-1"), "back 8") {
		if t.Context().Err() != nil {
			t.Fatal("no answer")
		}
		clock.Advance(time.Second)
	}
	equal(t, "greetings", strings.Count(c.log("d-1"), "hello 5Kitchen"), 1)
}

func TestLinesOfAnOfflineDeviceAreLost(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	c := start(t, sim.Config{Clock: clock}, house)
	ticks := `function tick() { imp.wakeup(1, tick); server.log("tick"); } tick();`
	c.deploy(ticks, ticks)
	if err := c.SetOnline("d-1", false); err != nil {
		t.Fatal(err)
	}
	for strings.Count(c.log("d-1"), "agent.log: tick") < 3 {
		if t.Context().Err() != nil {
			t.Fatal("no ticks")
		}
		clock.Advance(time.Second)
	}
	equal(t, "ticks of the device", strings.Count(c.log("d-1"), "server.log: tick"), 1)
}

func TestAnAgentIsThereWhenItsDeviceConnects(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Instant: true}, house)
	if err := c.SetOnline("d-1", false); err != nil {
		t.Fatal(err)
	}
	c.deploy(`agent.on("back", function(v) { server.log("back " + v); }); agent.send("hello", "x");`, answers)
	equal(t, "while offline", strings.HasSuffix(c.log("d-1"), "agent.log: agent"), true)
	if err := c.SetOnline("d-1", true); err != nil {
		t.Fatal(err)
	}
	log := c.log("d-1")
	equal(t, "the agent logs its start once", strings.Count(log, "agent.log: agent"), 1)
	equal(t, "answer", strings.HasSuffix(log, "status: Device connected\nagent.log: hello x\nserver.log: back 1"), true)
}

func TestErrorsOfCodeAreLogged(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Instant: true}, house)
	c.deploy("#line 7 \"lib.nut\"\nfunction f() { return missing; }\nf();", `local a = []; while (true) a.extend([a, "x"]);`)
	log := c.log("d-1")
	for _, line := range []string{
		"server.error: ERROR: the index 'missing' does not exist\nserver.error: ERROR:   in f lib.nut:7\nserver.error: ERROR:   in main lib.nut:8",
		"agent.error: ERROR: out of memory",
	} {
		equal(t, line, strings.Contains(log, line), true)
	}
}
