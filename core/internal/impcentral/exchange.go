package impcentral

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	loginMedia = "application/json"
	apiMedia   = "application/vnd.api+json"

	maxRedirects = 10
)

// answer is what impCentral said, of any status.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// phase says how far a request had come when it broke.
type phase int

const (
	connecting phase = iota // nothing was sent
	waiting                 // for the answer's header
	reading                 // the answer's body
)

// broken is a request without a whole answer.
type broken struct {
	phase phase
	err   error
}

func (b *broken) Error() string { return b.err.Error() }
func (b *broken) Unwrap() error { return b.err }

var (
	errStalled = errors.New("the answer's body stalled")
	errTooLong = errors.New("the answer's body is too long")
)

// exchange makes one request, told to pace, spinner and trace.
func (c *Client) exchange(ctx context.Context, r Request, target *url.URL, token string) (answer, error) {
	if err := c.pace.enter(ctx); err != nil {
		return answer{}, err
	}
	var a answer
	defer func() { c.pace.leave(a) }()
	if c.cfg.Busy != nil {
		defer c.cfg.Busy()()
	}
	header := c.header(r, token)
	told := c.traceRequest(r, target, header)
	a, err := c.send(ctx, r, target, header)
	if err == nil {
		told.answered(a)
	}
	return a, err
}

func (c *Client) header(r Request, token string) http.Header {
	h := http.Header{}
	h.Set("User-Agent", c.cfg.UserAgent)
	h.Set("Accept", "application/json")
	h.Set("Content-Type", apiMedia)
	if r.isLogin() {
		h.Set("Content-Type", loginMedia)
	}
	for name, values := range r.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	return h
}

func (c *Client) send(ctx context.Context, r Request, target *url.URL, header http.Header) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	resp, err := c.follow(ctx, r.Method, target, header, r.Body) //nolint:bodyclose // readBody closes it
	if err != nil {
		return answer{}, err
	}
	body, err := c.readBody(resp, cancel)
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
			err = cause
		}
		return answer{}, &broken{reading, err}
	}
	return answer{resp.StatusCode, resp.Header, body}, nil
}

// follow makes a request, and goes where a GET is sent on to. Only what is
// public goes to another origin than the endpoint's.
func (c *Client) follow(
	ctx context.Context, method string, target *url.URL, header http.Header, body []byte,
) (*http.Response, error) {
	for hops := 0; ; hops++ {
		resp, err := c.net.roundTrip(ctx, method, target, header, body)
		if err != nil {
			return nil, err
		}
		next := redirection(method, resp, target)
		if next == nil || hops == maxRedirects {
			return resp, nil
		}
		// A short rest is read so that the connection can be used again.
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
		_ = resp.Body.Close()
		if originOf(next) != c.origin {
			header = public(header)
		}
		target = next
	}
}

func redirection(method string, resp *http.Response, from *url.URL) *url.URL {
	if method != http.MethodGet && method != http.MethodHead {
		return nil
	}
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	location := resp.Header.Get("Location")
	next, err := from.Parse(location)
	if location == "" || err != nil || next.Host == "" || (next.Scheme != "http" && next.Scheme != "https") {
		return nil
	}
	return next
}

// public keeps the headers that anybody may read.
func public(h http.Header) http.Header {
	kept := http.Header{}
	for _, name := range []string{"User-Agent", "Accept", "Content-Type", "Cache-Control", "Last-Event-Id"} {
		if v := h.Values(name); len(v) > 0 {
			kept[name] = v
		}
	}
	return kept
}

// readBody reads an answer that may be slow, but not still, and not endless.
// It closes the body.
func (c *Client) readBody(resp *http.Response, stop context.CancelCauseFunc) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	watch := time.AfterFunc(c.cfg.Limits.Stall, func() { stop(errStalled) })
	defer watch.Stop()
	limit := c.cfg.Limits.Body
	body, err := io.ReadAll(&watched{io.LimitReader(resp.Body, limit+1), watch, c.cfg.Limits.Stall})
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, errTooLong
	}
	return body, nil
}

// watched puts off the watchdog with every piece that arrives.
type watched struct {
	io.Reader
	watch *time.Timer
	stall time.Duration
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.watch.Reset(w.stall)
	return n, err
}
