package plugin

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A plugin's standard error is kept for debug output: its beginning, where a
// crash says what it is, and its end.
const (
	keptHead = 16 << 10
	keptTail = 16 << 10
	maxLine  = 4 << 10
	// loggedBytes is how much of it is handed on while the plugin runs.
	loggedBytes = 1 << 20
)

// words are the last, and the first, words of a plugin. A flood takes a bounded
// amount of memory.
type words struct {
	log func(line string) // nil: nobody listens

	mu      sync.Mutex
	head    []byte
	tail    []byte // a ring once it is full
	next    int    // where the ring goes on
	dropped int64
	line    []byte // what has come of a line that is to be logged
	logged  int
}

// Write keeps p. It never fails.
func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.handOn(p)
	n := len(p)
	fits := min(len(p), keptHead-len(w.head))
	w.head = append(w.head, p[:fits]...)
	p = p[fits:]
	if fits = min(len(p), keptTail-len(w.tail)); fits > 0 {
		w.tail = append(w.tail, p[:fits]...)
		p = p[fits:]
	}
	w.dropped += int64(len(p))
	if len(p) > keptTail {
		p = p[len(p)-keptTail:]
	}
	for len(p) > 0 {
		copied := copy(w.tail[w.next:], p)
		w.next = (w.next + copied) % keptTail
		p = p[copied:]
	}
	return n, nil
}

// handOn logs the lines that p completes.
func (w *words) handOn(p []byte) {
	if w.log == nil || w.logged >= loggedBytes {
		return
	}
	for _, b := range p {
		if b != '\n' && len(w.line) < maxLine {
			w.line = append(w.line, b)
			continue
		}
		w.endLine()
		if w.logged >= loggedBytes {
			w.log("… (more is not shown)")
			return
		}
	}
}

func (w *words) endLine() {
	w.logged += len(w.line) + 1
	w.log(printable(string(w.line)))
	w.line = w.line[:0]
}

// end logs what has come of a last line.
func (w *words) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 {
		w.endLine()
	}
}

// String is what was kept, a line each, with nothing in it that a terminal
// obeys.
func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b strings.Builder
	text(&b, w.head)
	if w.dropped > 0 {
		fmt.Fprintf(&b, "\n… (%d bytes left out)\n", w.dropped)
	}
	text(&b, w.tail[w.next:])
	text(&b, w.tail[:w.next])
	return strings.TrimRight(b.String(), "\n")
}

// maxLast is how many of the last lines are shown, and maxLastLine how much of
// each.
const (
	maxLast     = 10
	maxLastLine = 200
)

// last are the last lines.
func (w *words) last() []string {
	var all []string
	for _, line := range strings.Split(w.String(), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, cut(line, maxLastLine))
		}
	}
	return all[max(0, len(all)-maxLast):]
}

func text(b *strings.Builder, kept []byte) {
	for i, line := range strings.Split(string(kept), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(printable(line))
	}
}

// printable escapes what is not a printable character, a tab excepted.
func printable(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r != '\t' && !strconv.IsPrint(r) || r == utf8.RuneError }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t' || strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}
