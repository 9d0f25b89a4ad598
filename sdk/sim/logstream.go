package sim

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stream is one log stream. It outlives its connection, so that a client can
// resume it, until another one takes its place.
type stream struct {
	id      string
	account string
	format  string   // unless the connection asks for another
	devices []string // least recently added first
	events  []event
	last    uint64 // id of the newest event
	sent    uint64 // id of the newest event that went out
	closed  bool
	conn    *connection
	changed chan struct{} // closed and replaced at every event
}

// event is a log line or, without an entry, a change of state.
type event struct {
	id     uint64
	device string
	entry  *LogEntry
	state  string
}

func (st *stream) push(keep int, e event) {
	st.last++
	e.id = st.last
	if len(st.events) >= 2*keep {
		st.events = slices.Clone(st.events[len(st.events)-keep+1:])
	}
	st.events = append(st.events, e)
	close(st.changed)
	st.changed = make(chan struct{})
}

// since returns the kept events after the one with that id.
func (st *stream) since(id uint64, keep int) []event {
	kept := st.events[max(0, len(st.events)-keep):]
	from, _ := slices.BinarySearchFunc(kept, id+1, func(e event, id uint64) int { return cmp.Compare(e.id, id) })
	return slices.Clone(kept[from:])
}

func streamFormat(f, standard string) (string, error) {
	switch f {
	case "":
		return standard, nil
	case "json", "text":
		return f, nil
	}
	return "", invalid("The format must be json or text, not %q.", f)
}

// createStream closes the account's oldest stream if there is one too many.
func (c *call) createStream() (*reply, error) {
	format, err := streamFormat(c.r.URL.Query().Get("format"), "text")
	if err != nil {
		return nil, err
	}
	mine := c.s.streams.where(func(st *stream) bool { return st.account == c.me.ID })
	for len(mine) >= c.s.cfg.Streams {
		c.s.closeStream(mine[0])
		mine = mine[1:]
	}
	st := &stream{
		id:      c.st.ids.unused("logstream", shapeUUID, c.s.streams.has),
		account: c.me.ID, format: format, changed: make(chan struct{}),
	}
	c.s.streams.add(st.id, st)
	return created(one(resourceOut{
		Type: "logstream", ID: st.id, Links: c.self("/logstream/" + st.id),
		Attributes: struct {
			URL string `json:"url"`
		}{c.url("/logstream/" + st.id)},
	})), nil
}

// closeStream tells the reader, who then finds the stream gone. The lock is held.
func (s *Sim) closeStream(st *stream) {
	st.closed = true
	st.push(s.cfg.StreamBuffer, event{state: "closed"})
	s.streams.remove(st.id)
	s.notify()
}

// openStream begins or resumes the reading of events. A second reader takes
// the place of the first.
func (c *call) openStream() (*reply, error) {
	st := c.s.streams.get(c.params[0])
	if st == nil {
		return nil, fail(http.StatusNotFound, "Not Found", "There is no such log stream.")
	}
	format, err := streamFormat(c.r.URL.Query().Get("format"), st.format)
	if err != nil {
		return nil, err
	}
	conn := &connection{sim: c.s, stream: st, format: format, cursor: st.sent, dropped: make(chan struct{})}
	id, err := strconv.ParseUint(c.r.Header.Get("Last-Event-ID"), 10, 64)
	if resumed := err == nil; resumed {
		conn.cursor = min(id, st.last)
	} else {
		st.push(c.s.cfg.StreamBuffer, event{state: "opened"})
	}
	if st.conn != nil {
		close(st.conn.dropped)
	}
	st.conn = conn
	c.s.notify()
	return ok(conn), nil
}

func (c *call) myStream() (*stream, *device, error) {
	st := c.s.streams.get(c.params[0])
	if st == nil || st.account != c.me.ID {
		return nil, nil, fail(http.StatusNotFound, "Not Found", "There is no such log stream.")
	}
	d, err := c.device(c.params[1], read)
	return st, d, err
}

// subscribe adds a device; one too many drops the least recently added.
func (c *call) subscribe() (*reply, error) {
	st, d, err := c.myStream()
	if err != nil {
		return nil, err
	}
	if i := slices.Index(st.devices, d.ID); i >= 0 {
		st.devices = append(slices.Delete(st.devices, i, i+1), d.ID)
		return noContent(), nil
	}
	for len(st.devices) >= c.s.cfg.StreamDevices {
		c.s.dropDevice(st, st.devices[0])
	}
	st.devices = append(st.devices, d.ID)
	st.push(c.s.cfg.StreamBuffer, event{device: d.ID, state: "subscribed"})
	c.s.notify()
	return noContent(), nil
}

func (c *call) unsubscribe() (*reply, error) {
	st, d, err := c.myStream()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(st.devices, d.ID) {
		return nil, notFound("device of this log stream", c.params[1])
	}
	c.s.dropDevice(st, d.ID)
	return noContent(), nil
}

func (s *Sim) dropDevice(st *stream, id string) {
	st.devices = slices.DeleteFunc(st.devices, func(d string) bool { return d == id })
	st.push(s.cfg.StreamBuffer, event{device: id, state: "unsubscribed"})
	s.notify()
}

// forgetDevice takes a device that is gone out of all streams.
func (s *Sim) forgetDevice(id string) {
	for st := range s.streams.all() {
		if slices.Contains(st.devices, id) {
			s.dropDevice(st, id)
		}
	}
}

// connection is one reader of a stream.
type connection struct {
	sim     *Sim
	stream  *stream
	format  string
	cursor  uint64 // id of the last event written
	dropped chan struct{}
}

// writeLimit ends a connection whose client does not read.
const writeLimit = 10 * time.Second

func (c *connection) run(w http.ResponseWriter, r *http.Request) {
	defer c.leave()
	rc := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	send := func(text string) bool {
		// Not every writer has deadlines; those that matter do.
		_ = rc.SetWriteDeadline(time.Now().Add(writeLimit))
		if _, err := w.Write([]byte(text)); err != nil {
			return false
		}
		return rc.Flush() == nil
	}
	opening := ": impCentral log stream\n\n"
	if retry := c.sim.cfg.StreamRetry; retry > 0 {
		opening = fmt.Sprintf("retry: %d\n\n", retry.Milliseconds())
	}
	if send(opening) {
		c.pump(r.Context(), send)
	}
}

// pump sends events as they come and comments when none do.
func (c *connection) pump(ctx context.Context, send func(string) bool) {
	silence := c.sim.clock.NewTimer(c.sim.cfg.KeepAlive)
	defer func() { silence.Stop() }()
	for {
		text, changed, more := c.next()
		if text != "" {
			if !send(text) {
				return
			}
			silence.Stop()
			silence = c.sim.clock.NewTimer(c.sim.cfg.KeepAlive)
			continue
		}
		if !more {
			return
		}
		select {
		case <-changed:
		case <-silence.C():
			if !send(": keep-alive\n\n") {
				return
			}
			silence = c.sim.clock.NewTimer(c.sim.cfg.KeepAlive)
		case <-c.dropped:
			return
		case <-ctx.Done():
			return
		}
	}
}

// next renders what is new; more is false when nothing can come any more.
func (c *connection) next() (text string, changed <-chan struct{}, more bool) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	st := c.stream
	if st.conn != c {
		return "", nil, false
	}
	var b strings.Builder
	for _, e := range st.since(c.cursor, c.sim.cfg.StreamBuffer) {
		c.cursor = e.id
		b.WriteString(e.render(c.format))
	}
	st.sent = max(st.sent, c.cursor)
	return b.String(), st.changed, !st.closed
}

func (c *connection) leave() {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if c.stream.conn == c {
		c.stream.conn = nil
		c.sim.notify()
	}
}

func (e event) render(format string) string {
	name := "message"
	var data string
	switch {
	case e.entry == nil && format == "json":
		name, data = "state_change", e.stateJSON()
	case e.entry == nil:
		name, data = "state_change", strings.TrimSpace(e.device+" "+e.state)
	case format == "json":
		o := e.entry.out()
		b, err := encode(struct {
			Device  string `json:"device_id"`
			TS      string `json:"ts"`
			LogType string `json:"log_type"`
			Type    string `json:"type"`
			Msg     string `json:"msg"`
		}{e.device, o.TS, o.LogType, o.Type, o.Msg})
		if err != nil {
			return ""
		}
		data = string(b)
	default:
		o := e.entry.out()
		data = strings.Join([]string{e.device, o.TS, o.LogType, o.Type, o.Msg}, " ")
	}
	text := "id: " + strconv.FormatUint(e.id, 10) + "\n"
	if name != "message" {
		text += "event: " + name + "\n"
	}
	data = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(data)
	for line := range strings.SplitSeq(data, "\n") {
		text += "data: " + line + "\n"
	}
	return text + "\n"
}

func (e event) stateJSON() string {
	b, err := encode(struct {
		State  string `json:"state"`
		Device string `json:"device_id,omitempty"`
	}{e.state, e.device})
	if err != nil {
		return ""
	}
	return string(b)
}
