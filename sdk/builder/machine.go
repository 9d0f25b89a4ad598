package builder

import (
	"context"
	"slices"
)

// machine executes sources. One build has one machine.
type machine struct {
	Settings
	limits Limits
	budget
	expressions

	variables map[string]Value // those that were passed, and functions
	globals   map[string]Value // those that were set, and macros
	macros    map[string]*macroOf

	texts   map[string]*content // what was included
	seen    map[string]bool     // references that were included
	origins map[origin]*Position

	depth int
	chain []Position
}

func (m *machine) environment(name string) (string, bool) {
	if m.Environment == nil {
		return "", false
	}
	return m.Environment(name)
}

// origin is what tells sources apart.
type origin struct{ name, dir, file string }

// scope returns a scope at the begin of a source.
func (m *machine) scope(place Place, name string) *Scope {
	key := origin{name, place.Path, place.File}
	from := m.origins[key]
	if from == nil {
		from = &Position{Name: name, Dir: place.Path, File: place.File}
		m.origins[key] = from
	}
	return &Scope{machine: m, place: place, origin: from, line: 1}
}

// chained adds the way that led to an error, which is where the machine is.
func (m *machine) chained(err error) error {
	if e, ok := err.(*Error); ok && e.Chain == nil { //nolint:errorlint // one that has just been made
		e.Chain = slices.Clone(m.chain)
	}
	return err
}

// run executes nodes one level deeper.
func (m *machine) run(ctx context.Context, tree []node, sc *Scope, out *result) error {
	if m.depth >= m.limits.Depth {
		return m.failed(sc, tooDeep)
	}
	m.depth++
	defer func() { m.depth-- }()
	for i := range tree {
		n := &tree[i]
		sc.line = n.line
		if err := m.step(ctx); err != nil {
			return m.failed(sc, err)
		}
		used := m.used
		if err := m.execute(ctx, n, sc, out); err != nil {
			return err
		}
		m.used = used // what the directive has made is gone
	}
	return nil
}

func (m *machine) execute(ctx context.Context, n *node, sc *Scope, out *result) error {
	switch n.directive {
	case output:
		return m.output(ctx, n, sc, out)
	case set:
		return m.set(ctx, n, sc)
	case include:
		return m.includeNode(ctx, n, sc, out)
	case condition:
		return m.condition(ctx, n, sc, out)
	case while, repeat:
		return m.loop(ctx, n, sc, out)
	case macro:
		return m.declare(n, sc)
	case failure, warning:
		return m.message(ctx, n, sc)
	default: // ends and branches are no nodes
		return nil
	}
}

func (m *machine) set(ctx context.Context, n *node, sc *Scope) error {
	used := m.used
	v, err := m.argument(ctx, n, sc)
	if err != nil {
		return err
	}
	if err := m.hold(n.name, v, m.used-used); err != nil {
		return m.failed(sc, err)
	}
	m.globals[n.name] = v
	return nil
}

// argument evaluates the expression of a directive.
func (m *machine) argument(ctx context.Context, n *node, sc *Scope) (Value, error) {
	return m.value(ctx, &n.parsed, n.text, n.column, sc)
}

func (m *machine) value(ctx context.Context, p **parsed, text string, column int, sc *Scope) (Value, error) {
	e, err := m.parsedIn(p, text)
	if err != nil {
		return nil, m.failedIn(sc, err, text, column)
	}
	v, err := m.evaluate(ctx, e, sc)
	if err != nil {
		return nil, m.failedIn(sc, err, text, column)
	}
	return v, nil
}

func (m *machine) output(ctx context.Context, n *node, sc *Scope, out *result) error {
	text, step := n.text, int32(1)
	if n.inline != nil {
		step = 0
		v, err := m.evaluate(ctx, n.inline, sc)
		if err == nil {
			text, err = m.toString(v)
		}
		if err != nil {
			return m.failedIn(sc, err, n.text, n.column)
		}
	}
	sc.line = n.line // an include in the expression has not moved it
	if err := out.write(text, sc, n.line, step); err != nil {
		return m.failed(sc, err)
	}
	return nil
}

func (m *machine) message(ctx context.Context, n *node, sc *Scope) error {
	v, err := m.argument(ctx, n, sc)
	if err != nil {
		return err
	}
	text, err := m.toString(v)
	if err != nil {
		return m.failed(sc, err)
	}
	if n.directive == failure {
		return m.chained(&Error{Message: text, Position: sc.position(), User: true, text: text})
	}
	if m.Warn != nil {
		m.Warn(Warning{text, sc.position()})
	}
	return nil
}

func (m *machine) condition(ctx context.Context, n *node, sc *Scope, out *result) error {
	v, err := m.argument(ctx, n, sc)
	if err != nil {
		return err
	}
	if truthy(v) {
		return m.run(ctx, n.body, sc, out)
	}
	for i := range n.branches {
		b := &n.branches[i]
		if b.text != "" {
			if v, err = m.value(ctx, &b.parsed, b.text, 0, sc); err != nil {
				return err
			}
		}
		if b.text == "" || truthy(v) {
			return m.run(ctx, b.body, sc, out)
		}
	}
	return nil
}

// loop executes a while or a repeat. What it repeats so many times is
// evaluated each time.
func (m *machine) loop(ctx context.Context, n *node, sc *Scope, out *result) error {
	around := sc.local
	defer func() { sc.local = around }()
	for i := 0; ; i++ {
		sc.line, sc.local = n.line, around
		used := m.used
		v, err := m.argument(ctx, n, sc)
		if err != nil {
			return err
		}
		if n.directive == while && !truthy(v) {
			return nil
		}
		if n.directive == repeat {
			times, ok := v.(float64)
			if ok && times == float64(i) {
				return nil
			}
			if !ok || times != toInteger(times) || times < float64(i) {
				return m.failed(sc, m.endless(v, i))
			}
		}
		if err := m.step(ctx); err != nil {
			return m.failed(sc, err)
		}
		m.used = used
		sc.local = &local{name: "loop", index: i, outer: around}
		if err := m.run(ctx, n.body, sc, out); err != nil {
			return err
		}
	}
}

func (m *machine) endless(times Value, done int) error {
	text, err := m.toString(times)
	if err != nil {
		return err
	}
	if _, ok := times.(string); ok {
		text = `"` + text + `"`
	}
	if done > 0 {
		return plainf("@repeat cannot be done %s times, it was done %d times already", text, done)
	}
	return plainf("@repeat cannot be done %s times", text)
}

// failed gives an error the position of a scope. One that has a position gets
// it too, behind its own.
func (m *machine) failed(sc *Scope, err error) error { return m.failedIn(sc, err, "", 0) }

// failedIn does it for an error in an expression, which begins at a column, if
// that is known.
func (m *machine) failedIn(sc *Scope, err error, text string, column int) error {
	at := sc.position()
	if e, ok := err.(*Error); ok { //nolint:errorlint // a wrapped one comes from another build
		outer := *e
		outer.text += " (" + at.String() + ")"
		return &outer
	}
	if inside, ok := err.(*located); ok { //nolint:errorlint // only those that are made here
		err = inside.error
		if column > 0 {
			column += length16(text[:inside.at])
		}
	}
	e := &Error{Message: err.Error(), Position: at, Column: column}
	switch cause := err.(type) { //nolint:errorlint // only those that are made here
	case plain:
	case *syntaxError:
		if column > 0 {
			e.Column += cause.at
		}
	case *readError:
		e.Cause = cause.error
	default:
		e.Cause = err
	}
	e.text = e.Message + " (" + at.String() + ")"
	return m.chained(e)
}
