// Package output is the only one that touches the terminal. A Printer shows
// the results, messages and failures of one run in the chosen mode, asks the
// user, and says that impCentral is being waited for.
package output

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// Mode is how results are shown.
type Mode int

// The modes. Text and Debug are for readers, Minimal has the result alone, and
// JSON is for programs.
const (
	Text Mode = iota
	Minimal
	JSON
	Debug
)

// ParseMode understands the values of the option --output. Without the option
// the mode is Text.
func ParseMode(name string) (Mode, bool) {
	switch name {
	case "":
		return Text, true
	case "minimal":
		return Minimal, true
	case "json":
		return JSON, true
	case "debug":
		return Debug, true
	}
	return Text, false
}

// Stream is an output of the program.
type Stream struct {
	io.Writer
	// Terminal tells that a person reads it as it is written.
	Terminal bool
	// Dumb tells that the terminal cannot show colours or move its cursor,
	// whatever TERM says.
	Dumb bool
	// Columns is the width of the terminal; 0 when it is unknown.
	Columns int
}

// Options are what a Printer is made of.
type Options struct {
	Mode Mode
	// Stdin is read by MoreLogs alone; questions are answered at the terminal.
	Stdin          io.Reader
	Stdout, Stderr Stream
	// Term and NoColor are the variables TERM and NO_COLOR.
	Term, NoColor string
	// OpenTTY opens the controlling terminal, OpenTerminal outside of tests;
	// nil when there is none.
	OpenTTY func() (Terminal, error)
	// After calls f once after d, unless it is stopped; nil for real time.
	After func(d time.Duration, f func()) (stop func())
	// Now tells the time; nil for time.Now.
	Now func() time.Time
}

// A Printer shows the output of one run. Its methods may be called from
// several goroutines; what one call shows is never mixed with another's.
type Printer struct {
	mode     Mode
	out, err *sink
	dialog   *sink // where questions go
	openTTY  func() (Terminal, error)
	after    func(time.Duration, func()) func()
	now      func() time.Time

	reporting sync.Mutex // is taken before mu
	report    report

	question chan struct{} // holds one token while a question is open
	input    struct {
		once  sync.Once
		from  *bufio.Reader
		lines chan struct{} // a token per line; closed at the end of input
	}

	mu     sync.Mutex
	asking bool // a question is open: what others print waits in held
	held   []holding
	shown  bool  // a result was shown, or logs take its place
	failed error // the first failed write to standard output
	gone   chan struct{}
	spin   spinner
}

type holding struct {
	to   *sink
	text []byte
}

// A sink is a stream and what may be written to it.
type sink struct {
	stream Stream
	clean  bool // escape control characters
	codes  bool // may get cursor codes
	colour bool // may get coloured keys
	broken bool // a write failed; later ones are dropped
}

// New returns the printer of one run. Close it at the end.
func New(o Options) *Printer {
	p := &Printer{
		mode:     o.Mode,
		out:      newSink(o.Stdout, o),
		err:      newSink(o.Stderr, o),
		openTTY:  o.OpenTTY,
		after:    o.After,
		now:      o.Now,
		question: make(chan struct{}, 1),
		gone:     make(chan struct{}),
	}
	p.dialog = p.out
	if o.Mode == JSON || o.Mode == Minimal {
		p.dialog = p.err
	}
	if p.after == nil {
		p.after = func(d time.Duration, f func()) func() {
			t := time.AfterFunc(d, f)
			return func() { t.Stop() }
		}
	}
	if p.now == nil {
		p.now = time.Now
	}
	p.input.from = bufio.NewReader(or[io.Reader](o.Stdin, eof{}))
	p.spin.on = o.Mode == Text && p.out.codes
	return p
}

func newSink(s Stream, o Options) *sink {
	s.Writer = or[io.Writer](s.Writer, io.Discard)
	k := &sink{stream: s, clean: s.Terminal}
	k.codes = s.Terminal && !s.Dumb && o.Term != "dumb" && (o.Term != "" || termIsOptional)
	k.colour = k.codes && o.NoColor == "" && (o.Mode == Text || o.Mode == Debug)
	return k
}

func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// Mode is the mode that the printer was made with.
func (p *Printer) Mode() Mode { return p.mode }

// Close shows what still waits, and clears the last line of the terminal if
// it says that impCentral is being contacted.
func (p *Printer) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.release()
	p.spin.ended = true
	p.stopSpinner()
}

// Gone is closed when nobody reads standard output anymore, so that a run
// without end can end.
func (p *Printer) Gone() <-chan struct{} { return p.gone }

// WriteError is why standard output could not be written, or nil. From then
// on nothing is written to it.
func (p *Printer) WriteError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// Text writes text to standard output as it is, in every mode: help, versions
// and other texts that have a layout of their own.
func (p *Printer) Text(text string) { p.emit(p.out, []byte(p.out.escape(text))) }

// Notice writes a line to standard error, in every mode.
func (p *Printer) Notice(text string) {
	p.emit(p.err, []byte(p.err.escape(text)+"\n"))
}

// Dump writes text to standard output in debug mode, and nothing in others.
func (p *Printer) Dump(text string) {
	if p.mode == Debug {
		p.emit(p.out, []byte(p.out.escape(text)+"\n"))
	}
}

// informs tells whether remarks along the way are shown.
func (p *Printer) informs() bool { return p.mode == Text || p.mode == Debug }

// emit writes text in one piece, after an open question if there is one.
func (p *Printer) emit(to *sink, text []byte) {
	if len(text) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking {
		p.held = append(p.held, holding{to, text})
		return
	}
	p.put(to, text)
}

// put writes text at once. p.mu is held.
func (p *Printer) put(to *sink, text []byte) {
	if to.broken {
		return
	}
	if p.spin.visible {
		p.spin.visible = false
		if to == p.out {
			text = append([]byte(clearLine), text...)
		} else {
			p.put(p.out, []byte(clearLine))
		}
	}
	if _, err := to.stream.Write(text); err != nil {
		to.broken = true
		if to == p.out {
			p.failed = err
			close(p.gone)
		}
	}
}

// release ends the waiting of held texts. p.mu is held.
func (p *Printer) release() {
	p.asking = false
	for _, h := range p.held {
		p.put(h.to, h.text)
	}
	p.held = nil
}
