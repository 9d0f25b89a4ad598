package impcentral_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
)

const (
	opened = "event: state_change\ndata: {\"state\":\"opened\"}\n\n"
	closed = "event: state_change\ndata: {\"state\":\"closed\"}\n\n"
)

// logs is a cloud with log streams s1, s2 …
type logs struct {
	*cloud
	mu      sync.Mutex
	streams int
	added   chan string
	// connection serves the n-th connection for events, from 1.
	connection func(n int, id string, w *eventWriter, r *http.Request)
	count      int
	refuse     string // device that cannot be added
}

type eventWriter struct{ http.ResponseWriter }

func (w eventWriter) send(format string, values ...any) {
	_, _ = fmt.Fprintf(w, format, values...)
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

func newLogs(t *testing.T, connection func(n int, id string, w *eventWriter, r *http.Request)) *logs {
	t.Helper()
	l := &logs{added: make(chan string, 100), connection: connection}
	l.cloud = newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		part := strings.Split(strings.TrimPrefix(r.URL.Path, "/logstream"), "/")
		switch {
		case r.Method == http.MethodPost:
			l.mu.Lock()
			l.streams++
			id := fmt.Sprint("s", l.streams)
			l.mu.Unlock()
			_, _ = fmt.Fprintf(w, `{"data":{"type":"logstream","id":%q,"attributes":{"url":"http://evil.test/x"}}}`, id)
		case r.Method == http.MethodPut && part[2] == l.refuse:
			w.WriteHeader(404)
			_, _ = io.WriteString(w, apiError("404", "Not Found", "no such device"))
		case r.Method == http.MethodPut:
			l.added <- part[1] + "/" + part[2]
			w.WriteHeader(http.StatusNoContent)
		default:
			l.mu.Lock()
			l.count++
			n := l.count
			l.mu.Unlock()
			w.Header().Set("Content-Type", "text/event-stream")
			l.connection(n, part[1], &eventWriter{w}, r)
		}
	})
	return l
}

func (l *logs) requests() []string {
	var all []string
	for _, s := range l.Seen() {
		all = append(all, s.method+" "+s.uri)
	}
	return all
}

// heard notes what a stream tells its caller.
type heard struct {
	entries []string
	batches []int
	opened  int
	lost    []error
}

func (h *heard) events() impcentral.StreamEvents {
	return impcentral.StreamEvents{
		Opened: func() { h.opened++ },
		Lost:   func(err error) { h.lost = append(h.lost, err) },
		Entries: func(batch []json.RawMessage) error {
			h.batches = append(h.batches, len(batch))
			for _, e := range batch {
				h.entries = append(h.entries, string(e))
			}
			return nil
		},
	}
}

func TestLogStream(t *testing.T) {
	t.Parallel()
	var l *logs
	l = newLogs(t, func(_ int, _ string, w *eventWriter, _ *http.Request) {
		w.send(": hello\n\n" + opened)
		<-l.added
		<-l.added
		w.send("data: {\"msg\":\"one\"}\n\nevent: other\ndata: x\n\ndata: {\"msg\":\ndata: \"two\"}\n\n")
		w.send("event: state_change\ndata: {\"state\":\"subscribed\",\"device_id\":\"d1\"}\n\n" + closed)
	})
	c := newClient(t, impcentral.Config{Endpoint: l.URL, Tokens: &tokens{}})
	h := &heard{}
	require.NoError(t, c.OpenStream(t.Context(), []string{"d1", "d2"}, h.events()))
	require.Equal(t, []string{`{"msg":"one"}`, "{\"msg\":\n\"two\"}"}, h.entries)
	require.LessOrEqual(t, h.opened, 1)
	require.Empty(t, h.lost)
	all := l.requests()
	require.Equal(t, []string{"POST /logstream", "GET /logstream/s1?format=json"}, all[:2])
	puts := all[2:]
	slices.Sort(puts)
	require.Equal(t, []string{"PUT /logstream/s1/d1", "PUT /logstream/s1/d2"}, puts)
	for _, s := range l.Seen() {
		if s.method == http.MethodGet {
			require.Empty(t, s.header.Get("Authorization"))
			require.Equal(t, "text/event-stream", s.header.Get("Accept"))
			continue
		}
		require.Equal(t, "Bearer access-token-0", s.header.Get("Authorization"))
	}
}

func TestStreamIsOpenedBeforeItIsTold(t *testing.T) {
	t.Parallel()
	told := make(chan struct{})
	l := newLogs(t, func(_ int, _ string, w *eventWriter, _ *http.Request) {
		// A server that never says that the stream is open.
		w.send(": hello\n\n")
		<-told
		w.send(closed)
	})
	clock := newClock()
	c := newClient(t, impcentral.Config{Endpoint: l.URL, Clock: clock})
	err := c.OpenStream(t.Context(), []string{"d1"}, impcentral.StreamEvents{Opened: func() { close(told) }})
	require.NoError(t, err)
	require.Equal(t, []time.Duration{time.Second}, clock.Waits())
	require.Equal(t, "s1/d1", <-l.added)
}

func TestManyEntriesComeInOrderAndInBatches(t *testing.T) {
	t.Parallel()
	const many = 5000
	l := newLogs(t, func(_ int, _ string, w *eventWriter, _ *http.Request) {
		w.send(opened)
		for i := range many {
			_, _ = fmt.Fprintf(w, "data: {\"n\":%d}\n\n", i)
		}
		w.send(closed)
	})
	h := &heard{}
	c := newClient(t, impcentral.Config{Endpoint: l.URL})
	require.NoError(t, c.OpenStream(t.Context(), nil, h.events()))
	require.Len(t, h.entries, many)
	for i, e := range h.entries {
		require.Equal(t, fmt.Sprintf(`{"n":%d}`, i), e)
	}
	require.LessOrEqual(t, slices.Max(h.batches), 64)
	require.Less(t, len(h.batches), many)
}

func TestLostConnectionIsMadeAgain(t *testing.T) {
	t.Parallel()
	var ids []string
	var mu sync.Mutex
	l := newLogs(t, func(n int, _ string, w *eventWriter, r *http.Request) {
		mu.Lock()
		ids = append(ids, r.Header.Get("Last-Event-ID"))
		mu.Unlock()
		switch n {
		case 1:
			w.send(opened + "id: 41\ndata: {\"n\":1}\n\n")
		case 2:
			w.WriteHeader(503)
		case 3:
			w.WriteHeader(500)
		case 4:
			w.send("retry: 2500\nid: 42\ndata: {\"n\":2}\n\ndata: {\"cut")
		default:
			w.send("data: {\"n\":3}\n\n" + closed)
		}
	})
	clock := newClock()
	c := newClient(t, impcentral.Config{Endpoint: l.URL, Clock: clock, Limits: impcentral.Limits{Settle: time.Minute}})
	h := &heard{}
	require.NoError(t, c.OpenStream(t.Context(), []string{"d1"}, h.events()))
	require.Equal(t, []string{`{"n":1}`, `{"n":2}`, `{"n":3}`}, h.entries)
	require.Equal(t, []string{"", "41", "41", "41", "42"}, ids)
	require.Empty(t, h.lost)
	require.LessOrEqual(t, h.opened, 1)
	waits := slices.DeleteFunc(clock.Waits(), func(d time.Duration) bool { return d == time.Minute })
	require.Equal(t, []time.Duration{time.Second, time.Second, time.Second, 2500 * time.Millisecond}, waits)
	puts := slices.DeleteFunc(l.requests(), func(r string) bool { return !strings.HasPrefix(r, "PUT") })
	require.LessOrEqual(t, len(puts), 1)
}

func TestStreamThatIsGoneIsReplaced(t *testing.T) {
	t.Parallel()
	var l *logs
	l = newLogs(t, func(n int, id string, w *eventWriter, _ *http.Request) {
		switch n {
		case 1:
			w.send(opened + "data: {\"n\":1}\n\n")
			<-l.added
		case 2:
			w.WriteHeader(404)
			_, _ = io.WriteString(w, apiError("404", "Not Found", "gone"))
		default:
			if id != "s2" {
				return
			}
			w.send(opened)
			<-l.added
			w.send("data: {\"n\":2}\n\n" + closed)
		}
	})
	c := newClient(t, impcentral.Config{Endpoint: l.URL})
	h := &heard{}
	require.NoError(t, c.OpenStream(t.Context(), []string{"d1"}, h.events()))
	require.Equal(t, []string{`{"n":1}`, `{"n":2}`}, h.entries)
	require.Len(t, h.lost, 1)
	require.Equal(t, "Not Found: gone", h.lost[0].Error())
}

func TestStreamThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	for status, tries := range map[int]int{404: 1, 401: 1, 400: 1, 500: 4, 503: 4} {
		l := newLogs(t, func(_ int, _ string, w *eventWriter, _ *http.Request) { w.WriteHeader(status) })
		c := newClient(t, impcentral.Config{Endpoint: l.URL, Tokens: &tokens{}})
		err := c.OpenStream(t.Context(), []string{"d1"}, impcentral.StreamEvents{})
		require.Equal(t, fmt.Sprintf("impCentral API error HTTP/%d.", status), faultOf(t, err).Error())
		require.Equal(t, tries, l.count)
	}
	for _, body := range []string{`{"data":{}}`, `{"data":{"id":7}}`, `[]`} {
		server := newCloud(t, answering(200, body))
		c := newClient(t, impcentral.Config{Endpoint: server.URL})
		err := c.OpenStream(t.Context(), []string{"d1"}, impcentral.StreamEvents{})
		require.Equal(t, "Internal error: Unexpected format of impCentral response.", faultOf(t, err).Error())
	}
}

func TestDeviceThatCannotBeAdded(t *testing.T) {
	t.Parallel()
	l := newLogs(t, func(_ int, _ string, w *eventWriter, r *http.Request) {
		w.send(opened)
		<-r.Context().Done()
	})
	l.refuse = "d2"
	c := newClient(t, impcentral.Config{Endpoint: l.URL})
	h := &heard{}
	err := c.OpenStream(t.Context(), []string{"d1", "d2", "d3"}, h.events())
	require.Equal(t, "Not Found: no such device", faultOf(t, err).Error())
	require.Zero(t, h.opened)
}

func TestDeviceThatCannotBeAddedWhileTheConnectionIsLost(t *testing.T) {
	t.Parallel()
	lost := make(chan struct{})
	var once sync.Once
	server := newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_, _ = io.WriteString(w, `{"data":{"type":"logstream","id":"s1"}}`)
		case r.Method == http.MethodPut:
			<-lost
			w.WriteHeader(404)
			_, _ = io.WriteString(w, apiError("404", "Not Found", "no such device"))
		case r.Header.Get("Last-Event-ID") == "":
			(&eventWriter{w}).send("id: 1\n" + opened)
		default:
			once.Do(func() { close(lost) })
			w.WriteHeader(503)
		}
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	err := c.OpenStream(t.Context(), []string{"d1"}, impcentral.StreamEvents{})
	require.Equal(t, "Not Found: no such device", faultOf(t, err).Error())
}

func TestMessagesThatNobodyCanRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"not json", "null", "5", `"x"`, "[]", "{", "{}{}"} {
		for _, name := range []string{"message", "state_change"} {
			l := newLogs(t, func(_ int, _ string, w *eventWriter, _ *http.Request) {
				w.send("data: {\"n\":1}\n\nevent: %s\ndata: %s\n\n", name, text)
			})
			c := newClient(t, impcentral.Config{Endpoint: l.URL})
			h := &heard{}
			err := c.OpenStream(t.Context(), nil, h.events())
			require.Equal(t, "Internal error: Unexpected format of log stream message: "+text+".", faultOf(t, err).Error())
			require.Equal(t, []string{`{"n":1}`}, h.entries)
		}
	}
	l := newLogs(t, func(_ int, _ string, w *eventWriter, _ *http.Request) {
		w.send("data: %s", strings.Repeat("x", 1<<20))
	})
	c := newClient(t, impcentral.Config{Endpoint: l.URL, Limits: impcentral.Limits{Line: 1 << 16}})
	err := c.OpenStream(t.Context(), nil, impcentral.StreamEvents{})
	require.Equal(t, "Internal error: Unexpected format of log stream message.", faultOf(t, err).Error())
}

func TestLeavingAStream(t *testing.T) {
	t.Parallel()
	left := make(chan struct{}, 2)
	l := newLogs(t, func(_ int, _ string, w *eventWriter, r *http.Request) {
		w.send(opened + "data: {}\n\n")
		<-r.Context().Done()
		left <- struct{}{}
	})
	c := newClient(t, impcentral.Config{Endpoint: l.URL})
	ctx, cancel := context.WithCancel(t.Context())
	err := c.OpenStream(ctx, []string{"d1"}, impcentral.StreamEvents{Entries: func([]json.RawMessage) error {
		cancel()
		return nil
	}})
	require.ErrorIs(t, err, context.Canceled)
	<-left
	enough := errors.New("enough")
	err = c.OpenStream(t.Context(), []string{"d1"}, impcentral.StreamEvents{Entries: func([]json.RawMessage) error { return enough }})
	require.ErrorIs(t, err, enough)
	<-left
}

func TestTokenIsNotSentWhereAStreamLeads(t *testing.T) {
	t.Parallel()
	elsewhere := newCloud(t, func(_ int, w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, closed) })
	l := newLogs(t, func(_ int, _ string, w *eventWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/events", http.StatusFound)
	})
	c := newClient(t, impcentral.Config{Endpoint: l.URL, Tokens: &tokens{}})
	require.NoError(t, c.OpenStream(t.Context(), nil, impcentral.StreamEvents{}))
	require.Len(t, elsewhere.Seen(), 1)
	require.Empty(t, elsewhere.Seen()[0].header.Get("Authorization"))
	require.Equal(t, "text/event-stream", elsewhere.Seen()[0].header.Get("Accept"))
}
