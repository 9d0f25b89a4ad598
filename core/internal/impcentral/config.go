package impcentral

import (
	"context"
	"crypto/x509"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// A TokenSource has the access token of a login.
type TokenSource interface {
	// Token returns a valid access token.
	Token(ctx context.Context) (string, error)
	// Renew returns another token than stale, which impCentral refused.
	Renew(ctx context.Context, stale string) (string, error)
}

// A Tracer is told of every request and answer, with secrets already hidden.
// Calls may come from several goroutines at once.
type Tracer interface {
	Request(TraceRequest)
	Response(TraceResponse)
}

// Config says how a Client reaches impCentral. Only Endpoint is required.
type Config struct {
	// Endpoint is the URL that paths are below, as the login has it.
	Endpoint string
	// Tokens has the access token; nil for requests without one.
	Tokens TokenSource
	// Proxy chooses the proxy of a request, as Proxies.For does; nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// Busy is called when a request begins, and what it returns at its end.
	Busy func() (done func())
	// Trace is told of requests and answers; nil for none.
	Trace Tracer
	// UserAgent names the program; empty for "impt".
	UserAgent string
	// BundleFile replaces the places where the system's certificates are
	// looked for first, as SSL_CERT_FILE does.
	BundleFile string
	// RootFiles are PEM files with certificates to trust besides the
	// system's. Those that cannot be read are passed over.
	RootFiles []string
	// Roots replaces the system's certificates and RootFiles.
	Roots *x509.CertPool
	// Clock and Jitter are replaced by tests. Jitter returns what to add to
	// a wait.
	Clock  Clock
	Jitter func(wait time.Duration) time.Duration
	// Limits that are zero take their default.
	Limits Limits
}

// Limits bound what a request may take.
type Limits struct {
	// Connect, TLS and Header are the time for the TCP connection, the TLS
	// handshake and the answer's header. 30 s, 30 s, 60 s.
	Connect, TLS, Header time.Duration
	// Stall is how long a body may rest between two pieces. 60 s.
	Stall time.Duration
	// Body is the longest answer, in bytes. 64 MiB.
	Body int64
	// Line is the longest line of a log stream, in bytes. 16 MiB.
	Line int
	// LimitTries and LimitWait bound the repetitions after a 429. 10, 60 s.
	LimitTries int
	LimitWait  time.Duration
	// Retries is how often a failed request is repeated, when it may be. 3.
	Retries int
	// Ahead is how many pages of a list are asked for side by side. 4.
	Ahead int
	// Settle is how long a log stream's first event may take before devices
	// are added without it. 1 s.
	Settle time.Duration
}

func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Connect:    or(l.Connect, 30*time.Second),
		TLS:        or(l.TLS, 30*time.Second),
		Header:     or(l.Header, time.Minute),
		Stall:      or(l.Stall, time.Minute),
		Body:       or(l.Body, 64<<20),
		Line:       or(l.Line, 16<<20),
		LimitTries: or(l.LimitTries, 10),
		LimitWait:  or(l.LimitWait, time.Minute),
		Retries:    or(l.Retries, 3),
		Ahead:      or(l.Ahead, 4),
		Settle:     or(l.Settle, time.Second),
	}
}

// A Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// Wait returns after d, or with the context's error.
	Wait(ctx context.Context, d time.Duration) error
}

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now is the present time.
func (SystemClock) Now() time.Time { return time.Now() }

// Wait returns after d, or with the context's error.
func (SystemClock) Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// spread adds up to a quarter to a wait, so that programs which failed
// together do not come back together.
func spread(wait time.Duration) time.Duration {
	if wait < 4 {
		return 0
	}
	return rand.N(wait / 4) //nolint:gosec // spreads load, guards nothing
}
