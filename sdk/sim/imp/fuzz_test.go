package imp

import (
	"strings"
	"testing"
	"time"
)

// Whatever the code: the machine goes on, and nothing that it logs is an error
// of its own.
func FuzzMachine(f *testing.F) {
	for _, s := range [][2]string{
		{`server.log("a")`, `device.on("x", server.log)`},
		{`agent.send("x", [1, {a = blob(2)}]); agent.on(1, 2); agent.on("y", null);`, `device.on("x", @(v) device.send("y", v));`},
		{`imp.wakeup(-1, @() imp.wakeup(1e30, imp.reset)); imp.cancelwakeup(5); imp.sleep("x")`, `server.restart()`},
		{`function f() { imp.wakeup(0, f); imp.wakeup(0, f); } f()`, `http.get("x").sendasync(@(r) r.x)`},
		{`hardware.millis.call(5); imp.onidle(5); imp.deepsleepfor(0)`, `http.jsondecode("[" + "[" + "{\"a\":1e999}]]")`},
		{"#require \"Promise.lib.nut:4.0.0\"\nPromise.all([Promise.resolve(1), 2, @() Promise.reject(3)]).then(server.log, server.error)", `server.save({a = 1}); server.load().b`},
		{`local a = http; crypto.equals(1, 2)`, `http.jsonencode(http); http.urlencode({ a = http }); http.base64decode("%")`},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, device, agent string) {
		if len(device)+len(agent) > 4000 {
			return
		}
		m := New(Config{
			DeviceCode: device, AgentCode: agent, Online: true, Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
			Log: func(l Line) {
				if strings.Contains(l.Msg, "internal error of the interpreter") {
					t.Error(l.Msg)
				}
			},
		})
		m.StartAgent(t.Context())
		m.StartDevice(t.Context())
		for range 200 {
			next, more := m.Next()
			if !more || m.Steps() > 1_000_000 {
				return
			}
			m.Run(t.Context(), next)
		}
	})
}
