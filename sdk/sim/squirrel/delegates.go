package squirrel

import (
	"maps"
	"slices"
	"sync"
)

// methods are the functions of one type by name.
type methods map[string]method

// method is a function of a type with how many arguments it takes.
type method struct {
	minArgs, maxArgs int
	run              NativeFunc
}

// table makes a table of functions, in the order of their names.
func (m methods) table() *Table {
	t := NewTable()
	for _, name := range slices.Sorted(maps.Keys(m)) {
		Define(t, name, m[name].minArgs, m[name].maxArgs, m[name].run)
	}
	return t
}

// delegates are the default delegates of all kinds. No program reaches the
// tables themselves, so that all VMs share them.
var delegates = sync.OnceValue(defaultDelegates)

// defaultDelegates are the functions that all values of a type have.
func defaultDelegates() (types [len(kindNames)]*Table) {
	for kind, list := range map[Kind]methods{
		KindBool: numberMethods, KindInteger: numberMethods, KindFloat: numberMethods, KindString: stringMethods,
		KindTable: tableMethods, KindArray: arrayMethods, KindFunction: functionMethods, KindNative: functionMethods,
		KindClass: classMethods, KindInstance: instanceMethods, KindGenerator: generatorMethods,
		KindWeakRef: weakRefMethods, KindNull: nil, KindMeta: nil,
	} {
		t := list.table()
		Define(t, "tostring", 0, 0, func(c *Call) (Value, error) {
			s, err := c.Text(c.This)
			return String(s), err
		})
		if kind != KindNull {
			Define(t, "weakref", 0, 0, weakRef)
		}
		types[kind] = t
	}
	return types
}

// weakRef refers to an object; a value that is no object is its own reference.
func weakRef(c *Call) (Value, error) {
	switch c.This.kind {
	case KindTable, KindArray, KindFunction, KindNative, KindClass, KindInstance, KindGenerator, KindMeta:
		return Value{kind: KindWeakRef, ref: &WeakRef{c.This}}, nil
	default:
		return c.This, nil
	}
}

var weakRefMethods = methods{
	"ref": {0, 0, func(c *Call) (Value, error) {
		w, ok := c.This.ref.(*WeakRef)
		if !ok {
			return Null, c.wrongThis("weakref")
		}
		return w.target, nil
	}},
}

var generatorMethods = methods{
	"getstatus": {0, 0, func(c *Call) (Value, error) {
		g := c.This.generator()
		if g == nil {
			return Null, c.wrongThis("generator")
		}
		return String([...]string{"suspended", "running", "dead"}[g.state]), nil
	}},
}

// numberMethods are those of numbers and bools.
var numberMethods = methods{
	"tointeger": {0, 1, func(c *Call) (Value, error) {
		n, ok := c.This.AsInt()
		if !ok {
			return Null, c.wrongThis("integer|float|bool")
		}
		return Int(n), nil
	}},
	"tofloat": {0, 0, func(c *Call) (Value, error) {
		if c.This.kind == KindBool {
			return Float(float64(c.This.num)), nil
		}
		f, ok := c.This.AsFloat()
		if !ok {
			return Null, c.wrongThis("integer|float|bool")
		}
		return Float(f), nil
	}},
	"tochar": {0, 0, func(c *Call) (Value, error) {
		n, ok := c.This.AsInt()
		if !ok {
			return Null, c.wrongThis("integer|float|bool")
		}
		return String(string([]byte{byte(n)})), nil
	}},
}

// wrongThis is a method that was called on something else.
func (c *Call) wrongThis(expected string) error {
	return errorf("parameter 0 has an invalid type '%s' ; expected: '%s'", c.This.kind, expected)
}
