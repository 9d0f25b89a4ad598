package jslib

import (
	"context"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/dop251/goja"

	"github.com/electricimp/impt/sdk/builder"
)

// deepest is how many arrays may lie in each other.
const deepest = 500

// toGo makes a value of JavaScript one of the language.
func (e *engine) toGo(v goja.Value) (value builder.Value, err error) {
	if thrown := e.vm.Try(func() { value, err = (&intoGo{e, map[*goja.Object]builder.Value{}}).convert(v, 0) }); thrown != nil {
		return nil, e.failed(thrown)
	}
	return value, err
}

type intoGo struct {
	*engine
	done map[*goja.Object]builder.Value
}

func (c *intoGo) convert(v goja.Value, depth int) (builder.Value, error) {
	switch {
	case v == nil || goja.IsUndefined(v):
		return builder.Undefined{}, nil
	case goja.IsNull(v):
		return nil, nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return primitive(v)
	}
	if done, ok := c.done[o]; ok {
		return done, nil
	}
	var value builder.Value
	var err error
	if f, ok := goja.AssertFunction(o); ok {
		value = c.function(f)
	} else if o.ClassName() == "Array" {
		value, err = c.array(o, depth)
	} else {
		value = object{c.engine, o}
	}
	c.done[o] = value
	return value, err
}

func primitive(v goja.Value) (builder.Value, error) {
	if _, ok := v.(*goja.Symbol); ok {
		return nil, errors.New("a value that is none of the language")
	}
	switch x := v.Export().(type) {
	case int64:
		return float64(x), nil
	case *big.Int:
		return x.String(), nil
	default: // bool, float64, string
		return x, nil
	}
}

func (c *intoGo) array(o *goja.Object, depth int) (builder.Value, error) {
	n := o.Get("length").ToInteger()
	if depth > deepest || n*16 > int64(c.memory) { //nolint:gosec // a limit in bytes
		return nil, errors.New("an array that is too large")
	}
	items := make([]any, n)
	for i := range items {
		item := o.Get(strconv.Itoa(i))
		if item == nil {
			continue
		}
		var err error
		if items[i], err = c.convert(item, depth+1); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// function makes a function of JavaScript one of the language.
func (e *engine) function(f goja.Callable) builder.Function {
	return func(ctx context.Context, this *builder.Scope, args []builder.Value) (builder.Value, error) {
		return run(e, ctx.Done(), func() (builder.Value, error) {
			to := e.toJS(ctx, this)
			values := make([]goja.Value, len(args))
			for i, a := range args {
				values[i] = to.convert(a)
			}
			v, err := f(e.vm.NewDynamicObject(&surroundings{intoJS: to, own: map[string]goja.Value{}}), values...)
			if err != nil {
				return nil, e.failed(err)
			}
			return e.toGo(v)
		})
	}
}

// intoJS makes values of the language those of JavaScript, in a call.
type intoJS struct {
	*engine
	scope *builder.Scope
	call  func(f builder.Function, args []builder.Value) (builder.Value, error)
	done  map[*any]goja.Value // arrays
}

func (e *engine) toJS(ctx context.Context, scope *builder.Scope) *intoJS {
	return &intoJS{engine: e, scope: scope, call: func(f builder.Function, args []builder.Value) (builder.Value, error) {
		return f(ctx, scope, args)
	}}
}

func (c *intoJS) convert(v builder.Value) goja.Value {
	switch v := v.(type) {
	case nil:
		return goja.Null()
	case builder.Undefined:
		return goja.Undefined()
	case []any:
		return c.array(v)
	case map[string]any:
		o := c.vm.NewObject()
		for _, name := range slices.Sorted(maps.Keys(v)) {
			_ = o.Set(name, c.convert(v[name])) // an object without setters
		}
		return o
	case builder.Function:
		return c.vm.ToValue(func(call goja.FunctionCall) goja.Value { return c.apply(v, call.Arguments) })
	case object:
		if v.engine == c.engine {
			return v.o
		}
	}
	return c.vm.ToValue(v)
}

func (c *intoJS) array(v []any) goja.Value {
	if len(v) == 0 {
		return c.vm.NewArray()
	}
	if done, ok := c.done[&v[0]]; ok {
		return done
	}
	items := make([]any, len(v))
	for i, item := range v {
		items[i] = c.convert(item)
	}
	if c.done == nil {
		c.done = map[*any]goja.Value{}
	}
	c.done[&v[0]] = c.vm.NewArray(items...)
	return c.done[&v[0]]
}

// apply calls a function of the language from JavaScript.
func (c *intoJS) apply(f builder.Function, values []goja.Value) goja.Value {
	args := make([]builder.Value, len(values))
	for i, v := range values {
		args[i] = c.received(v)
	}
	result, err := c.call(f, args)
	if err != nil {
		throw(c.vm, err)
	}
	return c.convert(result)
}

// received takes a value from JavaScript.
func (c *intoJS) received(v goja.Value) builder.Value {
	value, err := c.toGo(v)
	if err != nil {
		throw(c.vm, err)
	}
	return value
}
