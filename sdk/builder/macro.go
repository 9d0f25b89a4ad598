package builder

import "context"

// macroOf is a macro that was declared.
type macroOf struct {
	name       string
	parameters []string
	body       []node
	at         Position
}

// declare executes a macro directive.
func (m *machine) declare(n *node, sc *Scope) error {
	e, err := m.parsedIn(&n.parsed, n.text)
	if err != nil {
		return m.failedIn(sc, err, n.text, n.column)
	}
	declared := &macroOf{body: n.body, at: sc.position()}
	if e.kind != call || e.left == nil || e.left.kind != identifier {
		return m.failedIn(sc, plain("Syntax error in macro declaration"), n.text, n.column)
	}
	declared.name = e.left.name
	for _, p := range e.items {
		if p.kind != identifier {
			return m.failedIn(sc, plain("Syntax error in macro declaration"), n.text, n.column)
		}
		declared.parameters = append(declared.parameters, p.name)
	}
	if before, ok := m.macros[declared.name]; ok {
		again := plainf(`Macro "%s" is already declared in %s:%d`, declared.name, before.at.File, before.at.Line)
		return m.failedIn(sc, again, n.text, n.column)
	}
	m.macros[declared.name] = declared
	m.globals[declared.name] = Function(func(ctx context.Context, this *Scope, arguments []Value) (Value, error) {
		out := m.inlineResult()
		if err := m.expand(ctx, declared, arguments, this, out); err != nil {
			return nil, err
		}
		return out.inline(), nil
	})
	return nil
}

// expand executes the body of a macro. Too many arguments are dropped; what is
// missing means what it means outside.
func (m *machine) expand(ctx context.Context, called *macroOf, arguments []Value, sc *Scope, out *result) error {
	place := sc.place
	place.File, place.Path = called.at.File, called.at.Dir
	inner := m.scope(place, called.at.Name)
	inner.line, inner.local = sc.line, sc.local
	for i, name := range called.parameters[:min(len(arguments), len(called.parameters))] {
		inner.local = &local{name, arguments[i], -1, inner.local}
	}
	m.chain = append(m.chain, sc.position())
	defer func() { m.chain = m.chain[:len(m.chain)-1] }()
	return m.run(ctx, called.body, inner, out)
}
