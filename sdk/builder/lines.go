package builder

import (
	"strings"
	"unicode/utf8"
)

// reader takes a source apart into nodes.
type reader struct {
	*expressions

	source string
	from   Position // without a line
	line   int      // lines read so far
	column int      // of the directive that was read last
	last   int      // the last line that was no comment
	tree   []node
	open   []node // directives whose end was not read yet
	room   int    // nodes that may be made

	// Text that is output as it is, from keptFrom up to keptTo, and the line
	// that it begins in.
	keptFrom, keptTo, keptLine int
}

// nodeSize is how many bytes a node takes, about, with its expression.
const nodeSize = 400

// read takes the text of a source apart. Its errors are complete.
func (m *machine) read(source string, from Position) ([]node, error) {
	room := m.free() / nodeSize
	r := reader{expressions: &m.expressions, source: source, from: from, room: room}
	r.tree = make([]node, 0, 3+strings.Count(source, "@")) // more if expressions have text around them
	separator := -1                                        // the next one, once the last one is passed
	for at := 0; at < len(source); {
		if separator < at {
			separator = nextSeparator(source, at)
		}
		stray, size := separator, len("\u2028")
		if i := strayReturn(source[at:separator]); i >= 0 {
			stray, size = at+i, len("\r")
		}
		if err := r.lines(at, stray); err != nil {
			return nil, err
		}
		r.line++ // the end is a line of its own, which is left out
		at = stray + size
	}
	r.flush()
	if len(r.open) > 0 {
		open := r.open[len(r.open)-1]
		r.line = r.last
		return nil, r.failed("Unclosed @"+keywords[open.directive]+" statement", 0)
	}
	m.held += (room - r.room) * nodeSize
	return r.tree, nil
}

// Some ends of lines are none elsewhere, and are dropped: a carriage return
// without a line feed, and Unicode's separators of lines and paragraphs.

// nextSeparator finds one of Unicode's from a place on; without one, it is the
// end of the text.
func nextSeparator(text string, from int) int {
	const begin = "\xe2\x80" // of U+2028 and U+2029
	for {
		next := strings.Index(text[from:], begin)
		if next < 0 || from+next+2 >= len(text) {
			return len(text)
		}
		from += next
		if c := text[from+2]; c == 0xa8 || c == 0xa9 {
			return from
		}
		from += 2
	}
}

func strayReturn(text string) int {
	for i := 0; ; i += 2 {
		next := strings.IndexByte(text[i:], '\r')
		if next < 0 {
			return -1
		}
		if i += next; i+1 == len(text) || text[i+1] != '\n' {
			return i
		}
	}
}

// lines reads lines that end with a line feed, but for the last one.
func (r *reader) lines(from, to int) error {
	for from < to {
		text := r.source[from:to]
		at := strings.IndexByte(text, '@')
		if at < 0 {
			r.plain(from, to)
			return nil
		}
		begin := strings.LastIndexByte(text[:at], '\n') + 1
		r.plain(from, from+begin)
		end := strings.IndexByte(text[at:], '\n') + at + 1
		if end == at {
			end = len(text)
		}
		r.line++
		if err := r.special(from+begin, from+end, at-begin); err != nil {
			return err
		}
		from += end
	}
	return nil
}

// plain puts whole lines out as they are.
func (r *reader) plain(from, to int) {
	if from == to {
		return
	}
	r.keep(from, to, r.line+1)
	r.line += strings.Count(r.source[from:to], "\n")
	if r.source[to-1] != '\n' {
		r.line++
	}
	r.last = r.line
}

// keep puts text out as it is. What follows each other in the source becomes
// one node.
func (r *reader) keep(from, to, line int) {
	if r.keptTo == from && r.keptFrom < r.keptTo {
		r.keptTo = to
		return
	}
	r.flush()
	r.keptFrom, r.keptTo, r.keptLine = from, to, line
}

func (r *reader) flush() {
	if r.keptFrom < r.keptTo {
		r.add(node{directive: output, line: r.keptLine, text: r.source[r.keptFrom:r.keptTo]})
	}
	r.keptFrom = r.keptTo
}

// special reads a line whose first at sign is at at.
func (r *reader) special(from, to, at int) error {
	line := r.source[from:to]
	if at == 0 || trimBlanks(line[:at]) == "" {
		rest := line[at+1:]
		size := 0
		for size < len(rest) && rest[size] >= 'a' && rest[size] <= 'z' {
			size++
		}
		if d, ok := directives[rest[:size]]; ok && (size == len(rest) || !isWord(rest[size])) {
			r.flush()
			r.last = r.line
			return r.directive(d, line, at+1+size)
		}
		if c, _ := utf8.DecodeRuneInString(rest); rest != "" && isBlank(c) {
			return nil // a comment
		}
	}
	r.last = r.line
	return r.text(from, line, at)
}

// isWord tells whether a keyword goes on with c.
func isWord(c byte) bool {
	return c == '_' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// text reads a line of text with inline expressions, none of them before at.
func (r *reader) text(from int, line string, at int) error {
	done := 0               // what lies before was put out
	counted, column := 0, 1 // the column of a place
	for {
		next := strings.Index(line[at:], "@{")
		if next < 0 || strings.IndexByte(line[at+next:], '}') < 0 {
			break
		}
		at += next
		column += length16(line[counted : at+2])
		counted = at + 2
		e, size, err := r.parseInline(line[at+2:])
		if err != nil {
			return r.inlineFailed(err, column)
		}
		if r.room--; r.room < 0 {
			return r.failed(string(tooManyNodes), column)
		}
		if done < at {
			r.keep(from+done, from+at, r.line)
		}
		r.flush()
		r.add(node{directive: output, line: r.line, column: column, text: line[at+2 : at+2+size], inline: e})
		at += 2 + size + 1
		done = at
	}
	if done < len(line) {
		r.keep(from+done, from+len(line), r.line)
	}
	return nil
}

// inlineFailed is a mistake in an inline expression, which begins at a column.
func (r *reader) inlineFailed(cause error, column int) error {
	if c, ok := cause.(*syntaxError); ok { //nolint:errorlint // of the parser, which wraps nothing
		column += c.at
	}
	e := r.failed("Syntax error in the inline instruction at", column)
	e.Cause = cause
	return e
}
