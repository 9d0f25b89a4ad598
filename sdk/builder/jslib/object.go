package jslib

import (
	"context"

	"github.com/dop251/goja"

	"github.com/electricimp/impt/sdk/builder"
)

// object is an object of a library's.
type object struct {
	engine *engine
	o      *goja.Object
}

// Member returns a member of the object or of its class, but for those that all
// objects have.
func (o object) Member(ctx context.Context, name string) (builder.Value, bool, error) {
	type member struct {
		value builder.Value
		found bool
	}
	m, err := run(o.engine, ctx.Done(), func() (member, error) {
		var v goja.Value
		if thrown := o.engine.vm.Try(func() { v = o.o.Get(name) }); thrown != nil {
			return member{}, o.engine.failed(thrown)
		}
		if v == nil || v.SameAs(o.engine.common.Get(name)) {
			return member{}, nil
		}
		value, err := o.engine.toGo(v)
		return member{value, true}, err
	})
	return m.value, m.found, err
}

// Text is what JavaScript makes of the object.
func (o object) Text() (string, error) {
	return run(o.engine, nil, func() (string, error) {
		text := ""
		if thrown := o.engine.vm.Try(func() { text = o.o.String() }); thrown != nil {
			return "", o.engine.failed(thrown)
		}
		return text, nil
	})
}
