package sim

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

const bodyKept = 4 << 10

// Request is one request that arrived, in the order of arrival.
type Request struct {
	Method string
	Path   string // below the base, escaped as it was sent: "/devices/a%2Fb"
	Query  string // as it was sent, without "?"
	// Status is 0 as long as nothing was answered, and for good if the
	// connection was dropped by a fault.
	Status     int
	Authorized bool   // a valid access token came with it
	Account    string // whose token it was
	At         time.Time

	ContentType string
	UserAgent   string
	LastEventID string
	// Secrets names the headers with secrets that came along; their values are
	// not kept.
	Secrets []string
	// Body is kept if it has no more than 4 KiB, and never for /auth.
	Body []byte
}

var secretHeaders = []string{"Authorization", "X-Electricimp-Key", "X-Electricimp-Otp-Token", "X-Electricimp-Password"}

func (s *Sim) record(r *http.Request) *Request {
	path, below := s.below(r)
	if !below {
		path = r.URL.EscapedPath()
	}
	rec := &Request{
		Method: r.Method, Path: path, Query: r.URL.RawQuery, At: s.clock.Now(),
		ContentType: r.Header.Get("Content-Type"), UserAgent: r.Header.Get("User-Agent"),
		LastEventID: r.Header.Get("Last-Event-ID"),
	}
	for _, h := range secretHeaders {
		if r.Header.Get(h) != "" {
			rec.Secrets = append(rec.Secrets, h)
		}
	}
	if len(s.requests) >= s.cfg.RequestsKept {
		s.requests = slices.Delete(s.requests, 0, len(s.requests)-s.cfg.RequestsKept+1)
	}
	s.requests = append(s.requests, rec)
	s.notify()
	return rec
}

// Requests returns what arrived since the start or the last ForgetRequests.
func (s *Sim) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, len(s.requests))
	for i, r := range s.requests {
		out[i] = *r
	}
	return out
}

// ForgetRequests empties the record.
func (s *Sim) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// WaitRequests returns once n answered requests of the record match method and
// pattern (see Fault), or with the context's error.
func (s *Sim) WaitRequests(ctx context.Context, method, pattern string, n int) error {
	return s.wait(ctx, func() bool {
		found := 0
		for _, r := range s.requests {
			if r.Status != 0 && (method == "" || method == r.Method) && matchPath(pattern, r.Path) {
				found++
			}
		}
		return found >= n
	})
}

// matchPath compares with a pattern in which * stands for any characters but
// "/", and ** for any at all.
func matchPath(pattern, path string) bool {
	switch {
	case pattern == "":
		return path == ""
	case strings.HasPrefix(pattern, "**"):
		for i := 0; i <= len(path); i++ {
			if matchPath(pattern[2:], path[i:]) {
				return true
			}
		}
		return false
	case pattern[0] == '*':
		for i := 0; i <= len(path); i++ {
			if matchPath(pattern[1:], path[i:]) {
				return true
			}
			if i < len(path) && path[i] == '/' {
				return false
			}
		}
		return false
	}
	return path != "" && path[0] == pattern[0] && matchPath(pattern[1:], path[1:])
}

// recordingWriter notes the status in the record.
type recordingWriter struct {
	http.ResponseWriter
	sim *Sim
	rec *Request
}

func (w *recordingWriter) WriteHeader(status int) {
	w.sim.mu.Lock()
	if w.rec.Status == 0 {
		w.rec.Status = status
		w.sim.notify()
	}
	w.sim.mu.Unlock()
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController flush.
func (w *recordingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
