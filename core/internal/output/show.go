package output

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/electricimp/impt/sdk/document"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	succeeds = "IMPT COMMAND SUCCEEDS"
	fails    = "IMPT COMMAND FAILS"

	// shownOfAKind is how many items of a kind a question shows.
	shownOfAKind = 5
	// deepest is how deep a document may be nested; a plugin could otherwise
	// exhaust the stack.
	deepest = 500
)

// Show shows the result of the command: the JSON text of an entity, as an
// object of one key, or of a list of them. Cuts apply for readers alone.
func (p *Printer) Show(text []byte, cuts ...*pluginv1.Cut) error {
	v, err := read(text)
	if err != nil {
		return fmt.Errorf("showing the result: %w", err)
	}
	p.result()
	p.emit(p.out, p.render(v, cuts))
	return nil
}

// result notes that there is a result, so that Succeed adds none.
func (p *Printer) result() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
}

func (p *Printer) render(v document.Value, cuts []*pluginv1.Cut) []byte {
	if p.mode == JSON {
		return p.json(v)
	}
	t := p.tree(p.out)
	if len(cuts) > 0 {
		t.cuts = make(map[string]cut, len(cuts))
	}
	for _, c := range cuts {
		t.cuts[c.GetKey()] = cut{max(int(c.GetKeep()), 0), c.GetNoun()}
	}
	t.document(v)
	return t.buf
}

func (p *Printer) json(v document.Value) []byte {
	text := append(document.EncodeIndent(v), '\n')
	if p.out.clean {
		return []byte(Escape(string(text)))
	}
	return text
}

// Succeed says that the command succeeded. In JSON output that is an empty
// object, unless a result was shown. It may be called again after the user
// has left what he watched.
func (p *Printer) Succeed() {
	if p.mode == JSON {
		p.nothing()
	}
	p.Info(succeeds)
}

// nothing is the result of a command that has none, in JSON output.
func (p *Printer) nothing() {
	p.mu.Lock()
	shown := p.shown
	p.shown = true
	p.mu.Unlock()
	if !shown {
		p.emit(p.out, []byte("{}\n"))
	}
}

// Info says what was done, or what is about to be shown. Minimal and JSON
// output leave it out.
func (p *Printer) Info(text string) {
	if p.informs() {
		p.emit(p.out, []byte(p.out.escape(text)+"\n"))
	}
}

// Trouble says that something is wrong while the command goes on. JSON output
// leaves it out.
func (p *Printer) Trouble(text string) {
	if p.mode != JSON {
		p.emit(p.out, []byte(p.out.escape("Error: "+text)+"\n"))
	}
}

// Say says what a plugin wants to have said, with the items below it.
func (p *Printer) Say(r *pluginv1.SayRequest) error {
	var items document.List
	if len(r.GetItems()) > 0 {
		var err error
		if items, err = readList(r.GetItems()); err != nil {
			return fmt.Errorf("saying something: %w", err)
		}
	}
	text := r.GetText()
	switch r.GetKind() {
	case pluginv1.SayKind_SAY_KIND_TROUBLE:
		if p.mode == JSON {
			return nil
		}
		text = "Error: " + text
	case pluginv1.SayKind_SAY_KIND_WARNING:
		p.Notice(text)
		return nil
	case pluginv1.SayKind_SAY_KIND_DEBUG:
		if p.mode != Debug {
			return nil
		}
	case pluginv1.SayKind_SAY_KIND_INFO, pluginv1.SayKind_SAY_KIND_UNSPECIFIED:
		if !p.informs() {
			return nil
		}
	default: // a kind of a later contract
		if !p.informs() {
			return nil
		}
	}
	t := p.tree(p.out)
	if text != "" || len(items) == 0 {
		t.line(text)
	}
	keep := int(r.GetKeep())
	if keep <= 0 {
		keep = len(items)
	}
	t.items(items, keep, r.GetNoun())
	p.emit(p.out, t.buf)
	return nil
}

// line appends a line of text.
func (t *tree) line(text string) {
	t.buf = append(t.buf, t.text(text)...)
	t.newline()
}

// items appends the first items, and how many more there are.
func (t *tree) items(items document.List, keep int, noun string) {
	rest := len(items) - keep
	if rest <= 0 {
		t.document(items)
		return
	}
	t.document(items[:keep])
	t.line("And " + strconv.Itoa(rest) + " more " + or(noun, kind(items[0])) + "(s).")
}

// kinds appends the first items of each kind; a kind stands together.
func (t *tree) kinds(items document.List) {
	for len(items) > 0 {
		n := 1
		for n < len(items) && kind(items[n]) == kind(items[0]) {
			n++
		}
		t.items(items[:n], shownOfAKind, "")
		items = items[n:]
	}
}

// read understands a document of a plugin.
func read(text []byte) (document.Value, error) {
	if depth(text) > deepest {
		return nil, errors.New("a document is nested too deep")
	}
	v, err := document.Parse(text)
	if err != nil {
		return nil, err
	}
	order(v)
	return v, nil
}

func readList(text []byte) (document.List, error) {
	v, err := read(text)
	if err != nil {
		return nil, err
	}
	l, ok := v.(document.List)
	if !ok {
		return nil, errors.New("the items are no array")
	}
	return l, nil
}

// depth is how deep the brackets of a JSON text are nested.
func depth(text []byte) int {
	now, most := 0, 0
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
		case inString:
			if c == '\\' {
				i++
			}
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

// order moves keys that are whole numbers to the front, ascending, as
// JavaScript does with every object.
func order(v document.Value) {
	switch v := v.(type) {
	case document.List:
		for _, e := range v {
			order(e)
		}
	case document.Object:
		indices := false
		for _, f := range v {
			indices = indices || index(f.Key) >= 0
			order(f.Value)
		}
		if indices {
			slices.SortStableFunc(v, byIndex)
		}
	}
}

func byIndex(a, b document.Field) int {
	x, y := index(a.Key), index(b.Key)
	switch {
	case x < 0 && y < 0:
		return 0
	case x < 0:
		return 1
	case y < 0:
		return -1
	}
	return cmp.Compare(x, y)
}

// index is the array index that a key is, or -1.
func index(key string) int64 {
	const last = 1<<32 - 2
	if key == "" || len(key) > 10 || key[0] < '0' || key[0] > '9' || key[0] == '0' && len(key) > 1 {
		return -1
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil || n > last {
		return -1
	}
	return n
}
