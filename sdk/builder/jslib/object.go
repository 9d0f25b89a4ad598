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
	var value builder.Value
	found := false
	err := o.engine.run(ctx.Done(), func() error {
		var v goja.Value
		if thrown := o.engine.vm.Try(func() { v = o.o.Get(name) }); thrown != nil {
			return o.engine.failed(thrown)
		}
		if v == nil || v.SameAs(o.engine.common.Get(name)) {
			return nil
		}
		found = true
		var err error
		value, err = o.engine.toGo(v)
		return err
	})
	return value, found, err
}

// Text is what JavaScript makes of the object.
func (o object) Text() (string, error) {
	text := ""
	err := o.engine.run(nil, func() error {
		if thrown := o.engine.vm.Try(func() { text = o.o.String() }); thrown != nil {
			return o.engine.failed(thrown)
		}
		return nil
	})
	return text, err
}
