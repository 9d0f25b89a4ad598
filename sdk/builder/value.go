package builder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Value is a value of an expression, which is one of JavaScript's: nil (null),
// bool, float64, string, []any (array), map[string]any (object), Object,
// Function or Undefined. Arrays and maps are never changed once they are made.
type Value = any

// Object is an object that a library keeps. Two are the same if they are equal
// in Go.
type Object interface {
	// Member returns the value of a member, or false if it has none of that name.
	Member(ctx context.Context, name string) (Value, bool, error)
	// Text is what the object is in a text.
	Text() (string, error)
}

// Undefined is what JavaScript calls undefined: an argument that is not given,
// or the result of a function without one.
type Undefined struct{}

// normal turns Go's other types of numbers, arrays and objects into those of
// expressions, copied.
func normal(v any) (Value, error) { return (&copier{}).copy(v, 0) }

// copier copies a value, but once what is in it twice.
type copier struct{ done map[identity]Value }

// identity is what makes an array or a map the same as another.
type identity struct {
	begin  uintptr
	length int // of an array
}

func (c *copier) copy(v any, depth int) (Value, error) {
	if depth > deepest {
		return nil, errors.New("a value that is too deep")
	}
	switch v := v.(type) {
	case nil, bool, float64, string, Undefined, Function, Object:
		return v, nil
	case []any:
		return c.array(v, depth)
	case map[string]any:
		return c.members(v, depth)
	case json.Number:
		return parseFloat(v.String()), nil
	case func(context.Context, *Scope, []Value) (Value, error):
		return Function(v), nil
	}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return float64(r.Int()), nil
	case r.CanUint():
		return float64(r.Uint()), nil
	case r.CanFloat():
		return r.Float(), nil
	}
	return nil, fmt.Errorf("a value of type %T", v)
}

func (c *copier) array(v []any, depth int) (Value, error) {
	key := identity{reflect.ValueOf(v).Pointer(), len(v)}
	if done, ok := c.done[key]; ok {
		return done, nil
	}
	items := make([]any, len(v), len(v)+1) // an array of its own even if empty
	for i, item := range v {
		n, err := c.copy(item, depth+1)
		if err != nil {
			return nil, err
		}
		items[i] = n
	}
	c.keep(key, items)
	return items, nil
}

func (c *copier) members(v map[string]any, depth int) (Value, error) {
	key := identity{reflect.ValueOf(v).Pointer(), -1}
	if done, ok := c.done[key]; ok {
		return done, nil
	}
	members := make(map[string]any, len(v))
	for name, member := range v {
		n, err := c.copy(member, depth+1)
		if err != nil {
			return nil, err
		}
		members[name] = n
	}
	c.keep(key, members)
	return members, nil
}

func (c *copier) keep(key identity, v Value) {
	if c.done == nil {
		c.done = map[identity]Value{}
	}
	c.done[key] = v
}

func truthy(v Value) bool {
	switch v := v.(type) {
	case nil, Undefined:
		return false
	case bool:
		return v
	case float64:
		return v != 0 && !math.IsNaN(v)
	case string:
		return v != ""
	}
	return true
}

// isObject tells what JavaScript compares by identity.
func isObject(v Value) bool {
	switch v.(type) {
	case []any, map[string]any, Object, Function:
		return true
	}
	return false
}

// toNumber is JavaScript's Number(v).
func (b *budget) toNumber(v Value) (float64, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case float64:
		return v, nil
	case string:
		return parseNumber(v), b.work(v)
	case []any, Object:
		s, err := b.toString(v)
		return parseNumber(s), err
	}
	return math.NaN(), nil
}

// toString is JavaScript's String(v).
func (b *budget) toString(v Value) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case Undefined:
		return "undefined", nil
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return formatNumber(v), nil
	case string:
		return v, nil
	case []any:
		var joined strings.Builder
		if err := b.join(&joined, v, 0); err != nil {
			return "", err
		}
		return joined.String(), nil
	case Function:
		return "[function]", nil
	case Object:
		text, err := v.Text()
		if err != nil {
			return "", err
		}
		return text, b.take(len(text))
	}
	return "[object Object]", nil
}

// deepest is how many arrays may lie in each other.
const deepest = 1000

func (b *budget) join(to *strings.Builder, items []any, depth int) error {
	if depth > deepest {
		return plain("Maximum call stack size exceeded")
	}
	for i, item := range items {
		if i > 0 {
			to.WriteByte(',')
		}
		before := to.Len()
		switch item := item.(type) {
		case nil, Undefined:
		case []any:
			if err := b.join(to, item, depth+1); err != nil {
				return err
			}
			before = to.Len()
		default:
			text, err := b.toString(item)
			if err != nil {
				return err
			}
			to.WriteString(text)
		}
		if err := b.take(to.Len() - before + 1); err != nil {
			return err
		}
	}
	return nil
}

// looselyEqual is JavaScript's a == b.
func (b *budget) looselyEqual(x, y Value) (bool, error) {
	if none(x) || none(y) {
		return none(x) && none(y), nil
	}
	if isObject(x) && isObject(y) {
		return identical(x, y), nil
	}
	var err error
	if x, err = b.primitive(x); err != nil {
		return false, err
	}
	if y, err = b.primitive(y); err != nil {
		return false, err
	}
	s, isText := x.(string)
	t, isTextToo := y.(string)
	if isText && isTextToo {
		return s == t, b.work(s[:min(len(s), len(t))])
	}
	m, err := b.toNumber(x)
	if err != nil {
		return false, err
	}
	n, err := b.toNumber(y)
	return m == n, err
}

func none(v Value) bool {
	_, undefined := v.(Undefined)
	return v == nil || undefined
}

// identical tells whether two arrays, objects or functions are the same one.
func identical(x, y Value) bool {
	if o, ok := x.(Object); ok {
		return o == y
	}
	v, w := reflect.ValueOf(x), reflect.ValueOf(y)
	if v.Kind() != w.Kind() || v.Pointer() != w.Pointer() {
		return false
	}
	return v.Kind() != reflect.Slice || v.Len() == w.Len()
}

// primitive turns objects into the strings that operators take them for.
func (b *budget) primitive(v Value) (Value, error) {
	if isObject(v) {
		return b.toString(v)
	}
	return v, nil
}
