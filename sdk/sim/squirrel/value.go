package squirrel

import (
	"fmt"
	"math"
	"strconv"
)

// Kind is the raw type of a Value.
type Kind uint8

// The kinds of values. KindMeta is a host object such as a blob.
const (
	KindNull Kind = iota
	KindBool
	KindInteger
	KindFloat
	KindString
	KindTable
	KindArray
	KindFunction
	KindNative
	KindClass
	KindInstance
	KindGenerator
	KindWeakRef
	KindMeta
)

var kindNames = [...]string{
	"null", "bool", "integer", "float", "string", "table", "array", "function", "function",
	"class", "instance", "generator", "weakref", "meta",
}

// String is what the language's type() calls the kind.
func (k Kind) String() string { return kindNames[k] }

// Value is any value of the language. The zero Value is null. Values compare
// with == by identity; equal numbers of different kinds do not.
type Value struct {
	ref  any
	num  int32
	kind Kind
}

// Null is the value null.
var Null = Value{}

// Bool makes a bool.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Int makes an integer of the low 32 bits of n.
func Int(n int) Value { return Value{kind: KindInteger, num: int32(n)} } //nolint:gosec // G115: integers wrap, as on an imp

func int32Value(n int32) Value { return Value{kind: KindInteger, num: n} }

// Float makes a float of single precision.
func Float(f float64) Value { return float32Value(float32(f)) }

func float32Value(f float32) Value {
	return Value{kind: KindFloat, num: int32(math.Float32bits(f))} //nolint:gosec // G115: the bits, not the number
}

// String makes a string.
func String(s string) Value { return Value{kind: KindString, ref: s} }

// Kind is the value's raw type.
func (v Value) Kind() Kind { return v.kind }

// IsNull tells whether the value is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

func (v Value) float() float32 {
	return math.Float32frombits(uint32(v.num)) //nolint:gosec // G115: the bits, not the number
}

func (v Value) str() string {
	s, _ := v.ref.(string)
	return s
}

// AsString is the text of a string.
func (v Value) AsString() (string, bool) {
	s, ok := v.ref.(string)
	return s, ok && v.kind == KindString
}

// AsInt is a number cut to an integer, or a bool as 0 or 1.
func (v Value) AsInt() (int, bool) {
	switch v.kind {
	case KindInteger, KindBool:
		return int(v.num), true
	case KindFloat:
		return int(truncate(v.float())), true
	default:
		return 0, false
	}
}

// AsFloat is the value of a number.
func (v Value) AsFloat() (float64, bool) {
	switch v.kind {
	case KindInteger:
		return float64(v.num), true
	case KindFloat:
		return float64(v.float()), true
	default:
		return 0, false
	}
}

// Truth is what conditions make of the value: null, false, 0 and 0.0 are false.
func (v Value) Truth() bool {
	switch v.kind {
	case KindNull:
		return false
	case KindBool, KindInteger:
		return v.num != 0
	case KindFloat:
		return v.float() != 0
	default:
		return true
	}
}

// AsTable is the table that the value is, or nil.
func (v Value) AsTable() *Table {
	t, _ := v.ref.(*Table)
	return t
}

// AsArray is the array that the value is, or nil.
func (v Value) AsArray() *Array {
	a, _ := v.ref.(*Array)
	return a
}

// AsMeta is the host object that the value is, or nil.
func (v Value) AsMeta() *Meta {
	m, _ := v.ref.(*Meta)
	return m
}

func (v Value) closure() *Closure {
	c, _ := v.ref.(*Closure)
	return c
}

func (v Value) native() *Native {
	n, _ := v.ref.(*Native)
	return n
}

func (v Value) class() *Class {
	c, _ := v.ref.(*Class)
	return c
}

func (v Value) instance() *Instance {
	i, _ := v.ref.(*Instance)
	return i
}

func (v Value) generator() *Generator {
	g, _ := v.ref.(*Generator)
	return g
}

func (v Value) isNumber() bool { return v.kind == KindInteger || v.kind == KindFloat }

// Callable tells whether the value is a function.
func (v Value) Callable() bool { return v.kind == KindFunction || v.kind == KindNative }

func (v Value) number() float32 {
	if v.kind == KindInteger {
		return float32(v.num)
	}
	return v.float()
}

// truncate is a float as an integer; what does not fit becomes the smallest.
func truncate(f float32) int32 {
	if f >= -2147483648 && f < 2147483648 {
		return int32(f)
	}
	return math.MinInt32
}

// rawEqual is the operator ==: numbers by value, strings by text, others by identity.
func rawEqual(a, b Value) bool {
	if a.kind == b.kind {
		if a.kind == KindFloat {
			return a.float() == b.float()
		}
		return a == b
	}
	return a.isNumber() && b.isNumber() && a.number() == b.number()
}

// FormatFloat writes a float as the language does: six digits at most.
func FormatFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	return strconv.FormatFloat(f, 'g', 6, 64)
}

// plainString is the text of a value without its metamethods. Objects are
// numbered in the order in which they are first printed.
func (vm *VM) plainString(v Value) string {
	switch v.kind {
	case KindNull:
		return "null"
	case KindBool:
		return strconv.FormatBool(v.num != 0)
	case KindInteger:
		return strconv.Itoa(int(v.num))
	case KindFloat:
		return FormatFloat(float64(v.float()))
	case KindString:
		return v.str()
	default:
		return fmt.Sprintf("(%s : 0x%08x)", v.kind, vm.address(v))
	}
}

// address stands for an object's place in memory: the same in every run.
func (vm *VM) address(v Value) int {
	if n, ok := vm.addresses[v.ref]; ok {
		return n
	}
	n := 0x20000000 + 32*len(vm.addresses)
	if len(vm.addresses) < maxAddresses {
		vm.addresses[v.ref] = n
	}
	return n
}

// maxAddresses bounds what is kept alive for having been printed once.
const maxAddresses = 10000
