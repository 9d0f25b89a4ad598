package sim

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

// RateLimit allows so many requests per account and window; then 429. Requests
// for log streams' events are free; those without a valid token share a window.
type RateLimit struct {
	Requests int           // 0: no limit
	Window   time.Duration // default 1 s
	// ResetUnit is the unit of x-ratelimit-reset. Default 1 s.
	ResetUnit time.Duration
}

type rateWindow struct {
	ends time.Time
	used int
}

func (s *Sim) limit(c *call, rt *route, header http.Header) error {
	l := s.cfg.RateLimit
	if l.Requests <= 0 || rt.open && !rt.auth {
		return nil
	}
	length, unit := cmp.Or(l.Window, time.Second), cmp.Or(l.ResetUnit, time.Second)
	key := ""
	if c.me != nil {
		key = c.me.ID
	}
	w := s.limits[key]
	if w == nil || !c.now.Before(w.ends) {
		w = &rateWindow{ends: c.now.Add(length)}
		s.limits[key] = w
	}
	w.used++
	left := w.ends.Sub(c.now)
	header.Set("x-ratelimit-limit", strconv.Itoa(l.Requests))
	header.Set("x-ratelimit-remaining", strconv.Itoa(max(0, l.Requests-w.used)))
	header.Set("x-ratelimit-reset", strconv.FormatInt(int64((left+unit-1)/unit), 10))
	if w.used > l.Requests {
		return fail(http.StatusTooManyRequests, "Too Many Requests", "Only %d requests are allowed in %s.", l.Requests, length)
	}
	return nil
}
