package impcentral_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
)

const empty = `{"data":[],"links":{}}`

func TestIdentifierCannotLeaveItsSegment(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"p1":              "/v5/products/p1",
		"a/b":             "/v5/products/a%2Fb",
		"a?b=c":           "/v5/products/a%3Fb=c",
		"a#b":             "/v5/products/a%23b",
		"../accounts/me":  "/v5/products/..%2Faccounts%2Fme",
		"%41":             "/v5/products/%2541",
		"..%2f":           "/v5/products/..%252f",
		"a b":             "/v5/products/a%20b",
		"Küche":           "/v5/products/K%C3%BCche",
		"灯":               "/v5/products/%E7%81%AF",
		`a\b`:             "/v5/products/a%5Cb",
		"a\r\nX-Evil: 1":  "/v5/products/a%0D%0AX-Evil:%201",
		"a;b,c":           "/v5/products/a%3Bb%2Cc",
		"//evil.test/x":   "/v5/products/%2F%2Fevil.test%2Fx",
		"user@evil.test:": "/v5/products/user@evil.test:",
		"\x00":            "/v5/products/%00",
		"...":             "/v5/products/...",
	}
	for given, want := range cases {
		t.Run(strconv.Quote(given), func(t *testing.T) {
			t.Parallel()
			server := newCloud(t, answering(200, `{"data":{}}`))
			c := newClient(t, impcentral.Config{Endpoint: server.URL + "/v5"})
			_, err := c.Do(t.Context(), get("products", given))
			require.NoError(t, err)
			require.Equal(t, want, server.Seen()[0].uri)
			require.Empty(t, server.Seen()[0].header.Get("X-Evil"))
		})
	}
}

func TestSegmentThatNoPathCanCarryIsNotFound(t *testing.T) {
	t.Parallel()
	server := newCloud(t, answering(200, `{"data":{}}`))
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	for _, segment := range []string{"", ".", ".."} {
		_, err := c.Do(t.Context(), get("products", segment))
		f := faultOf(t, err)
		require.Equal(t, fault.APIKind, f.Kind)
		require.Equal(t, http.StatusNotFound, f.Status)
	}
	require.Empty(t, server.Seen())
}

func TestRequestAsThePeerSendsIt(t *testing.T) {
	t.Parallel()
	server := newCloud(t, answering(200, `{"data":[]}`))
	c := newClient(t, impcentral.Config{Endpoint: server.URL + "/v5/", Tokens: &tokens{}})
	_, err := c.Do(t.Context(), impcentral.Request{
		Method: http.MethodGet, Path: []string{"products"},
		Query: []impcentral.Param{{"filter[owner.id]", "a b+c"}, {"page[number]", "1"}, {"page[size]", "100"}},
	})
	require.NoError(t, err)
	_, err = c.Do(t.Context(), impcentral.Request{
		Method: http.MethodPost, Path: []string{"products"}, Body: []byte(`{"data":1}`),
		Header: http.Header{"X-Electricimp-Key": {"unbond"}},
	})
	require.NoError(t, err)
	_, err = c.Do(t.Context(), impcentral.Request{
		Method: http.MethodPost, Path: []string{"auth"}, Body: []byte(`{"id":"u"}`),
	})
	require.NoError(t, err)
	seen := server.Seen()
	require.Equal(t, "/v5/products?filter%5Bowner.id%5D=a%20b%2Bc&page%5Bnumber%5D=1&page%5Bsize%5D=100", seen[0].uri)
	require.Equal(t, "application/vnd.api+json", seen[0].header.Get("Content-Type"))
	require.Equal(t, "application/json", seen[0].header.Get("Accept"))
	require.Equal(t, "Bearer access-token-0", seen[0].header.Get("Authorization"))
	require.Equal(t, `{"data":1}`, seen[1].body)
	require.Equal(t, "unbond", seen[1].header.Get("X-Electricimp-Key"))
	require.Equal(t, "application/json", seen[2].header.Get("Content-Type"))
	require.Empty(t, seen[2].header.Get("Authorization"))
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	source := &tokens{}
	server := newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer access-token-1" {
			w.WriteHeader(401)
			return
		}
		_, _ = w.Write([]byte(empty))
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Tokens: source})
	_, err := c.Do(t.Context(), get("products"))
	require.NoError(t, err)
	require.EqualValues(t, 1, source.renewals.Load())
	require.Len(t, server.Seen(), 2)
}

func TestSecondRefusalIsTheError(t *testing.T) {
	t.Parallel()
	source := &tokens{}
	server := newCloud(t, answering(401, apiError("401", "Unauthorized", "no")))
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Tokens: source})
	_, err := c.Do(t.Context(), get("products"))
	f := faultOf(t, err)
	require.Equal(t, 401, f.Status)
	require.Equal(t, "Unauthorized: no", f.Error())
	require.EqualValues(t, 1, source.renewals.Load())
	require.Len(t, server.Seen(), 2)
	// Logging in has no token to renew.
	_, err = c.Do(t.Context(), impcentral.Request{Method: "POST", Path: []string{"auth", "token"}})
	require.Equal(t, 401, faultOf(t, err).Status)
	require.Len(t, server.Seen(), 3)
}

func TestRateLimitIsWaitedForWithinBounds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reset string
		first time.Duration // the first wait
		tries int           // if every answer is 429
	}{
		"none":         {"", time.Second, 10},
		"seconds":      {"3", 3 * time.Second, 10},
		"milliseconds": {"2500", 2500 * time.Millisecond, 10},
		"zero":         {"0", time.Second, 10},
		"negative":     {"-5", time.Second, 10},
		"nonsense":     {"soon", time.Second, 10},
		"not a number": {"NaN", time.Second, 10},
		"long":         {"600", 10 * time.Second, 7},
		"a date":       {"1790000000", 10 * time.Second, 7},
	}
	for name, tc := range cases {
		for _, method := range []string{"GET", "POST", "PATCH", "PUT", "DELETE"} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				server := newCloud(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
					if tc.reset != "" {
						w.Header().Set("X-RateLimit-Reset", tc.reset)
					}
					w.WriteHeader(429)
					_, _ = w.Write([]byte(apiError("429", "Too Many Requests", "slow down")))
				})
				clock := newClock()
				c := newClient(t, impcentral.Config{Endpoint: server.URL, Clock: clock})
				_, err := c.Do(t.Context(), impcentral.Request{Method: method, Path: []string{"products"}})
				f := faultOf(t, err)
				require.Equal(t, 429, f.Status)
				require.Equal(t, "Too Many Requests: slow down", f.Error())
				require.Len(t, server.Seen(), tc.tries)
				require.Equal(t, tc.first, clock.Waits()[0])
				total := time.Duration(0)
				for _, w := range clock.Waits() {
					total += w
				}
				require.LessOrEqual(t, total, time.Minute)
			})
		}
	}
}

func TestOnlyWhatMayBeRepeatedIs(t *testing.T) {
	t.Parallel()
	for status, retried := range map[int]bool{500: false, 501: false, 502: true, 503: true, 504: true, 404: false, 409: false} {
		for method, repeatable := range map[string]bool{"GET": true, "PUT": true, "POST": false, "PATCH": false, "DELETE": false} {
			t.Run(fmt.Sprint(method, status), func(t *testing.T) {
				t.Parallel()
				server := newCloud(t, answering(status, "<html>"))
				c := newClient(t, impcentral.Config{Endpoint: server.URL})
				_, err := c.Do(t.Context(), impcentral.Request{Method: method, Path: []string{"x"}})
				f := faultOf(t, err)
				require.Equal(t, fmt.Sprintf("impCentral API error HTTP/%d.", status), f.Error())
				want := 1
				if retried && repeatable {
					want = 4
				}
				require.Len(t, server.Seen(), want)
			})
		}
	}
}

func TestRepeatedRequestSucceeds(t *testing.T) {
	t.Parallel()
	server := newCloud(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n < 3 {
			w.WriteHeader(503)
			return
		}
		_, _ = w.Write([]byte(empty))
	})
	clock := newClock()
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Clock: clock})
	_, err := c.Do(t.Context(), get("products"))
	require.NoError(t, err)
	require.Equal(t, []time.Duration{250 * time.Millisecond, 500 * time.Millisecond}, clock.Waits())
}

func TestGoodCaseCostsOneRequest(t *testing.T) {
	t.Parallel()
	server := newCloud(t, answering(200, empty))
	clock := newClock()
	var begun, done atomic.Int64
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Clock: clock, Busy: func() func() {
		begun.Add(1)
		return func() { done.Add(1) }
	}})
	_, err := c.Do(t.Context(), get("products"))
	require.NoError(t, err)
	require.Len(t, server.Seen(), 1)
	require.Empty(t, clock.Waits())
	require.EqualValues(t, 1, begun.Load())
	require.EqualValues(t, 1, done.Load())
}

func TestCancelledRequestIsTheContextsError(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	server := newCloud(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	_, err := c.Do(ctx, get("products"))
	require.ErrorIs(t, err, context.Canceled)
	_, isFault := fault.Of(err)
	require.False(t, isFault)
}

// limited refuses more than a number of requests in a second of the clock.
func TestParallelRequestsKeepWithinTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 8
	clock := newClock()
	var (
		mu      sync.Mutex
		window  time.Time
		used    int
		refused int
	)
	server := newCloud(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if now := clock.Now(); now.Sub(window) >= time.Second {
			window, used = now, 0
		}
		used++
		w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(max(0, limit-used)))
		w.Header().Set("X-RateLimit-Reset", "1")
		if used > limit {
			refused++
			w.WriteHeader(429)
			return
		}
		_, _ = w.Write([]byte(empty))
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Clock: clock})
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			for range 10 {
				_, err := c.Do(t.Context(), get("products"))
				require.NoError(t, err) //nolint:testifylint // ends this worker
			}
		})
	}
	group.Wait()
	require.Zero(t, refused)
	require.Len(t, server.Seen(), 50)
}
