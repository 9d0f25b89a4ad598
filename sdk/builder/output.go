package builder

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// result is where output goes to. The lines of the top one know where they
// come from.
type result struct {
	text        strings.Builder
	limit       int
	lineControl bool
	tracked     bool

	last    string // the file of what was written last
	written bool
	lines   int // that have ended
	marks   []mark
}

// mark tells where an output line comes from, and those up to the next mark.
type mark struct {
	from *Position
	at   int32 // lines before it
	line int32
	step int32 // how many lines of the source a line is on: 1, or 0 within a value
}

// newMark says that what follows so many lines comes from a line.
func newMark(from *Scope, at, line int, step int32) mark {
	return mark{from.origin, int32(at), int32(line), step} //nolint:gosec // the limits are smaller
}

// write appends text from a line: text of a source if step is 1, a value if it
// is 0.
func (r *result) write(text string, from *Scope, line int, step int32) error {
	if r.lineControl && (!r.written || r.last != from.place.File) {
		control := lineControl(from.place, line)
		r.mark(newMark(from, r.lines, line, 0))
		r.lines++
		r.append(control)
	}
	r.last, r.written = from.place.File, true
	if r.text.Len()+len(text) > r.limit {
		return tooMuchOutput
	}
	if r.tracked && text != "" {
		r.track(text, newMark(from, r.lines, line, step))
	}
	r.append(text)
	return nil
}

// append doubles the room when there is too little: a large result would
// otherwise be copied many times.
func (r *result) append(text string) {
	if r.text.Len()+len(text) > r.text.Cap() {
		r.text.Grow(max(len(text), r.text.Cap()))
	}
	r.text.WriteString(text)
}

// expect makes room for what a source is likely to become, if it is larger than
// all before.
func (r *result) expect(source string) {
	if len(source) > r.text.Cap() {
		r.text.Grow(min(2*len(source), r.limit))
	}
}

// track marks the lines of a text that is about to be written.
func (r *result) track(text string, m mark) {
	lines := strings.Count(text, "\n")
	switch {
	case !r.within():
		r.mark(m)
	case lines > 1 || lines == 1 && text[len(text)-1] != '\n':
		m.at++
		m.line += m.step
		r.mark(m)
	}
	r.lines += lines
}

func (r *result) mark(m mark) {
	if !r.tracked {
		return
	}
	if n := len(r.marks); n > 0 {
		before := r.marks[n-1]
		if before.from == m.from && before.step == m.step && before.line+(m.at-before.at)*m.step == m.line {
			return
		}
	}
	if len(r.marks) == cap(r.marks) {
		r.marks = slices.Grow(r.marks, max(16, cap(r.marks)))
	}
	r.marks = append(r.marks, m)
}

// position returns where an output line comes from, counted from 0.
func (r *result) position(line int) (Position, bool) {
	total := r.lines
	if r.within() {
		total++
	}
	if line < 0 || line >= total {
		return Position{}, false
	}
	i, found := slices.BinarySearchFunc(r.marks, line, func(m mark, line int) int { return int(m.at) - line })
	if !found {
		i--
	}
	if i < 0 {
		return Position{}, false
	}
	m := r.marks[i]
	p := *m.from
	p.Line = int(m.line) + (line-int(m.at))*int(m.step)
	return p, true
}

// within tells whether the last line goes on.
func (r *result) within() bool {
	text := r.text.String()
	return text != "" && text[len(text)-1] != '\n'
}

// inline is the text without the end of its last line.
func (r *result) inline() string {
	line, ok := strings.CutSuffix(r.text.String(), "\n")
	if ok {
		line = strings.TrimSuffix(line, "\r")
	}
	return strings.Clone(line) // without the room behind it
}

// lineControl is the line that says where the next one comes from.
func lineControl(place Place, line int) string {
	where := path.Join(place.Path, place.File)
	if isURL(place.Path) {
		where = place.Path + "/" + place.File
	}
	return "#line " + strconv.Itoa(line) + ` "` + strings.ReplaceAll(where, `"`, `\"`) + "\"\n"
}

// isURL tells whether a path begins like a URL.
func isURL(path string) bool {
	scheme, _, ok := strings.Cut(path, ":")
	if !ok || scheme == "" {
		return false
	}
	for _, c := range []byte(scheme) {
		if (!isWord(c) || c == '_') && !strings.ContainsRune("+-.", rune(c)) {
			return false
		}
	}
	return true
}
