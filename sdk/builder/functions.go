package builder

import (
	"context"
	"encoding/base64"
	"math"
	"strings"
)

// Function is a function that expressions can call. The arguments are what
// was given, be it too little or too much; this is where it was called. The
// text of an error becomes the text of the build's error.
type Function func(ctx context.Context, this *Scope, args []Value) (Value, error)

// builtins adds the functions of the language itself, those of numbers apart.
func (m *machine) builtins(to map[string]Value) {
	to["include"] = Function(includeFunction)
	to["escape"] = Function(escapeFunction)
	to["base64"] = Function(base64Function)
	to["S"] = stringFunctions()
}

func (m *machine) numbers(to map[string]Value) {
	to["abs"] = numeric("abs", func(n []float64) float64 { return math.Abs(n[0]) })
	to["min"] = numeric("min", func(n []float64) float64 { return fold(math.Inf(1), n, math.Min) })
	to["max"] = numeric("max", func(n []float64) float64 { return fold(math.Inf(-1), n, math.Max) })
}

func includeFunction(ctx context.Context, this *Scope, args []Value) (Value, error) {
	if len(args) < 1 {
		return nil, plain("Wrong number of arguments for include()")
	}
	reference, ok := args[0].(string)
	switch {
	case args[0] == nil:
		return nil, plain("Cannot read properties of null (reading 'replace')")
	case !ok:
		return nil, plain("source.replace is not a function")
	}
	m := this.machine
	out := m.inlineResult()
	if err := m.include(ctx, this, out, strings.ReplaceAll(reference, `\`, "/"), false); err != nil {
		return nil, err
	}
	return out.inline(), nil
}

var escapes = strings.NewReplacer(`"`, `\"`, `'`, `\'`, `\`, `\\`, "\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func escapeFunction(_ context.Context, this *Scope, args []Value) (Value, error) {
	text, err := this.machine.toString(argument(args, 0))
	return escapes.Replace(text), err
}

func base64Function(_ context.Context, this *Scope, args []Value) (Value, error) {
	text, err := this.machine.toString(argument(args, 0))
	return base64.StdEncoding.EncodeToString([]byte(text)), err
}

func argument(args []Value, i int) Value {
	if i < len(args) {
		return args[i]
	}
	return Undefined{}
}

// numeric makes a function of numbers, of which there is at least one.
func numeric(name string, f func([]float64) float64) Function {
	return func(_ context.Context, this *Scope, args []Value) (Value, error) {
		if len(args) < 1 {
			return nil, plain("Wrong number of arguments for " + name + "()")
		}
		numbers := make([]float64, len(args))
		for i, a := range args {
			n, err := this.machine.toNumber(a)
			if err != nil {
				return nil, err
			}
			numbers[i] = n
		}
		return f(numbers), nil
	}
}

// fold combines all numbers; one that is none makes the result none.
func fold(begin float64, numbers []float64, f func(x, y float64) float64) float64 {
	for _, n := range numbers {
		if math.IsNaN(n) {
			return n
		}
		begin = f(begin, n)
	}
	return begin
}
