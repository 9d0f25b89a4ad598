package output

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/electricimp/impt/sdk/document"
)

const (
	green     = "\x1b[32m"
	red       = "\x1b[31m"
	plain     = "\x1b[39m"
	corrupted = "Corrupted "

	// longest is how many UTF-16 units of an attribute readers see.
	longest = 512
)

// cut shortens a list below a key.
type cut struct {
	keep int
	noun string
}

// tree renders documents for readers.
type tree struct {
	buf       []byte
	separator string // between the elements of an inline list
	clean     bool
	colour    bool
	cuts      map[string]cut
}

// place is what a value is part of.
type place struct {
	indent int
	// entity tells that the members of an object are the attributes of an
	// entity, which are cut when they are long.
	entity bool
	// corrupted tells that the entity is gone.
	corrupted bool
}

func (p *Printer) tree(to *sink) *tree {
	t := &tree{separator: ",", clean: to.clean, colour: to.colour}
	if p.informs() {
		t.separator = ", "
	}
	return t
}

// document appends a whole document. Empty ones leave no trace.
func (t *tree) document(v document.Value) {
	switch v := v.(type) {
	case nil:
		return
	case document.List:
		if len(v) > 0 && inline(v) {
			t.value(v, place{})
			return
		}
		for _, e := range v {
			t.value(e, place{entity: true})
		}
	default:
		t.value(v, place{entity: true})
	}
}

func (t *tree) value(v document.Value, at place) {
	if inline(v) {
		t.pad(at.indent)
		t.inline(v, at)
		t.newline()
		return
	}
	switch v := v.(type) {
	case string:
		t.block(v, at.indent)
	case document.List:
		if len(v) == 0 {
			t.pad(at.indent)
			t.buf = append(t.buf, '-')
			t.newline()
		}
		for _, e := range v {
			t.value(e, at)
		}
	case document.Object:
		t.object(v, at)
	}
}

func (t *tree) object(o document.Object, at place) {
	widest := 0
	for _, f := range o {
		widest = max(widest, width(t.text(f.Key)))
	}
	for _, f := range o {
		inner := at
		inner.indent += 2
		if strings.HasPrefix(f.Key, corrupted) {
			inner.corrupted = true
		}
		key := t.text(f.Key)
		t.pad(at.indent)
		t.paint(key+": ", t.colour, inner.corrupted)

		v := f.Value
		if s, ok := v.(string); ok && at.entity {
			v = shorten(s)
		}
		if l, ok := v.(document.List); ok {
			v = t.shortList(f.Key, l)
		}
		if inline(v) {
			t.pad(widest - width(key))
			t.inline(v, inner)
			t.newline()
			continue
		}
		t.newline()
		// Names of entities begin with a capital; impCentral's attributes,
		// whose inner values are shown whole, do not.
		inner.entity = at.entity && (at.indent == 0 || isName(f.Key))
		t.value(v, inner)
	}
}

// block appends a text of several lines.
func (t *tree) block(s string, indent int) {
	t.pad(indent)
	t.buf = append(t.buf, `"""`...)
	t.newline()
	for line := range strings.SplitSeq(t.text(s), "\n") {
		t.pad(indent + 2)
		t.buf = append(t.buf, line...)
		t.newline()
	}
	t.pad(indent)
	t.buf = append(t.buf, `"""`...)
	t.newline()
}

// inline appends a value that stands in one line.
func (t *tree) inline(v document.Value, at place) {
	l, ok := v.(document.List)
	if !ok {
		t.paint(t.scalar(v), t.colour && at.corrupted, true)
		return
	}
	t.paint(t.join(l, t.separator), t.colour && at.corrupted, true)
}

func (t *tree) join(l document.List, separator string) string {
	var b strings.Builder
	for i, e := range l {
		if i > 0 {
			b.WriteString(separator)
		}
		switch e := e.(type) {
		case nil:
		case document.List:
			b.WriteString(t.join(e, ","))
		case document.Object:
			b.WriteString(t.text(string(document.Encode(e))))
		default:
			b.WriteString(t.scalar(e))
		}
	}
	return b.String()
}

func (t *tree) scalar(v document.Value) string {
	switch v := v.(type) {
	case string:
		return t.text(v)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return document.Number(v)
	case int:
		return strconv.Itoa(v)
	}
	return "null"
}

// paint appends s, in red or green if it shall have a colour.
func (t *tree) paint(s string, colour, wrong bool) {
	switch {
	case !colour || s == "":
		t.buf = append(t.buf, s...)
		return
	case wrong:
		t.buf = append(t.buf, red...)
	default:
		t.buf = append(t.buf, green...)
	}
	t.buf = append(t.buf, s...)
	t.buf = append(t.buf, plain...)
}

func (t *tree) pad(n int) {
	for range n {
		t.buf = append(t.buf, ' ')
	}
}

func (t *tree) newline() { t.buf = append(t.buf, '\n') }

func (t *tree) text(s string) string {
	if t.clean {
		return Escape(s)
	}
	return s
}

// shortList leaves the first items of a list that is to be cut, and says how
// many more there are.
func (t *tree) shortList(key string, l document.List) document.List {
	c, ok := t.cuts[key]
	if !ok || len(l) <= c.keep {
		return l
	}
	short := append(document.List(nil), l[:c.keep]...)
	return append(short, "... "+strconv.Itoa(len(l)-c.keep)+" more "+or(c.noun, kind(l[0]))+"(s)")
}

// kind is what an item of a list is, by its only key.
func kind(v document.Value) string {
	if o, ok := v.(document.Object); ok && len(o) > 0 {
		return o[0].Key
	}
	return "item"
}

func inline(v document.Value) bool {
	if l, ok := v.(document.List); ok {
		return len(l) > 0 && single(l[0])
	}
	return single(v)
}

// single tells whether v is no list or object and has one line.
func single(v document.Value) bool {
	switch v := v.(type) {
	case document.List, document.Object:
		return false
	case string:
		return !strings.Contains(v, "\n")
	}
	return true
}

func isName(key string) bool {
	r, _ := utf8.DecodeRuneInString(key)
	return unicode.IsUpper(r)
}

// width is the length of s in UTF-16 units.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// shorten cuts a long attribute. A character that lies across the border is
// lost, as it is in JavaScript.
func shorten(s string) string {
	if len(s) <= longest {
		return s
	}
	n := 0
	for i, r := range s {
		units := 1
		if r > 0xffff {
			units = 2
		}
		switch {
		case n == longest:
			return s[:i] + "\n..."
		case n+units > longest:
			return s[:i] + "\ufffd\n..."
		}
		n += units
	}
	return s
}
