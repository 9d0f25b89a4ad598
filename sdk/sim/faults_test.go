package sim_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

func TestInjectedAnswers(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	f := c.Inject(sim.Fault{Method: "GET", Path: "/products/*", Nth: 2, Count: 2, Status: 503, Body: "busy", Headers: map[string]string{"Content-Type": "text/html"}})
	for i, want := range []int{200, 503, 503, 200} {
		r := c.want(want, "GET", "/products/p-home", "")
		if want == 503 {
			equal(t, "body", r.text, "busy")
			equal(t, "media type", r.header.Get("Content-Type"), "text/html")
		}
		c.want(200, "GET", "/products", "")
		equal(t, "hits", f.Hits(), []int{0, 1, 2, 2}[i])
	}

	once := c.Inject(sim.Fault{Status: 500})
	always := c.Inject(sim.Fault{Count: -1, Status: 502})
	c.want(500, "GET", "/products", "")
	c.want(502, "GET", "/products", "")
	c.want(502, "GET", "/anything", "")
	equal(t, "hits of the first", once.Hits(), 1)
	equal(t, "hits of the second", always.Hits(), 2)
	always.Remove()
	c.want(200, "GET", "/products", "")
}

func TestInjectedWithOrWithoutEffect(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	create := func(name string) string { return data("product", "", `{"name": "`+name+`"}`, "") }
	c.Inject(sim.Fault{Method: "POST", Path: "/products", Status: 500})
	c.want(500, "POST", "/products", create("not made"))
	c.Inject(sim.Fault{Method: "POST", Path: "/products", Status: 500, After: true})
	c.want(500, "POST", "/products", create("made"))
	c.Inject(sim.Fault{Method: "POST", Path: "/products", DropConnection: true})
	if _, err := c.try("POST", "/products", create("dropped")); err == nil {
		t.Error("there was an answer")
	}
	c.Inject(sim.Fault{Method: "POST", Path: "/products", DropConnection: true, After: true})
	if _, err := c.try("POST", "/products", create("dropped too late")); err == nil {
		t.Error("there was an answer")
	}
	r := c.want(200, "GET", "/products", "")
	for i, name := range []string{"Home", "made", "dropped too late"} {
		equal(t, "product", r.str("data."+string(rune('0'+i))+".attributes.name"), name)
	}
}

func TestTruncatedAnswers(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	c.Inject(sim.Fault{Path: "/products", Truncate: 10})
	r, err := c.try("GET", "/products", "")
	if err == nil || r.status != 200 || len(r.text) != 10 {
		t.Errorf("%d %q %v", r.status, r.text, err)
	}
	c.Inject(sim.Fault{Path: "/products", Truncate: 10_000})
	c.want(200, "GET", "/products", "")

	c.Inject(sim.Fault{Path: "/logstream/*", Truncate: 60})
	id := c.newStream()
	stream := c.read(id, "", "")
	for stream.next() != "" {
	}
	c.emit("d-1", "still there")
	c.read(id, "", "").expect(opening)
}

func TestHeldAnswers(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	f := c.Inject(sim.Fault{Path: "/products/*", Hold: true, Count: -1})
	answers := make(chan int, 3)
	get := func() {
		r, _ := c.try("GET", "/products/p-home", "")
		answers <- r.status
	}
	go get()
	go get()
	if err := f.WaitHits(c.ctx(), 2); err != nil {
		t.Fatal(err)
	}
	c.want(200, "GET", "/products", "")
	equal(t, "answers while held", len(answers), 0)
	f.Release()
	f.Release()
	equal(t, "first", <-answers, 200)
	equal(t, "second", <-answers, 200)
	get()
	equal(t, "later", <-answers, 200)
	if err := c.WaitRequests(c.ctx(), "GET", "/products/*", 3); err != nil {
		t.Fatal(err)
	}

	c.Inject(sim.Fault{Hold: true})
	go get()
	if err := c.WaitRequests(c.ctx(), "", "**", 4); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c.WaitRequests(ctx, "", "**", 5) == nil {
		t.Error("a held request counts as answered")
	}
	c.Close()
	// The client may have tried again, and met a closed simulator.
	if got := <-answers; got != 0 && got != 503 {
		t.Errorf("after Close: %d", got)
	}
}

func TestDelayAndLatency(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	c := start(t, sim.Config{Clock: clock, Latency: time.Second}, house)
	c.Inject(sim.Fault{Delay: time.Minute})
	answers := make(chan int, 1)
	go func() {
		r, _ := c.try("GET", "/products", "")
		answers <- r.status
	}()
	for _, d := range []time.Duration{time.Second, time.Minute} {
		if err := clock.WaitTimers(c.ctx(), 1); err != nil {
			t.Fatal(err)
		}
		equal(t, "answers too early", len(answers), 0)
		clock.Advance(d)
	}
	equal(t, "status", <-answers, 200)
}

func TestRecord(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{RequestsKept: 4}, house)
	c.want(200, "GET", "/products", "")
	c.ForgetRequests()
	c.want(401, "POST", "/auth", `{"id": "ann", "password": "s3cret"}`, noToken, "User-Agent: me")
	c.want(404, "GET", "/devices/a%2Fb?x=1%20", "")
	c.want(401, "GET", "/devices", "", noToken)
	c.want(201, "POST", "/products", data("product", "", `{"name": "x"}`, ""))
	all := c.Requests()
	if len(all) != 4 {
		t.Fatalf("%d requests", len(all))
	}
	equal(t, "agent", all[0].UserAgent, "me")
	equal(t, "password kept", len(all[0].Body), 0)
	equal(t, "path", all[1].Path+" "+all[1].Query, "/devices/a%2Fb x=1%20")
	equal(t, "authorised", all[1].Authorized && !all[2].Authorized && !all[0].Authorized, true)
	equal(t, "account", all[1].Account, "a-ann")
	equal(t, "statuses", all[1].Status*1000+all[2].Status, 404401)
	equal(t, "body", strings.Contains(string(all[3].Body), `"name": "x"`), true)
	equal(t, "secrets", strings.Join(all[3].Secrets, " "), "Authorization")
	c.want(200, "GET", "/products", "")
	equal(t, "oldest goes", c.Requests()[0].Path, "/devices/a%2Fb")
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	limit := sim.RateLimit{Requests: 2, Window: time.Minute, ResetUnit: time.Millisecond}
	c := start(t, sim.Config{Clock: clock, RateLimit: limit}, house)
	headers := func(r result) string {
		return r.header.Get("X-Ratelimit-Limit") + " " + r.header.Get("X-Ratelimit-Remaining") + " " + r.header.Get("X-Ratelimit-Reset")
	}
	equal(t, "first", headers(c.want(200, "GET", "/products", "")), "2 1 60000")
	clock.Advance(20 * time.Second)
	equal(t, "second", headers(c.want(404, "GET", "/products/x", "")), "2 0 40000")
	equal(t, "third", headers(c.refuse(429, "Too Many Requests", "GET", "/products", "")), "2 0 40000")
	c.want(200, "GET", "/products", "", as("bob"))
	c.want(200, "POST", "/auth", `{"id": "ann", "password": "ann"}`)
	c.want(401, "GET", "/products", "", noToken)
	c.want(429, "POST", "/auth", `{"id": "ann", "password": "ann"}`)
	clock.Advance(40 * time.Second)
	c.want(200, "GET", "/products", "")
	equal(t, "off", headers(start(t, sim.Config{}, house).want(200, "GET", "/products", "")), "  ")
}

func TestManualClock(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	now, soon, never := clock.NewTimer(0), clock.NewTimer(time.Second), clock.NewTimer(time.Second)
	<-now.C()
	equal(t, "stopped in time", never.Stop(), true)
	clock.Advance(time.Second)
	equal(t, "fired at", <-soon.C(), start2030.Add(time.Second))
	equal(t, "stopped too late", soon.Stop(), false)
	equal(t, "never", len(never.C()), 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if clock.WaitTimers(ctx, 1) == nil {
		t.Error("waiting for timers does not end")
	}
}
