package builder

import (
	"context"
	"math"
	"strings"
	"unicode/utf16"
)

// text is what a function of S works on: a string, and the other arguments.
type text struct {
	*machine
	subject string
	args    []Value
}

// stringFunctions is S: JavaScript's methods of strings as functions.
func stringFunctions() map[string]any {
	all := map[string]any{}
	for name, f := range map[string]func(text) (Value, error){
		"concat":      text.concat,
		"endsWith":    text.endsWith,
		"includes":    text.includes,
		"repeat":      text.repeat,
		"split":       text.split,
		"startsWith":  text.startsWith,
		"substr":      text.substr,
		"substring":   text.substring,
		"toLowerCase": func(t text) (Value, error) { return toLower(t.subject), nil },
		"toUpperCase": func(t text) (Value, error) { return toUpper(t.subject), nil },
		"trim":        func(t text) (Value, error) { return strings.Clone(trimBlanks(t.subject)), nil },
		"trimLeft":    func(t text) (Value, error) { return strings.Clone(strings.TrimLeftFunc(t.subject, isBlank)), nil },
		"trimRight":   func(t text) (Value, error) { return strings.Clone(strings.TrimRightFunc(t.subject, isBlank)), nil },
	} {
		all[name] = Function(func(_ context.Context, this *Scope, args []Value) (Value, error) {
			if len(args) < 1 {
				return nil, plain("Missing string as required first argument in " + name + "()")
			}
			if args[0] == nil {
				return nil, plain("Cannot read properties of null (reading 'toString')")
			}
			subject, err := this.machine.toString(args[0])
			if err == nil {
				err = this.machine.work(subject)
			}
			if err != nil {
				return nil, err
			}
			return f(text{this.machine, subject, args[1:]})
		})
	}
	return all
}

// string is an argument as a string.
func (t text) string(i int) (string, error) { return t.toString(argument(t.args, i)) }

// index is an argument as a place in the text, cut to it. Without the
// argument it is otherwise.
func (t text) index(i, otherwise int) (int, error) {
	v := argument(t.args, i)
	if _, missing := v.(Undefined); missing {
		return otherwise, nil
	}
	n, err := t.toNumber(v)
	return clamp(n, length16(t.subject)), err
}

func (t text) concat() (Value, error) {
	var all strings.Builder
	all.WriteString(t.subject)
	for i := range t.args {
		s, err := t.string(i)
		if err != nil {
			return nil, err
		}
		if err := t.take(len(s)); err != nil {
			return nil, err
		}
		all.WriteString(s)
	}
	return all.String(), nil
}

func (t text) startsWith() (Value, error) {
	search, err := t.string(0)
	if err != nil {
		return nil, err
	}
	begin, err := t.index(1, 0)
	return strings.HasPrefix(slice16(t.subject, begin, length16(t.subject)), search), err
}

func (t text) endsWith() (Value, error) {
	search, err := t.string(0)
	if err != nil {
		return nil, err
	}
	end, err := t.index(1, length16(t.subject))
	return strings.HasSuffix(slice16(t.subject, 0, end), search), err
}

func (t text) includes() (Value, error) {
	search, err := t.string(0)
	if err != nil {
		return nil, err
	}
	begin, err := t.index(1, 0)
	return strings.Contains(slice16(t.subject, begin, length16(t.subject)), search), err
}

func (t text) repeat() (Value, error) {
	n, err := t.toNumber(argument(t.args, 0))
	if err != nil {
		return nil, err
	}
	times := toInteger(n)
	if times < 0 || math.IsInf(times, 0) {
		return nil, plain("Invalid count value: " + formatNumber(n))
	}
	if t.subject == "" || times == 0 {
		return "", nil
	}
	if times*float64(len(t.subject)) > float64(t.free()) {
		return nil, tooMuchText
	}
	return strings.Repeat(t.subject, int(times)), nil
}

func (t text) split() (Value, error) {
	limit := math.MaxUint32
	if v := argument(t.args, 1); v != (Undefined{}) {
		n, err := t.toNumber(v)
		if err != nil {
			return nil, err
		}
		if !math.IsInf(n, 0) {
			limit = int(uint32(int64(math.Mod(toInteger(n), 1<<32)))) //nolint:gosec // wraps as in JavaScript
		} else {
			limit = 0
		}
	}
	var parts []string
	if argument(t.args, 0) == (Undefined{}) {
		parts = []string{t.subject}
	} else {
		separator, err := t.string(0)
		if err != nil {
			return nil, err
		}
		if err := t.take(32 * (1 + strings.Count(t.subject, separator))); err != nil {
			return nil, err
		}
		parts = splitBy(t.subject, separator)
	}
	items := make([]any, min(limit, len(parts)), len(parts)+1)
	for i := range items {
		items[i] = parts[i]
	}
	return items, nil
}

func splitBy(subject, separator string) []string {
	switch {
	case separator != "":
		return strings.Split(subject, separator)
	case ascii(subject):
		return strings.Split(subject, "")
	}
	units := utf16.Encode([]rune(subject))
	parts := make([]string, len(units))
	for i := range units {
		parts[i] = string(utf16.Decode(units[i : i+1]))
	}
	return parts
}

func (t text) substr() (Value, error) {
	length := length16(t.subject)
	n, err := t.number(0, 0)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		n += float64(length)
	}
	begin := clamp(n, length)
	count, err := t.number(1, math.Inf(1))
	if err != nil {
		return nil, err
	}
	return slice16(t.subject, begin, begin+clamp(count, length-begin)), nil
}

func (t text) substring() (Value, error) {
	length := length16(t.subject)
	begin, err := t.index(0, 0)
	if err != nil {
		return nil, err
	}
	end, err := t.index(1, length)
	return slice16(t.subject, min(begin, end), max(begin, end)), err
}

// number is an argument as a whole number.
func (t text) number(i int, otherwise float64) (float64, error) {
	v := argument(t.args, i)
	if v == (Undefined{}) {
		return otherwise, nil
	}
	n, err := t.toNumber(v)
	return toInteger(n), err
}
