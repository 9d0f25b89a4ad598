package builder

import (
	"context"
	"fmt"
)

// Settings are what a build depends on besides its source. The zero value is
// good for sources that include nothing.
type Settings struct {
	// Reader finds what is included. Without one, nothing is found.
	Reader Reader
	// Variables rank before everything that the source sets. Their values are
	// those of JSON, in Go's types for them, or Functions and Objects.
	Variables map[string]any
	// Libraries rank between the variables and the functions of the language, but
	// for min, max and abs. Package jslib makes them from JavaScript.
	Libraries map[string]any
	// Environment returns the variables that rank last. Nil: there are none.
	Environment func(name string) (string, bool)
	// LineControl writes lines that say which source the next lines come from.
	LineControl bool
	// SuppressDuplicates is whether there is no warning about a text that is
	// included twice.
	SuppressDuplicates bool
	// Warn is told the warnings, at once. Nil: nobody is.
	Warn func(Warning)
	// Limits are what the build may use up.
	Limits Limits
}

// Result is what a build makes.
type Result struct {
	Text string

	lines *result
}

// Position returns where a line of the result comes from, counted from 1. A
// line that a macro wrote comes from the macro; one that a value wrote, from
// the line that has the expression in it. It is false for a line that the
// result has not.
func (r *Result) Position(line int) (Position, bool) { return r.lines.position(line - 1) }

// Build runs the language on a text that lies at place. What the text does
// wrong is an *Error; else the error is that of the context, or one about the
// settings.
func Build(ctx context.Context, text string, place Place, s Settings) (*Result, error) {
	m, err := newMachine(s)
	if err != nil {
		return nil, err
	}
	for name, v := range m.variables {
		if field := place.field(name); field != nil {
			if s, ok := v.(string); ok {
				*field = s
			}
			delete(m.variables, name)
		}
	}
	out := &result{limit: m.limits.Output, lineControl: s.LineControl, tracked: true}
	out.expect(text)
	top := m.scope(place, place.File)
	tree, err := m.read(text, *top.origin)
	if err == nil {
		err = m.run(ctx, tree, top, out)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return &Result{Text: out.text.String(), lines: out}, nil
}

func newMachine(s Settings) (*machine, error) {
	m := &machine{
		Settings:  s,
		limits:    s.Limits.withDefaults(),
		variables: make(map[string]Value, 16+len(s.Variables)+len(s.Libraries)),
		globals:   map[string]Value{},
		macros:    map[string]*macroOf{},
		texts:     map[string]*content{},
		seen:      map[string]bool{},
		origins:   map[origin]*Position{},
	}
	m.budget = newBudget(m.limits)
	m.builtins(m.variables)
	if err := m.add(s.Libraries); err != nil {
		return nil, err
	}
	m.numbers(m.variables)
	return m, m.add(s.Variables)
}

func (m *machine) add(variables map[string]any) error {
	for name, v := range variables {
		value, err := normal(v)
		if err != nil {
			return fmt.Errorf("variable %q: %w", name, err)
		}
		m.variables[name] = value
	}
	return nil
}
