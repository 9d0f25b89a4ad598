package jslib

import (
	"maps"
	"slices"

	"github.com/dop251/goja"

	"github.com/electricimp/impt/sdk/builder"
)

// surroundings are the this of a function: what a name means where it was
// called. What a function changes there is gone when it returns.
type surroundings struct {
	*intoJS
	own map[string]goja.Value
}

const globalsName = "globals"

// Get implements goja.DynamicObject.
func (s *surroundings) Get(name string) goja.Value {
	if v, ok := s.own[name]; ok {
		return v
	}
	if name == globalsName {
		s.own[name] = s.vm.NewDynamicObject(globals{s.intoJS})
		return s.own[name]
	}
	v, ok := s.scope.Variable(name)
	if !ok {
		return nil
	}
	s.own[name] = s.convert(v)
	return s.own[name]
}

// Set implements goja.DynamicObject.
func (s *surroundings) Set(name string, v goja.Value) bool {
	s.own[name] = v
	return true
}

// Has implements goja.DynamicObject.
func (s *surroundings) Has(name string) bool { return s.Get(name) != nil }

// Delete implements goja.DynamicObject.
func (s *surroundings) Delete(name string) bool {
	s.own[name] = nil
	return true
}

// Keys implements goja.DynamicObject.
func (s *surroundings) Keys() []string {
	names := s.scope.Variables()
	for name, v := range s.own {
		if v == nil {
			delete(names, name)
		} else {
			names[name] = nil
		}
	}
	names[globalsName] = nil
	return slices.Sorted(maps.Keys(names))
}

// globals are what @set and @macro have made.
type globals struct{ *intoJS }

// Get implements goja.DynamicObject.
func (g globals) Get(name string) goja.Value {
	if v, ok := g.scope.Global(name); ok {
		return g.convert(v)
	}
	return nil
}

// Set implements goja.DynamicObject.
func (g globals) Set(name string, v goja.Value) bool {
	if err := g.scope.SetGlobal(name, g.received(v)); err != nil {
		throw(g.vm, err)
	}
	return true
}

// Has implements goja.DynamicObject.
func (g globals) Has(name string) bool {
	_, ok := g.scope.Global(name)
	return ok
}

// Delete implements goja.DynamicObject. What was set stays set.
func (g globals) Delete(name string) bool { return !g.Has(name) }

// Keys implements goja.DynamicObject.
func (g globals) Keys() []string { return slices.Sorted(maps.Keys(g.scope.Globals())) }

var (
	_ goja.DynamicObject = (*surroundings)(nil)
	_ goja.DynamicObject = globals{}
	_ builder.Object     = object{}
)
