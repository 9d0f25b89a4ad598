package builder

import (
	"strconv"
	"strings"
)

// add puts a node into the innermost open block.
func (r *reader) add(n node) {
	to := &r.tree
	if len(r.open) > 0 {
		b := r.open[len(r.open)-1]
		to = &b.body
		if last := len(b.branches) - 1; last >= 0 {
			to = &b.branches[last].body
		}
	}
	if *to == nil {
		*to = make([]node, 0, 4) // few have only one
	}
	*to = append(*to, n)
}

// directive reads a line of which the keyword ends at at.
func (r *reader) directive(d directive, line string, at int) error {
	r.column = length16(line[:at]) - len(keywords[d])
	text := trimBlanks(line[at:])
	n := node{directive: d, line: r.line, text: withoutComments(text)}
	if n.text == text {
		n.column = length16(line[:at+strings.Index(line[at:], text)]) + 1
	}
	if r.room--; r.room < 0 {
		return r.failed(string(tooManyNodes), r.column)
	}
	if d.argues() == (trimBlanks(n.text) == "") {
		return r.syntax(d)
	}
	if d.argues() && d != elseif {
		n.block = &block{}
	}
	switch d {
	case set:
		if !n.assign() {
			return r.syntax(d)
		}
	case include:
		if n.includeOnce(); trimBlanks(n.text) == "" {
			return r.syntax(d)
		}
		if strings.Contains(n.text, `\`) {
			n.slashed = strings.ReplaceAll(n.text, `\`, "/")
		}
	case condition, while, repeat, macro:
		r.open = append(r.open, n)
		return nil
	case elseif, otherwise:
		return r.branch(n)
	case end, endif, endmacro, endwhile, endrepeat:
		return r.end(d)
	default: // what stands alone
	}
	r.add(n)
	return nil
}

// assign takes the name and the value out of the argument of a set.
func (n *node) assign() bool {
	size := 0
	for size < len(n.text) && (isWord(n.text[size]) && (size > 0 || !isDigit(n.text[0])) || size == 0 && n.text[0] == '$') {
		size++
	}
	if size == 0 {
		return false
	}
	value := strings.TrimLeftFunc(n.text[size:], isBlank)
	if after, ok := strings.CutPrefix(value, "="); ok {
		value = strings.TrimLeftFunc(after, isBlank)
	}
	if n.column > 0 {
		n.column += len(n.text) - len(value)
	}
	n.name, n.text = n.text[:size], value
	return value != ""
}

// includeOnce takes the word once out of the argument of an include, together
// with the character behind it, whatever it is.
func (n *node) includeOnce() {
	after, ok := strings.CutPrefix(n.text, "once")
	if !ok || after != "" && isWord(after[0]) {
		return
	}
	if after != "" {
		after = strings.TrimLeftFunc(after[1:], isBlank)
	}
	if n.column > 0 {
		n.column += length16(n.text) - length16(after)
	}
	n.once, n.text = true, strings.TrimRightFunc(after, isBlank)
}

// branch begins the next branch of a condition.
func (r *reader) branch(n node) error {
	if len(r.open) == 0 || r.open[len(r.open)-1].directive != condition {
		return r.unexpected(n.directive)
	}
	b := r.open[len(r.open)-1]
	if b.complete {
		if n.directive == elseif {
			return r.failed("@elseif after @else is not allowed", r.column)
		}
		return r.failed("Multiple @else statements are not allowed", r.column)
	}
	b.complete = n.directive == otherwise
	b.branches = append(b.branches, branch{text: n.text})
	return nil
}

// end closes the innermost block.
func (r *reader) end(d directive) error {
	last := len(r.open) - 1
	if last < 0 || d != end && d != r.open[last].directive.closer() {
		return r.unexpected(d)
	}
	b := r.open[last]
	r.open = r.open[:last]
	r.add(b)
	return nil
}

func (r *reader) syntax(d directive) error {
	return r.failed("Syntax error in @"+keywords[d], r.column)
}

func (r *reader) unexpected(d directive) error { return r.failed("Unexpected @"+keywords[d], r.column) }

// failed is a mistake in the line that was read last. Only the name of the file
// is told, without its directory.
func (r *reader) failed(message string, column int) *Error {
	at := r.from
	at.Line = r.line
	return &Error{
		Message:  message,
		Position: at,
		Column:   column,
		text:     message + " (" + at.File + ":" + strconv.Itoa(at.Line) + ")",
	}
}
