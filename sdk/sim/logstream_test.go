package sim_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// reader reads one log stream, event by event.
type reader struct {
	t     *testing.T
	body  io.ReadCloser
	lines *bufio.Scanner
}

func (c *cloud) newStream(headers ...string) string {
	c.t.Helper()
	r := c.want(201, "POST", "/logstream", "", headers...)
	id := r.str("data.id")
	equal(c.t, "url", r.str("data.attributes.url"), c.base+"/logstream/"+id)
	equal(c.t, "type", r.str("data.type"), "logstream")
	return id
}

func (c *cloud) read(id, query, lastEventID string) *reader {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.ctx())
	c.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/logstream/"+id+query, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { res.Body.Close() })
	equal(c.t, "status", res.StatusCode, 200)
	equal(c.t, "media type", res.Header.Get("Content-Type"), "text/event-stream")
	r := &reader{c.t, res.Body, bufio.NewScanner(res.Body)}
	return r
}

// next returns the next event or comment, its lines joined by "|"; "" at the end.
func (r *reader) next() string {
	var out []string
	for r.lines.Scan() {
		if line := r.lines.Text(); line != "" {
			out = append(out, line)
		} else {
			return strings.Join(out, "|")
		}
	}
	return ""
}

func (r *reader) expect(events ...string) {
	r.t.Helper()
	for _, want := range events {
		if got := r.next(); got != want {
			r.t.Fatalf("event %q, want %q", got, want)
		}
	}
}

const opening = ": impCentral log stream"

func line(msg string) sim.LogEntry { return sim.LogEntry{Type: "server.log", Msg: msg} }

func (c *cloud) emit(device, msg string) {
	c.t.Helper()
	if err := c.Emit(device, line(msg)); err != nil {
		c.t.Fatal(err)
	}
}

func TestLogStream(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Clock: sim.NewManualClock(start2030)}, house)
	id := c.newStream()
	r := c.read(id, "?format=json", "")
	r.expect(opening, `id: 1|event: state_change|data: {"state":"opened"}`)
	c.want(204, "PUT", "/logstream/"+id+"/0c:2a:69:00:00:01", "")
	r.expect(`id: 2|event: state_change|data: {"state":"subscribed","device_id":"d-1"}`)
	c.want(204, "PUT", "/logstream/"+id+"/d-1", `{"id": "d-1", "type": "device"}`)
	c.emit("d-1", "hello\nworld")
	c.emit("d-2", "not heard")
	r.expect(`id: 3|data: {"device_id":"d-1","ts":"2030-01-02T03:04:05.000Z","log_type":"development","type":"server.log","msg":"hello\nworld"}`)
	c.want(204, "POST", "/devices/d-1/restart", "")
	for _, msg := range []string{"Agent restarted: reload.", "agent two", "Device connected", "two"} {
		if got := r.next(); !strings.Contains(got, `"msg":"`+msg+`"`) {
			t.Errorf("event %q, want %q", got, msg)
		}
	}
	c.want(204, "DELETE", "/logstream/"+id+"/d-1", "")
	r.expect(`id: 8|event: state_change|data: {"state":"unsubscribed","device_id":"d-1"}`)
	c.emit("d-1", "not heard")
	c.want(404, "DELETE", "/logstream/"+id+"/d-1", "")

	c.newStream()
	r.expect(`id: 9|event: state_change|data: {"state":"closed"}`, "")
	c.refuse(404, "no such log stream", "GET", "/logstream/"+id, "")
	c.refuse(404, "no such log stream", "PUT", "/logstream/"+id+"/d-1", "")
}

func TestLogStreamAsText(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Clock: sim.NewManualClock(start2030), StreamRetry: 1500 * time.Millisecond}, house)
	c.want(204, "POST", "/devicegroups/g-prod/relationships/devices", devices("d-2"))
	id := c.newStream()
	r := c.read(id, "", "")
	r.expect("retry: 1500", "id: 1|event: state_change|data: opened")
	c.want(204, "PUT", "/logstream/"+id+"/d-2", "")
	c.emit("d-2", "a\r\nb\rc")
	r.expect("id: 2|event: state_change|data: d-2 subscribed",
		"id: 3|data: d-2 2030-01-02T03:04:05.000Z production server.log a|data: b|data: c")
	c.want(204, "DELETE", "/devicegroups/g-prod/relationships/devices", devices("d-2"), "X-Electricimp-Key: unbond")
	c.want(204, "DELETE", "/devices/d-2", "")
	r.expect("id: 4|event: state_change|data: d-2 unsubscribed")
	c.refuse(400, "json or text", "GET", "/logstream/"+id+"?format=xml", "")
	c.refuse(400, "json or text", "POST", "/logstream?format=xml", "")
}

func TestWhoseLogStream(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	id := c.newStream()
	c.refuse(404, "no such log stream", "PUT", "/logstream/"+id+"/d-1", "", as("bob"))
	c.refuse(404, "d-bob", "PUT", "/logstream/"+id+"/d-bob", "")
	c.refuse(401, "token", "PUT", "/logstream/"+id+"/d-1", "", noToken)
	c.refuse(401, "token", "POST", "/logstream", "", noToken)
	bobs := c.newStream(as("bob"))
	c.want(204, "PUT", "/logstream/"+bobs+"/d-1", "", as("bob"))
	c.want(204, "PUT", "/logstream/"+id+"/d-1", "")
}

func TestLogStreamResumes(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	id := c.newStream()
	r := c.read(id, "", "")
	c.want(204, "PUT", "/logstream/"+id+"/d-1", "")
	r.expect(opening, "id: 1|event: state_change|data: opened", "id: 2|event: state_change|data: d-1 subscribed")
	c.emit("d-1", "three")
	r.next()
	c.DropStreams()
	r.expect("")
	c.emit("d-1", "four")
	r = c.read(id, "", "2")
	for _, want := range []string{opening, "three", "four"} {
		if got := r.next(); !strings.HasSuffix(got, want) {
			t.Errorf("event %q, want %q", got, want)
		}
	}
	c.emit("d-1", "five")
	if got := r.next(); !strings.HasPrefix(got, "id: 5|") {
		t.Errorf("event %q", got)
	}

	// Without Last-Event-ID it goes on after what was sent; a second reader
	// takes the place of the first.
	again := c.read(id, "", "")
	again.expect(opening, "id: 6|event: state_change|data: opened")
	r.expect("")
	c.emit("d-1", "seven")
	if got := again.next(); !strings.HasSuffix(got, "seven") {
		t.Errorf("event %q", got)
	}
	// An id that was never given is no reason to wait for it.
	again = c.read(id, "", "999")
	c.emit("d-1", "eight")
	again.expect(opening)
	if got := again.next(); !strings.HasSuffix(got, "eight") {
		t.Errorf("event %q", got)
	}
}

func TestLogStreamBufferIsBounded(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{StreamBuffer: 3}, house)
	id := c.newStream()
	c.want(204, "PUT", "/logstream/"+id+"/d-1", "")
	for _, m := range strings.Split("abcdefghijklmnop", "") {
		c.emit("d-1", m)
	}
	r := c.read(id, "", "1")
	r.expect(opening)
	for _, want := range []string{"n", "o", "p"} {
		if got := r.next(); !strings.HasSuffix(got, want) {
			t.Errorf("event %q, want %q", got, want)
		}
	}
}

func TestLogStreamLimits(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Streams: 2, StreamDevices: 2}, house)
	first, second := c.newStream(), c.newStream()
	r := c.read(first, "", "")
	third := c.newStream()
	r.expect(opening, "id: 1|event: state_change|data: opened", "id: 2|event: state_change|data: closed", "")
	c.want(204, "PUT", "/logstream/"+second+"/d-1", "")

	r = c.read(third, "", "")
	for _, d := range []string{"d-1", "d-2", "d-1", "d-3"} {
		c.want(204, "PUT", "/logstream/"+third+"/"+d, "")
	}
	r.expect(opening, "id: 1|event: state_change|data: opened",
		"id: 2|event: state_change|data: d-1 subscribed", "id: 3|event: state_change|data: d-2 subscribed",
		"id: 4|event: state_change|data: d-2 unsubscribed", "id: 5|event: state_change|data: d-3 subscribed")
}

func TestKeepAlive(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	c := start(t, sim.Config{Clock: clock, KeepAlive: time.Minute}, house)
	r := c.read(c.newStream(), "", "")
	r.expect(opening, "id: 1|event: state_change|data: opened")
	for range 2 {
		if err := clock.WaitTimers(c.ctx(), 1); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
		r.expect(": keep-alive")
	}
}

func TestWaitingForStreams(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	id := c.newStream()
	done := make(chan error, 2)
	go func() { done <- c.WaitStreams(c.ctx(), 1) }()
	go func() { done <- c.WaitSubscribed(c.ctx(), "d-1") }()
	r := c.read(id, "", "")
	c.want(204, "PUT", "/logstream/"+id+"/d-1", "")
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if c.WaitStreams(ended, 2) == nil {
		t.Error("waiting does not end with its context")
	}
	go func() { done <- c.WaitStreams(context.WithoutCancel(ended), 2) }()
	c.CloseStreams()
	c.Close()
	if <-done == nil {
		t.Error("waiting does not end with the simulator")
	}
	r.expect(opening, "id: 1|event: state_change|data: opened",
		"id: 2|event: state_change|data: d-1 subscribed", "id: 3|event: state_change|data: closed", "")
	c.want(503, "GET", "/products", "")
}
