package impcentral_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
)

// clock does not wait: it moves on.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return nil
}

func (c *clock) Waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.waits...)
}

// tokens counts how often it is asked.
type tokens struct {
	current  atomic.Int64
	renewals atomic.Int64
}

func (s *tokens) name() string { return "access-token-" + strconv.FormatInt(s.current.Load(), 10) }

func (s *tokens) Token(context.Context) (string, error) { return s.name(), nil }

func (s *tokens) Renew(_ context.Context, stale string) (string, error) {
	if stale == s.name() {
		s.current.Add(1)
		s.renewals.Add(1)
	}
	return s.name(), nil
}

// seen is a request as the server got it.
type seen struct {
	method, uri, body string
	header            http.Header
}

// cloud is a server that notes what it is asked.
type cloud struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seen
}

func (c *cloud) Seen() []seen {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]seen(nil), c.seen...)
}

func (c *cloud) note(r *http.Request, body string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = append(c.seen, seen{r.Method, r.RequestURI, body, r.Header.Clone()})
	return len(c.seen)
}

// newCloud serves with a handler that is told the number of the request, from 1.
func newCloud(t *testing.T, serve func(n int, w http.ResponseWriter, r *http.Request)) *cloud {
	t.Helper()
	c := &cloud{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&body)
		serve(c.note(r, string(body)), w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func answering(status int, body string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func newClient(t *testing.T, cfg impcentral.Config) *impcentral.Client {
	t.Helper()
	if cfg.Clock == nil {
		cfg.Clock = newClock()
	}
	if cfg.Jitter == nil {
		cfg.Jitter = func(time.Duration) time.Duration { return 0 }
	}
	c := impcentral.New(cfg)
	t.Cleanup(c.Close)
	return c
}

func get(path ...string) impcentral.Request {
	return impcentral.Request{Method: http.MethodGet, Path: path}
}

func faultOf(t *testing.T, err error) *fault.Fault {
	t.Helper()
	require.Error(t, err)
	f, ok := fault.Of(err)
	require.True(t, ok, "no fault: %v", err)
	return f
}

func apiError(status, title, detail string) string {
	b, _ := json.Marshal(map[string]any{"errors": []any{map[string]any{
		"id": "1", "status": status, "code": "PX1", "title": title, "detail": detail,
	}}})
	return string(b)
}
