package builder

import (
	"context"
	"fmt"
	"strings"
)

// content is a text that was included, from wherever. It is read once.
type content struct {
	last inclusion
	tree []node
}

// inclusion is an include that was done.
type inclusion struct {
	file      string
	line      int
	reference string
}

func (i inclusion) String() string {
	return fmt.Sprintf("\n    %s:%d (%s)", i.file, i.line, i.reference)
}

// includeNode executes an include: of a macro, if it is the call of one, else of
// a source.
func (m *machine) includeNode(ctx context.Context, n *node, sc *Scope, out *result) error {
	e, err := m.parsedIn(&n.parsed, n.text)
	if err == nil && e.kind == call && e.left != nil && e.left.kind == identifier {
		if called, ok := m.macros[e.left.name]; ok {
			arguments, err := m.all(ctx, e.items, sc)
			if err != nil {
				return m.failedIn(sc, err, n.text, n.column)
			}
			return m.expand(ctx, called, arguments, sc, out)
		}
	}
	if n.slashed != "" {
		e, err = m.parsedIn(&n.parsedSlashed, n.slashed)
	}
	if err != nil {
		return m.failedIn(sc, err, n.text, n.column)
	}
	v, err := m.evaluate(ctx, e, sc)
	if err != nil {
		return m.failedIn(sc, err, n.text, n.column)
	}
	reference, ok := v.(string)
	if !ok {
		message := "this.expression.evaluate(...).trim is not a function"
		if v == nil {
			message = "Cannot read properties of null (reading 'trim')"
		}
		return m.chained(&Error{Message: message, Position: sc.position(), text: message})
	}
	err = m.include(ctx, sc, out, trimBlanks(reference), n.once)
	if failure, ok := err.(*readError); ok { //nolint:errorlint // one of this include, not of one within
		return m.failedIn(sc, failure, n.text, n.column)
	}
	return err
}

// readError is a source that cannot be read.
type readError struct{ error }

func (e *readError) Unwrap() error { return e.error }

// include executes a source.
func (m *machine) include(ctx context.Context, sc *Scope, out *result, reference string, once bool) error {
	if once && m.seen[reference] {
		return nil
	}
	m.seen[reference] = true
	if m.Reader == nil {
		return &readError{plain(`Source "` + reference + `" is not supported`)}
	}
	source, err := m.Reader.Read(ctx, reference, sc.place)
	if err != nil {
		return &readError{err}
	}
	text := source.Text
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if err := m.work(text); err != nil {
		return m.failed(sc, err)
	}
	now := inclusion{sc.place.File, sc.line, reference}
	c := m.texts[text]
	if c == nil {
		c = &content{}
		m.texts[text] = c
	} else {
		if once {
			return nil
		}
		if !m.SuppressDuplicates && m.Warn != nil {
			m.Warn(Warning{"Warning: duplicated includes detected! The same exact file content is included from" +
				c.last.String() + now.String(), sc.position()})
		}
	}
	c.last = now

	inner := m.scope(source.within(sc.place), source.Name)
	inner.line, inner.local = sc.line, sc.local
	m.chain = append(m.chain, sc.position())
	defer func() { m.chain = m.chain[:len(m.chain)-1] }()
	if c.tree == nil {
		if c.tree, err = m.read(text, *inner.origin); err != nil {
			return m.chained(err)
		}
	}
	out.expect(text)
	return m.run(ctx, c.tree, inner, out)
}

// inlineResult is where the output of an include or a macro within an
// expression goes to.
func (m *machine) inlineResult() *result {
	return &result{limit: min(m.limits.Output, max(0, m.free()))}
}
