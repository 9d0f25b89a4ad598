package imp

import (
	"strings"
	"testing"
	"time"
)

// logOf runs device and agent for a minute and returns what they log.
func logOf(t *testing.T, device, agent string) string {
	t.Helper()
	var b strings.Builder
	began := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	m := New(Config{
		DeviceCode: device, AgentCode: agent, Device: "5000d8c46a56cfca", AgentURL: "https://agent.electricimp.com/x",
		Info: map[string]any{"DEVICEGROUP_TYPE": "development"}, Vars: map[string]any{"n": 5.0, "s": "text"},
		Online: true, Now: began,
		Log: func(l Line) {
			b.WriteString(l.At.Sub(began).String() + " " + l.Type + " " + l.Msg + "\n")
		},
	})
	m.StartAgent(t.Context())
	m.StartDevice(t.Context())
	for range 10_000 {
		next, more := m.Next()
		if !more || next.Sub(began) > time.Minute {
			break
		}
		m.Run(t.Context(), next)
	}
	return b.String()
}

func TestAPI(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, device, agent, want string }{
		{"log", `server.log("a"); server.log(1.5); server.error("e");`, `server.log("b"); server.error("f");`, `
0s agent.log b
0s agent.error f
0s server.log a
0s server.log 1.5
0s server.error e`},
		{"timers in order", `
local late = imp.wakeup(2, @() server.log("never"));
imp.wakeup(1.5, @() server.log("second"));
imp.wakeup(1, function() { server.log("first"); imp.cancelwakeup(late); imp.wakeup(0, @() server.log("at once")); });
imp.onidle(@() server.log("idle"));
server.log("main");`, ``, `
0s server.log main
0s server.log idle
1s server.log first
1s server.log at once
1.5s server.log second`},
		{"messages", `
agent.on("pong", function(v) { server.log(v.list[1] + v.blob[0] + " " + v.text); v.list.clear(); });
agent.send("ping", { list = [1, 2], text = "é" });`, `
device.on("ping", function(v) {
    v.blob <- blob(1);
    v.blob[0] = 40;
    server.log(v.list.len() + " " + device.send("pong", v));
    server.log(device.isconnected());
});`, `
0s agent.log 2 0
0s agent.log true
0s server.log 42 é`},
		{"connection", `server.log("device");`, `device.onconnect(function() { server.log("connected"); });`, `
0s server.log device
0s agent.log connected`},
		{"messages are values", `try { agent.send("x", { f = @() 1 }); } catch (e) server.log(e); try { local t = {}; t.t <- t; agent.send("x", t); } catch (e) server.log(e);`, ``, `
0s server.log cannot send a value of type function
0s server.log the message is nested too deeply`},
		{"errors", `
function inner() { throw "broken"; }
imp.wakeup(1, function() { inner(); });
imp.wakeup(2, @() server.log("goes on"));
nothing.at.all;
server.log("not reached");`, "#line 3 \"lib.nut\"\nthrow 5;", `
0s agent.error ERROR: 5
0s agent.error ERROR:   in main lib.nut:3
0s server.error ERROR: the index 'nothing' does not exist
0s server.error ERROR:   in main device_code:5
1s server.error ERROR: broken
1s server.error ERROR:   in inner device_code:2
1s server.error ERROR:   in unknown device_code:3
2s server.log goes on`},
		{"too much", `imp.wakeup(1, @() server.log("gone")); local a = []; while (true) a.append("x".tostring() + a.len());`, `
imp.wakeup(1, @() server.log("goes on")); while (true) {}`, `
0s agent.error ERROR: the simulator has stopped a function that does not come to an end
0s lastexitcode out of memory
1s agent.log goes on`},
		{"clock", `
server.log(hardware.millis()); imp.wakeup(1.25, @() server.log(hardware.millis() + " " + hardware.micros()));
imp.wakeup(3, function() { local end = hardware.millis() + 500; while (hardware.millis() < end); server.log("waited"); });
server.log(time() + " " + date().hour); imp.wakeup(5, function() { imp.sleep(2); server.log(time()); });`, ``, `
0s server.log 0
0s server.log 1893553445 3
1.25s server.log 1250 1250000
3.5s server.log waited
7s server.log 1893553452`},
		{"restarts", `if (!("nv" in getroottable())) server.log("start"); imp.wakeup(20, @() imp.deepsleepfor(15));`, `imp.wakeup(50, @() server.restart()); server.log("agent");`, `
0s agent.log agent
0s server.log start
35s server.log start
50s agent.log agent`},
		{"environment", `server.log(imp.environment() == ENVIRONMENT_MODULE); server.log(hardware.getdeviceid()); server.log(__EI.DEVICEGROUP_TYPE + __VARS.n + __VARS.s);`,
			`server.log(imp.environment() == ENVIRONMENT_AGENT); server.log(http.agenturl()); server.save({ a = 1 }); server.log(server.load().a);`, `
0s agent.log true
0s agent.log https://agent.electricimp.com/x
0s agent.log 1
0s server.log true
0s server.log 5000d8c46a56cfca
0s server.log development5text`},
		{"values", `server.log(crypto.equals("a", "a")); server.log(crypto.sha256("abc")[0]);`, `
server.log(http.jsonencode({ a = [1, 2.5, null, true, {}, []], ["q\"x"] = "é\n" }));
local v = http.jsondecode("{\"z\": [1, 2.5, \"x\"], \"a\": {\"n\": null}}"); server.log(v.z[1] + v.z[2]); foreach (k, x in v) server.log(k);
try { http.jsondecode("{"); } catch (e) server.log(e);
server.log(http.base64encode("hi") + http.base64decode("aGk=").tostring() + http.urlencode({ a = "b c" }) + http.urldecode("x=y").x);
server.log(http.get("http://localhost/").sendsync().statuscode);
http.post("http://localhost/", {}, "").sendasync(@(r) server.log("later " + r.statuscode));
server.log(http.hash.hmacsha1("a", "b").len());`, `
0s agent.log {"a":[1,2.5,null,true,{},[]],"q\"x":"é\n"}
0s agent.log 2.5x
0s agent.log z
0s agent.log a
0s agent.log invalid JSON
0s agent.log aGk=hia=b+cy
0s agent.log 7
0s agent.log 20
0s server.log true
0s server.log 186
0s agent.log later 7`},
		{"libraries", "#require \"JSONEncoder.class.nut:2.0.0\"\n#require \"Promise.lib.nut:4.0.0\"\n" + `
class S { x = 1; function _serialize() { return [x]; } }
server.log(JSONEncoder.encode({ a = [1, null, true], s = S(), q = "\"\n" }));
local say = @(v) server.log(v);
local later = @(s, v) Promise(@(ok, no) imp.wakeup(s, @() ok(v)));
Promise.all([later(2, "a"), later(1, "b"), "c"]).then(@(v) say(v[0] + v[1] + v[2]));
Promise.race([later(4, "slow"), later(3, "fast")]).then(say);
Promise.serial([@() later(1, "x"), @() later(1, "y")]).then(say);
Promise.reject("no").fail(say).finally(@(v) say("done"));
local n = 0; Promise.loop(@() n++ < 3, @() later(2, n)).then(say);
later(1, 1).then(function(v) { throw "thrown"; }).then(say, @(e) say("caught " + e));`, "#require \"Rocky.agent.lib.nut:3.0.0\"\nserver.log(1)", `
0s agent.error ERROR: agent_code:1:1: library "Rocky.agent.lib.nut:3.0.0" is not known
0s server.log {"a":[1,null,true],"s":[1],"q":"\"\u000a"}
0s server.log no
0s server.log done
1s server.log caught thrown
2s server.log abc
2s server.log y
3s server.log fast
6s server.log 3`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, want := logOf(t, test.device, test.agent), strings.TrimPrefix(test.want, "\n")+"\n"; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestEndlessLog(t *testing.T) {
	t.Parallel()
	log := logOf(t, `while (true) server.log("again");`, `local s = "y"; while (true) { s += s; server.log(s); }`)
	if n := strings.Count(log, "again\n"); n < 10_000 || n > 100_000 {
		t.Errorf("%d lines of the device", n)
	}
	if len(log) > 100<<20 || !strings.Contains(log, "server.error ERROR: the simulator has stopped") {
		t.Errorf("%d bytes of log", len(log))
	}
}

func TestOfflineDevice(t *testing.T) {
	t.Parallel()
	var lines []string
	m := New(Config{
		DeviceCode: `server.log("device")`, AgentCode: `server.log(device.send("x", 1) + " " + device.isconnected());`,
		Log: func(l Line) { lines = append(lines, l.Msg) },
	})
	m.StartAgent(t.Context())
	m.StartDevice(t.Context())
	if got := strings.Join(lines, "|"); got != "1 false" {
		t.Error(got)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		m := New(Config{DeviceCode: `server.log("a")`, AgentCode: `server.log("b")`, Online: true, Log: func(Line) {}})
		m.StartAgent(b.Context())
		m.StartDevice(b.Context())
	}
}
