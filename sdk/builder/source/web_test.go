package source

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/fault"
)

func TestWeb(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{"/lib/leds.nut": answer("leds")})
	d := newDesk(t, nil)
	got, err := d.Read(t.Context(), s.URL+"/lib/leds.nut?x=1&token="+secret, builder.Place{})
	require.NoError(t, err)
	require.Equal(t, "leds\n", got.Text)
	require.Equal(t, builder.Place{
		File: "leds.nut?x=1&token=***", Path: s.URL + "/lib", URLRoot: s.URL, URLPath: "lib/leds.nut?x=1&token=***",
	}, got.Place)
	// It is fetched once.
	d.text(t, s.URL+"/lib/leds.nut?x=1&token="+secret)
	require.Equal(t, []string{"/lib/leds.nut?x=1&token=" + secret}, s.asked)
}

func TestWebFailures(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/denied": status(http.StatusForbidden),
		"/login":  status(http.StatusUnauthorized),
		"/broken": status(http.StatusServiceUnavailable),
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "only so much")
		},
		"/hung": func(w http.ResponseWriter, _ *http.Request) {
			panic(http.ErrAbortHandler)
		},
		"/round": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) },
		"/huge": func(w http.ResponseWriter, _ *http.Request) {
			chunk := strings.Repeat("x", 1<<20)
			for range maxSource>>20 + 1 {
				fmt.Fprint(w, chunk)
			}
		},
		"/file": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		},
	})
	d := newDesk(t, nil)
	for path, want := range map[string]string{
		"/none":   "HTTP/404",
		"/denied": "HTTP/403",
		"/login":  "HTTP/401",
		"/broken": "HTTP/503",
		"/cut":    "the answer is truncated",
		"/hung":   "EOF",
		"/round":  "more than 5 redirects",
		"/huge":   "larger than 16 MiB",
		"/file":   "unsupported protocol scheme \"file\"",
	} {
		require.Equal(t, fmt.Sprintf("Failed to fetch url \"%s\": %s", s.URL+path, want), d.fails(t, s.URL+path, builder.Place{}), path)
	}
	_, err := d.Read(t.Context(), s.URL+"/none", builder.Place{})
	require.True(t, fault.Is(err, fault.NotFoundKind))
	_, err = d.Read(t.Context(), s.URL+"/login", builder.Place{})
	require.True(t, fault.Is(err, fault.DeniedKind))
	s.Close()
	require.Contains(t, d.fails(t, strings.Replace(s.URL, "//", "//ann:"+secret+"@", 1)+"/x", builder.Place{}), "connect: ")
	for _, bad := range []string{"http://", "https:///x", "http:x", "http://?", "http://[::1"} {
		d.fails(t, bad, builder.Place{})
	}
}

func TestWebIsAskedAgain(t *testing.T) {
	t.Parallel()
	left := 2
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/later": func(w http.ResponseWriter, _ *http.Request) {
			if left--; left >= 0 {
				w.Header().Set("Retry-After", "3")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			fmt.Fprint(w, "at last")
		},
		"/never": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		},
	})
	d := newDesk(t, nil)
	require.Equal(t, "at last\n", d.text(t, s.URL+"/later"))
	require.Equal(t, []time.Duration{3 * time.Second, 3 * time.Second}, d.waits)
	require.Contains(t, d.fails(t, s.URL+"/never", builder.Place{}), "HTTP/429")
	require.Len(t, d.waits, 2)
}

func TestWebTimesOut(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/never": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-over:
			}
		},
	})
	t.Cleanup(func() { close(over) })
	d := newDesk(t, func(c *Config) { c.HTTP.Timeout = time.Millisecond })
	require.Equal(t, "Failed to fetch url \""+s.URL+"/never\": timed out after 0.001s", d.fails(t, s.URL+"/never", builder.Place{}))
	d = newDesk(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Read(ctx, s.URL+"/never", builder.Place{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewTLSServer, map[string]http.HandlerFunc{
		"/x.nut": answer("x"),
		"/down": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1/x", http.StatusFound)
		},
	})
	d := newDesk(t, nil)
	require.Contains(t, d.fails(t, s.URL+"/x.nut", builder.Place{}), "certificate signed by unknown authority")
	require.Empty(t, d.waits)
	d = newDesk(t, func(c *Config) {
		c.HTTP.Transport = s.Client().Transport
	})
	require.Equal(t, "x\n", d.text(t, s.URL+"/x.nut"))
	require.Contains(t, d.fails(t, s.URL+"/down", builder.Place{}), "redirected from https to http")
}

// A login goes to the host that it is for, whatever leads elsewhere.
func TestLoginsStayWithTheirHost(t *testing.T) {
	t.Parallel()
	other := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{"/x": answer("other")})
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/x":    answer("own"),
		"/here": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) },
		"/away": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/x", http.StatusFound) },
	})
	d := newDesk(t, func(c *Config) { c.Cache.Dir = c.WorkDir + "/cache" })
	with := strings.Replace(s.URL, "//", "//ann:"+secret+"@", 1)
	require.Equal(t, "own\n", d.text(t, with+"/x"))
	require.Equal(t, "own\n", d.text(t, with+"/here"))
	require.Equal(t, "other\n", d.text(t, with+"/away"))
	// What is included from there needs no login again.
	require.Equal(t, "own\n", d.text(t, s.URL+"/here?again"))
	want := basic("ann", secret)
	require.Equal(t, []string{want, want, want, want, want, want}, s.logins)
	require.Empty(t, other.logins)
}

func TestRemoteRelative(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/lib/a.nut": answer("a"), "/lib/b.nut": answer("b"), "/c.nut": answer("c"),
	})
	d := newDesk(t, func(c *Config) { c.RemoteRelative = true })
	a, err := d.Read(t.Context(), s.URL+"/lib/a.nut?x", builder.Place{})
	require.NoError(t, err)
	for reference, want := range map[string]string{"b.nut": "b\n", "../c.nut": "c\n", "/c.nut": "c\n", "../../lib/b.nut": "b\n"} {
		got, err := d.Read(t.Context(), reference, a.Place)
		require.NoError(t, err, reference)
		require.Equal(t, want, got.Text, reference)
	}
	d = newDesk(t, nil)
	require.Equal(t, `Local file "b.nut" not found`, d.fails(t, "b.nut", a.Place))
}
