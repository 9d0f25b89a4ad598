package squirrel

// Array is a list of values.
type Array struct{ Items []Value }

// NewArray makes an array of items.
func NewArray(items ...Value) *Array { return &Array{Items: items} }

// Value is the array as a value.
func (a *Array) Value() Value { return Value{kind: KindArray, ref: a} }

// box holds a local variable that a function has captured.
type box struct{ val Value }

// Closure is a function of the language with what it has captured.
type Closure struct {
	proto    *proto
	outers   []*box
	defaults []Value
	env      Value
	hasEnv   bool
	root     *Table
	base     *Class // of the class whose member it is
}

// Value is the function as a value.
func (c *Closure) Value() Value { return Value{kind: KindFunction, ref: c} }

// NativeFunc is a function of the host. An error that it returns is thrown: a
// value of [Throw] as it is, any other as its text.
type NativeFunc func(c *Call) (Value, error)

// Native is a host function with what may be passed to it.
type Native struct {
	Name string
	// Min and Max bound the number of arguments; a Max below zero is no bound.
	Min, Max int
	Func     NativeFunc
	env      Value
	hasEnv   bool
}

// Value is the host function as a value.
func (n *Native) Value() Value { return Value{kind: KindNative, ref: n} }

// Class is a class: its members by name, the fields' first values and the rest.
type Class struct {
	base     *Class
	members  *Table // name → index<<1 | 1 for a field, index<<1 for methods and statics
	fields   []Value
	shared   []Value
	meta     map[string]Value
	attrs    map[Value]Value
	locked   bool
	typeName string
}

// Value is the class as a value.
func (c *Class) Value() Value { return Value{kind: KindClass, ref: c} }

// Instance is an object of a class.
type Instance struct {
	class  *Class
	fields []Value
}

// Value is the instance as a value.
func (i *Instance) Value() Value { return Value{kind: KindInstance, ref: i} }

// Meta is an object of the host: Name is its typeof, Methods what it can do.
// Get, Set, Next and Clone may be nil.
type Meta struct {
	Name    string
	Data    any
	Methods *Table
	Get     func(m *Meta, key Value) (Value, bool)
	Set     func(m *Meta, key, val Value) (bool, error)
	Len     func(m *Meta) int
	Clone   func(m *Meta) *Meta
	// Size is how many bytes it counts for, nil for few.
	Size func(m *Meta) int
}

// Value is the object as a value.
func (m *Meta) Value() Value { return Value{kind: KindMeta, ref: m} }

// WeakRef refers to an object. Objects live on while one refers to them, since
// when they would die cannot be told the same way in every run.
type WeakRef struct{ target Value }

type generatorState uint8

const (
	generatorSuspended generatorState = iota
	generatorRunning
	generatorDead
)

// Generator is a function that has been called and waits between two yields.
type Generator struct {
	frame *frame
	state generatorState
}

func newClass(base *Class) *Class {
	c := &Class{base: base, members: NewTable(), meta: map[string]Value{}}
	if base != nil {
		base.locked = true
		c.members = base.members.clone()
		c.fields = append([]Value(nil), base.fields...)
		c.shared = append([]Value(nil), base.shared...)
		for name, m := range base.meta {
			c.meta[name] = m
		}
		c.typeName = base.typeName
	}
	return c
}

// metamethods are the names of functions that a class keeps for operators.
var metamethods = map[string]bool{
	"_add": true, "_sub": true, "_mul": true, "_div": true, "_modulo": true, "_unm": true,
	"_typeof": true, "_get": true, "_set": true, "_newslot": true, "_delslot": true, "_call": true,
	"_cmp": true, "_nexti": true, "_tostring": true, "_cloned": true, "_inherited": true, "_newmember": true,
}

// newMember adds or replaces a member.
func (c *Class) newMember(key, val Value, static bool) error {
	if c.locked {
		return errorf("trying to modify a class that has already been instantiated")
	}
	if fn := val.closure(); fn != nil && val.kind == KindFunction {
		bound := *fn
		bound.base = c.base
		val = bound.Value()
	}
	if name, ok := key.AsString(); ok && val.Callable() && metamethods[name] {
		c.meta[name] = val
		return nil
	}
	if !static && !val.Callable() {
		if at, ok := c.members.Get(key); ok && at.num&1 == 1 {
			c.fields[at.num>>1] = val
			return nil
		}
		c.members.Set(key, Int(len(c.fields)<<1|1))
		c.fields = append(c.fields, val)
		return nil
	}
	if at, ok := c.members.Get(key); ok && at.num&1 == 0 {
		c.shared[at.num>>1] = val
		return nil
	}
	c.members.Set(key, Int(len(c.shared)<<1))
	c.shared = append(c.shared, val)
	return nil
}

func (c *Class) get(key Value) (Value, bool) {
	at, ok := c.members.Get(key)
	switch {
	case !ok:
		return Null, false
	case at.num&1 == 1:
		return c.fields[at.num>>1], true
	default:
		return c.shared[at.num>>1], true
	}
}

func (c *Class) instantiate() *Instance {
	for k := c; k != nil && !k.locked; k = k.base {
		k.locked = true
	}
	return &Instance{class: c, fields: append([]Value(nil), c.fields...)}
}

func (c *Class) isA(base *Class) bool {
	for k := c; k != nil; k = k.base {
		if k == base {
			return true
		}
	}
	return false
}

func (i *Instance) get(key Value) (Value, bool) {
	at, ok := i.class.members.Get(key)
	switch {
	case !ok:
		return Null, false
	case at.num&1 == 1:
		return i.fields[at.num>>1], true
	default:
		return i.class.shared[at.num>>1], true
	}
}

func (i *Instance) set(key, val Value) bool {
	at, ok := i.class.members.Get(key)
	if ok && at.num&1 == 1 {
		i.fields[at.num>>1] = val
		return true
	}
	return false
}
