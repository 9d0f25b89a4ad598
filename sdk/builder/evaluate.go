package builder

import (
	"context"
	"fmt"
	"math"
	"strconv"
)

// evaluate returns the value of an expression in a scope. Its errors have no
// position yet, unless they come from a macro or an include within it.
func (m *machine) evaluate(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	if e == nil {
		return nil, plain(`Unknown node type: "undefined"`)
	}
	switch e.kind {
	case literal:
		return e.value, nil
	case identifier:
		return sc.identifier(e.name), nil
	case sequence:
		return nil, plain("Syntax error")
	case this:
		return nil, plain("`this` keyword is not supported")
	case array, member, call, unary, binary, conditional:
		if err := m.step(ctx); err != nil {
			return nil, err
		}
		v, err := m.operate(ctx, e, sc)
		return v, e.locate(err)
	}
	return nil, fmt.Errorf("an expression of kind %d", e.kind)
}

// operate evaluates an expression that has others in it.
func (m *machine) operate(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	switch e.kind {
	case array:
		return m.array(ctx, e, sc)
	case member:
		return m.member(ctx, e, sc)
	case call:
		return m.call(ctx, e.left, e.items, sc)
	case unary:
		return m.unary(ctx, e, sc)
	case binary:
		return m.binary(ctx, e, sc)
	default:
		return m.conditional(ctx, e, sc)
	}
}

func (m *machine) conditional(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	test, err := m.evaluate(ctx, e.left, sc)
	if err != nil {
		return nil, err
	}
	if truthy(test) {
		return m.evaluate(ctx, e.right, sc)
	}
	return m.evaluate(ctx, e.other, sc)
}

func (m *machine) array(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	if err := m.take(16 * len(e.items)); err != nil {
		return nil, err
	}
	items := make([]any, len(e.items), len(e.items)+1)
	for i, item := range e.items {
		if item == nil {
			return nil, plain("Cannot read properties of null (reading 'type')")
		}
		v, err := m.evaluate(ctx, item, sc)
		if err != nil {
			return nil, err
		}
		items[i] = v
	}
	return items, nil
}

func (m *machine) member(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	owner, err := m.evaluate(ctx, e.left, sc)
	if err != nil {
		return nil, err
	}
	property, err := m.evaluate(ctx, e.right, sc)
	if err != nil {
		return nil, err
	}
	name, err := m.toString(property)
	if err != nil {
		return nil, err
	}
	if !truthy(owner) {
		return nil, plainf(`Owner of "%s" property is undefined`, name)
	}
	switch owner := owner.(type) {
	case map[string]any:
		if v, ok := owner[name]; ok {
			return v, nil
		}
	case []any:
		if name == "length" {
			return float64(len(owner)), nil
		}
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(owner) && strconv.Itoa(i) == name {
			return owner[i], nil
		}
	case Object:
		v, ok, err := owner.Member(ctx, name)
		if err == nil && ok {
			v, err = normal(v)
		}
		if ok || err != nil {
			return v, err
		}
	case Function:
	default:
		text, err := m.toString(owner)
		if err != nil {
			return nil, err
		}
		switch property.(type) {
		case []any:
			name = "[object Array]"
		case map[string]any:
			name = "#<Object>"
		}
		return nil, plainf("Cannot use 'in' operator to search for '%s' in %s", name, text)
	}
	return nil, plainf(`Property "%s" is not defined`, name)
}

// call calls what callee names with arguments.
func (m *machine) call(ctx context.Context, callee *expression, arguments []*expression, sc *Scope) (Value, error) {
	target, err := m.evaluate(ctx, callee, sc)
	if err != nil {
		return nil, err
	}
	name, named := target.(string)
	if named && name == "defined" {
		return m.defined(arguments, sc)
	}
	values, err := m.all(ctx, arguments, sc)
	if err != nil {
		return nil, err
	}
	function, ok := target.(Function)
	if named {
		function, ok = sc.function(name)
	}
	if !ok {
		switch {
		case callee.kind == identifier:
			return nil, plainf(`Function "%s" is not defined`, callee.name)
		case named:
			return nil, plainf(`Function "%s" is not defined`, name)
		}
		return nil, plain("Can't call a non-callable expression")
	}
	return m.apply(ctx, function, sc, values)
}

// apply calls a function and counts what it returns.
func (m *machine) apply(ctx context.Context, function Function, sc *Scope, arguments []Value) (Value, error) {
	v, err := function(ctx, sc, arguments)
	if err != nil {
		return nil, err
	}
	if v, err = normal(v); err != nil {
		return nil, fmt.Errorf("a function returns %w", err)
	}
	return v, m.received(v)
}

func (m *machine) all(ctx context.Context, arguments []*expression, sc *Scope) ([]Value, error) {
	values := make([]Value, len(arguments))
	for i, a := range arguments {
		v, err := m.evaluate(ctx, a, sc)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// defined is the one function that takes a name.
func (m *machine) defined(arguments []*expression, sc *Scope) (Value, error) {
	if len(arguments) == 0 {
		return nil, plain("Cannot read properties of undefined (reading 'type')")
	}
	if arguments[0].kind != identifier {
		return nil, plain("defined() can only be called with an identifier as an argument")
	}
	name := arguments[0].name
	_, ok := sc.Variable(name)
	if !ok {
		_, ok = sc.Global(name)
	}
	return ok, nil
}

func (m *machine) unary(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	v, err := m.evaluate(ctx, e.left, sc)
	if err != nil {
		return nil, err
	}
	switch e.name {
	case "!":
		return !truthy(v), nil
	case "-":
		n, err := m.toNumber(v)
		return -n, err
	}
	return v, nil // a plus does nothing
}

func (m *machine) binary(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	if e.left == nil {
		return nil, plainf(`Syntax error in "%s" operator`, e.name)
	}
	if e.name == "|" {
		return m.filter(ctx, e, sc)
	}
	x, err := m.evaluate(ctx, e.left, sc)
	if err != nil {
		return nil, err
	}
	y, err := m.evaluate(ctx, e.right, sc)
	if err != nil {
		return nil, err
	}
	switch e.name {
	case "||":
		if truthy(x) {
			return x, nil
		}
		return y, nil
	case "&&":
		if !truthy(x) {
			return x, nil
		}
		return y, nil
	case "==":
		equal, err := m.looselyEqual(x, y)
		return equal, err
	case "!=":
		equal, err := m.looselyEqual(x, y)
		return !equal, err
	case "+":
		return m.plus(x, y)
	case "<", ">", "<=", ">=":
		return m.compare(e.name, x, y)
	}
	return m.arithmetic(e.name, x, y)
}

// filter calls the right side with the left one as its first argument.
func (m *machine) filter(ctx context.Context, e *expression, sc *Scope) (Value, error) {
	callee, arguments := e.right, []*expression{e.left}
	if callee.kind == call {
		callee, arguments = callee.left, append(arguments, callee.items...)
	}
	return m.call(ctx, callee, arguments, sc)
}

func (m *machine) plus(x, y Value) (Value, error) {
	x, err := m.primitive(x)
	if err != nil {
		return nil, err
	}
	if y, err = m.primitive(y); err != nil {
		return nil, err
	}
	_, text := x.(string)
	if _, textToo := y.(string); text || textToo {
		s, err := m.toString(x)
		if err != nil {
			return nil, err
		}
		t, err := m.toString(y)
		if err != nil {
			return nil, err
		}
		if err := m.take(len(s) + len(t)); err != nil {
			return nil, err
		}
		return s + t, nil
	}
	return m.arithmetic("+", x, y)
}

func (m *machine) arithmetic(operator string, x, y Value) (Value, error) {
	if zero, ok := y.(float64); ok && zero == 0 && (operator == "/" || operator == "%") {
		return nil, plain("Division by zero")
	}
	a, err := m.toNumber(x)
	if err != nil {
		return nil, err
	}
	b, err := m.toNumber(y)
	if err != nil {
		return nil, err
	}
	switch operator {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	case "/":
		return a / b, nil
	}
	return math.Mod(a, b), nil
}

func (m *machine) compare(operator string, x, y Value) (Value, error) {
	x, err := m.primitive(x)
	if err != nil {
		return nil, err
	}
	if y, err = m.primitive(y); err != nil {
		return nil, err
	}
	s, text := x.(string)
	if t, textToo := y.(string); text && textToo {
		if err := m.work(s[:min(len(s), len(t))]); err != nil {
			return nil, err
		}
		order := compare16(s, t)
		return map[string]bool{"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator], nil
	}
	a, err := m.toNumber(x)
	if err != nil {
		return nil, err
	}
	b, err := m.toNumber(y)
	return map[string]bool{"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[operator], err
}
