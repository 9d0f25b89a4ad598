package jslib

import (
	_ "embed"
	"fmt"
	"path"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// modules are the libraries that can be loaded, by name, and those that were.
type modules struct {
	engine *engine
	texts  map[string]string
	loaded map[string]*goja.Object // the objects called module
}

// exports loads libraries and returns what they export together.
func (e *engine) exports(libraries []Library) (map[string]any, error) {
	m := &modules{engine: e, texts: map[string]string{assertName: assert}, loaded: map[string]*goja.Object{}}
	for _, l := range libraries {
		m.texts[path.Clean(l.Name)] = l.Text
	}
	all := map[string]any{}
	for _, l := range libraries {
		exported, err := m.load(path.Clean(l.Name))
		if err != nil {
			return nil, e.loading(l.Name, err)
		}
		if goja.IsUndefined(exported) || goja.IsNull(exported) {
			continue
		}
		thrown := e.vm.Try(func() {
			o := exported.ToObject(e.vm)
			for _, name := range o.Keys() {
				if all[name], err = e.toGo(o.Get(name)); err != nil {
					err = fmt.Errorf("%s: %s is %w", l.Name, name, err)
					return
				}
			}
		})
		if thrown != nil {
			err = e.loading(l.Name, thrown)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// wrapped is what the engine sees before the text of a library.
const wrapped = "(function (exports, require, module, __filename, __dirname) {"

const assertName = "assert"

//go:embed assert.js
var assert string

// load runs a library, once, and returns what it exports.
func (m *modules) load(name string) (goja.Value, error) {
	if module, ok := m.loaded[name]; ok {
		return module.Get("exports"), nil
	}
	text := m.texts[name]
	if len(text) > longest {
		return nil, &Error{Message: name + ": it is too long"}
	}
	if strings.HasPrefix(text, "#!") {
		text = "//" + text
	}
	program, err := parser.ParseFile(nil, name, wrapped+text+"\n})", 0, parser.WithDisableSourceMaps) // they would be read from files
	if err != nil {
		return nil, syntax(name, err)
	}
	compiled, err := goja.CompileAST(program, false)
	if err != nil {
		return nil, syntax(name, err)
	}
	value, err := m.engine.vm.RunProgram(compiled)
	if err != nil {
		return nil, err
	}
	vm := m.engine.vm
	module, exports := vm.NewObject(), vm.NewObject()
	if err := module.Set("exports", exports); err != nil {
		return nil, err
	}
	m.loaded[name] = module
	f, _ := goja.AssertFunction(value)
	require := func(call goja.FunctionCall) goja.Value { return m.require(name, call.Argument(0).String()) }
	_, err = f(exports, exports, vm.ToValue(require), module, vm.ToValue(name), vm.ToValue(path.Dir(name)))
	if err != nil {
		delete(m.loaded, name)
		return nil, err
	}
	return module.Get("exports"), nil
}

// require is what a library calls to load another one.
func (m *modules) require(from, reference string) goja.Value {
	tried := []string{strings.TrimPrefix(reference, "node:")}
	if strings.HasPrefix(reference, ".") || strings.HasPrefix(reference, "/") {
		name := path.Clean(reference)
		if reference[0] == '.' {
			name = path.Join(path.Dir(from), reference)
		}
		tried = []string{name, name + ".js", name + "/index.js"}
	}
	for _, name := range tried {
		if _, ok := m.texts[name]; !ok {
			continue
		}
		exports, err := m.load(name)
		if err != nil {
			throw(m.engine.vm, err)
		}
		return exports
	}
	throw(m.engine.vm, fmt.Errorf("Cannot find module '%s': a library may require others that are loaded, and assert", reference)) //nolint:staticcheck // the sentence that users read
	return nil
}
