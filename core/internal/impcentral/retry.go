package impcentral

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

const (
	leastLimitWait = time.Second
	// The unit of x-ratelimit-reset is not certain, so no single wait is long.
	mostLimitWait = 10 * time.Second
	firstBackoff  = 250 * time.Millisecond
)

// attempts counts what one request was repeated for.
type attempts struct {
	c       *Client
	method  string
	limited int
	failed  int
	waited  time.Duration
}

// next tells whether to make the request again, and after which wait.
func (t *attempts) next(a answer, err error) (time.Duration, bool) {
	switch {
	case err != nil:
		return t.backoff(lost(err) && (nothingSent(err) || repeatable(t.method)))
	case a.status == http.StatusTooManyRequests:
		return t.limit(a.header)
	case a.status == http.StatusBadGateway, a.status == http.StatusServiceUnavailable,
		a.status == http.StatusGatewayTimeout:
		return t.backoff(repeatable(t.method))
	default:
		return 0, false
	}
}

func (t *attempts) limit(h http.Header) (time.Duration, bool) {
	limits := t.c.cfg.Limits
	wait := resetAfter(h)
	wait += t.c.cfg.Jitter(wait)
	t.limited++
	t.waited += wait
	return wait, t.limited < limits.LimitTries && t.waited <= limits.LimitWait
}

func (t *attempts) backoff(may bool) (time.Duration, bool) {
	if !may || t.failed >= t.c.cfg.Limits.Retries {
		return 0, false
	}
	wait := firstBackoff << t.failed
	t.failed++
	return wait + t.c.cfg.Jitter(wait), true
}

// repeatable methods do the same if they are done twice.
func repeatable(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodPut
}

// lost tells a connection that broke from one that never answers or never was.
func lost(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.EPIPE) || isReset(err)
}

func nothingSent(err error) bool {
	b, ok := errors.AsType[*broken](err)
	return ok && b.phase == connecting
}

// resetAfter is the time until the rate limit is lifted, within bounds.
func resetAfter(h http.Header) time.Duration {
	text := h.Get("X-Ratelimit-Reset")
	if text == "" {
		text = h.Get("Retry-After")
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0) {
		return leastLimitWait
	}
	if n > 1000 {
		n /= 1000 // milliseconds
	}
	if n > mostLimitWait.Seconds() {
		return mostLimitWait
	}
	return max(time.Duration(n*float64(time.Second)), leastLimitWait)
}
