package output

import (
	"strings"
	"sync"
	"time"
)

const (
	// clearLine empties the line of the terminal and goes to its begin.
	clearLine = "\x1b[2K\x1b[1G"
	frames    = `|/-\`
	waiting   = "Contacting impCentral..."

	// patience is how long a request runs before the user is told.
	patience = 500 * time.Millisecond
	turn     = 60 * time.Millisecond
)

// spinner tells the user that impCentral has not answered yet, or how far
// along the run is.
type spinner struct {
	on       bool   // it may be shown at all
	ended    bool   // the printer was closed
	busy     int    // requests under way, and one for progress
	progress string // how far along the run is, if it says so
	round    int    // distinguishes timers of earlier requests
	stop     func()
	frame    int
	visible  bool
}

// Busy notes that impCentral is being asked, until done is called. A terminal
// is told when it takes long. Calls may overlap.
func (p *Printer) Busy() (done func()) {
	if !p.spin.on {
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin(patience)
	return sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.finished()
	})
}

// begin counts a reason for the spinner, which is shown after d. p.mu is held.
func (p *Printer) begin(d time.Duration) {
	if p.spin.busy++; p.spin.busy == 1 {
		p.spin.round++
		p.spin.frame = 0
		p.schedule(d)
	}
}

// finished takes back what begin counted. p.mu is held.
func (p *Printer) finished() {
	if p.spin.busy--; p.spin.busy == 0 {
		p.stopSpinner()
	}
}

// schedule draws the next frame after d. p.mu is held.
func (p *Printer) schedule(d time.Duration) {
	round := p.spin.round
	p.spin.stop = p.after(d, func() { p.spinOn(round) })
}

func (p *Printer) spinOn(round int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spin.busy == 0 || p.spin.ended || p.spin.round != round || p.out.broken {
		return
	}
	if !p.asking {
		p.draw()
	}
	p.schedule(turn)
}

// draw shows the next frame, as much of it as the line holds. p.mu is held.
func (p *Printer) draw() {
	text := frames[p.spin.frame%len(frames):][:1] + " " + or(p.spin.progress, waiting)
	if c := p.out.stream.Columns; c > 0 && len(text) >= c {
		text = strings.ToValidUTF8(text[:c-1], "")
	}
	p.spin.visible = false // put need not clear it: the frame does
	p.put(p.out, []byte(clearLine+text))
	p.spin.visible = true
	p.spin.frame++
}

// stopSpinner ends the spinner and clears its line. p.mu is held.
func (p *Printer) stopSpinner() {
	if p.spin.stop != nil {
		p.spin.stop()
		p.spin.stop = nil
	}
	p.spin.round++
	if p.spin.visible {
		p.spin.visible = false
		p.put(p.out, []byte(clearLine))
	}
}
