package impcentral

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// pace holds requests back that impCentral would refuse. It knows only what
// impCentral said about the rate limit, and costs nothing until that is near.
type pace struct {
	clock Clock

	mu     sync.Mutex
	flying int       // requests under way
	known  bool      // left and until are
	left   int       // requests that may still be begun ...
	until  time.Time // ... before this time
}

func (p *pace) enter(ctx context.Context) error {
	for {
		wait := p.begin()
		if wait <= 0 {
			return nil
		}
		if err := p.clock.Wait(ctx, wait); err != nil {
			return err
		}
	}
}

// begin begins a request, or tells how long to wait before asking again.
func (p *pace) begin() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known {
		if wait := p.until.Sub(p.clock.Now()); wait <= 0 {
			p.known = false
		} else if p.left <= 0 {
			return wait
		}
		p.left--
	}
	p.flying++
	return 0
}

// leave ends a request and reads what its answer says.
func (p *pace) leave(a answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flying--
	refused := a.status == http.StatusTooManyRequests
	left, err := strconv.Atoi(a.header.Get("X-Ratelimit-Remaining"))
	if err != nil && !refused {
		return
	}
	// Those under way may have been counted or not: assume the worse. Nor do
	// answers come in the order in which they were counted.
	left -= p.flying
	now := p.clock.Now()
	if p.known && now.Before(p.until) {
		p.left = min(p.left, left)
	} else {
		p.known, p.left, p.until = true, left, now.Add(resetAfter(a.header))
	}
	if refused {
		p.left, p.until = 0, now.Add(resetAfter(a.header))
	}
}
