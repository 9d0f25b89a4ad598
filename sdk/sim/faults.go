package sim

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fault is something that goes wrong with requests. Without Status,
// DropConnection and Truncate the request is carried out and answered as
// usual, only later if Delay or Hold say so.
type Fault struct {
	Method string // empty: any
	// Path below the base: "/devices/*/restart". * stands for any characters
	// but "/", ** for any. Empty: any path.
	Path string
	// Nth is the first matching request that is hit, counted from 1 and from
	// the injection. Count is how many are hit from there on: 0 is one, -1 all.
	Nth, Count int

	Delay time.Duration // by the simulator's clock
	Hold  bool          // until Release

	// After carries the request out before it goes wrong: its effect is there,
	// its answer lost or replaced.
	After bool

	// DropConnection gives no answer at all. Go's client, among others, quietly
	// repeats a GET for which a connection used before was dropped.
	DropConnection bool
	// Status, Headers and Body are the answer. The body is JSON if Headers do
	// not say otherwise.
	Status  int
	Headers map[string]string
	Body    string
	// Truncate cuts the connection after so many bytes of the answer's body.
	Truncate int
}

// Injected is a fault at work.
type Injected struct {
	sim     *Sim
	fault   Fault
	matches int
	hits    int
	release chan struct{}
	open    bool // release is closed
}

// Inject puts a fault at work. If a request matches several, the one injected
// first is served; all of them count it.
func (s *Sim) Inject(f Fault) *Injected {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &Injected{sim: s, fault: f, release: make(chan struct{})}
	s.faults = append(s.faults, i)
	return i
}

// Hits is how many requests were hit.
func (i *Injected) Hits() int {
	i.sim.mu.Lock()
	defer i.sim.mu.Unlock()
	return i.hits
}

// WaitHits returns once n requests or more were hit, or with the context's error.
func (i *Injected) WaitHits(ctx context.Context, n int) error {
	return i.sim.wait(ctx, func() bool { return i.hits >= n })
}

// Release lets go of the requests held now and in future.
func (i *Injected) Release() {
	i.sim.mu.Lock()
	defer i.sim.mu.Unlock()
	if !i.open {
		i.open = true
		close(i.release)
	}
}

// Remove ends the fault, and releases what it holds.
func (i *Injected) Remove() {
	i.Release()
	i.sim.mu.Lock()
	defer i.sim.mu.Unlock()
	i.sim.faults = slices.DeleteFunc(i.sim.faults, func(f *Injected) bool { return f == i })
}

// hit finds the fault for a request. The lock is held.
func (s *Sim) hit(r *Request) *Injected {
	var found *Injected
	for _, i := range s.faults {
		f := i.fault
		if f.Method != "" && f.Method != r.Method || f.Path != "" && !matchPath(f.Path, r.Path) {
			continue
		}
		i.matches++
		first, count := max(1, f.Nth), cmp.Or(f.Count, 1)
		if found == nil && i.matches >= first && (count < 0 || i.matches < first+count) {
			i.hits++
			found = i
		}
	}
	if found != nil {
		s.notify()
	}
	return found
}

func (i *Injected) serve(s *Sim, w http.ResponseWriter, r *http.Request, rec *Request) {
	f := i.fault
	if f.Delay > 0 && !s.sleep(r.Context(), f.Delay) {
		abort()
	}
	if f.Hold {
		select {
		case <-i.release:
		case <-r.Context().Done():
			abort()
		case <-s.ctx.Done():
			abort()
		}
	}
	replaced := f.DropConnection || f.Status != 0
	var a answer
	if !replaced || f.After {
		a = s.answer(w, r, rec)
	}
	if f.DropConnection {
		abort()
	}
	if f.Truncate > 0 {
		w = &truncatingWriter{ResponseWriter: w, left: f.Truncate}
	}
	if f.Status == 0 {
		s.write(w, r, a)
		return
	}
	w.Header().Set("Content-Type", mediaAPI)
	for name, value := range f.Headers {
		w.Header().Set(name, value)
	}
	if f.Body != "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(f.Body)))
	}
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(f.Body))
}

// abort is net/http's way for a handler to cut the connection.
func abort() { panic(http.ErrAbortHandler) }

type truncatingWriter struct {
	http.ResponseWriter
	left int
}

func (w *truncatingWriter) Write(b []byte) (int, error) {
	if len(b) <= w.left {
		w.left -= len(b)
		return w.ResponseWriter.Write(b)
	}
	_, _ = w.ResponseWriter.Write(b[:w.left])
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	abort()
	return 0, http.ErrAbortHandler
}

func (w *truncatingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
