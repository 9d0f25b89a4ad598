package squirrel

import (
	"math"
	"strings"
)

var arithSigns = map[opcode]string{opAdd: "+", opSub: "-", opMul: "*", opDiv: "/", opMod: "%"}

var arithMeta = map[opcode]string{
	opAdd: "_add", opSub: "_sub", opMul: "_mul", opDiv: "_div", opMod: "_modulo",
}

func (vm *VM) binary(op opcode, a, b Value) (Value, error) {
	switch op {
	case opAdd, opSub, opMul, opDiv, opMod:
		return vm.arith(op, a, b)
	case opEqual:
		return Bool(rawEqual(a, b)), nil
	case opNotEqual:
		return Bool(!rawEqual(a, b)), nil
	case opLess, opLessEqual, opGreater, opGreaterEqual, opCompare:
		n, err := vm.compare(a, b)
		if err != nil {
			return Null, err
		}
		switch op {
		case opLess:
			return Bool(n < 0), nil
		case opLessEqual:
			return Bool(n <= 0), nil
		case opGreater:
			return Bool(n > 0), nil
		case opGreaterEqual:
			return Bool(n >= 0), nil
		default:
			return Int(n), nil
		}
	default:
		return bitwise(op, a, b)
	}
}

func (vm *VM) arith(op opcode, a, b Value) (Value, error) {
	switch {
	case a.kind == KindInteger && b.kind == KindInteger:
		return intArith(op, a.num, b.num)
	case a.isNumber() && b.isNumber():
		return floatArith(op, a.number(), b.number()), nil
	case op == opAdd && (a.kind == KindString || b.kind == KindString):
		return vm.concat(a, b)
	}
	if m, ok := vm.metamethod(a, arithMeta[op]); ok {
		return vm.call(m, a, []Value{b})
	}
	return Null, errorf("arith op %s on between '%s' and '%s'", arithSigns[op], a.kind, b.kind)
}

func intArith(op opcode, a, b int32) (Value, error) {
	switch op {
	case opAdd:
		return int32Value(a + b), nil
	case opSub:
		return int32Value(a - b), nil
	case opMul:
		return int32Value(a * b), nil
	case opDiv:
		if b == 0 {
			return Null, errorf("division by zero")
		}
		return int32Value(a / b), nil
	default:
		if b == 0 {
			return Null, errorf("modulo by zero")
		}
		return int32Value(a % b), nil
	}
}

func floatArith(op opcode, a, b float32) Value {
	switch op {
	case opAdd:
		return float32Value(a + b)
	case opSub:
		return float32Value(a - b)
	case opMul:
		return float32Value(a * b)
	case opDiv:
		return float32Value(a / b)
	default:
		return Float(math.Mod(float64(a), float64(b)))
	}
}

// maxString is the longest string.
const maxString = 4 << 20

func (vm *VM) concat(a, b Value) (Value, error) {
	left, err := vm.text(a)
	if err != nil {
		return Null, err
	}
	right, err := vm.text(b)
	if err != nil {
		return Null, err
	}
	return vm.newString(left + right)
}

// newString is a string that counts as memory.
func (vm *VM) newString(s string) (Value, error) {
	if len(s) > maxString {
		return Null, errorf("string too long")
	}
	return String(s), vm.charge(16 + len(s))
}

func bitwise(op opcode, a, b Value) (Value, error) {
	if a.kind != KindInteger || b.kind != KindInteger {
		return Null, errorf("bitwise op between '%s' and '%s'", a.kind, b.kind)
	}
	shift := uint32(b.num) & 31 //nolint:gosec // G115: the low bits
	switch op {
	case opBitAnd:
		return int32Value(a.num & b.num), nil
	case opBitOr:
		return int32Value(a.num | b.num), nil
	case opBitXor:
		return int32Value(a.num ^ b.num), nil
	case opShiftLeft:
		return int32Value(a.num << shift), nil
	case opShiftRight:
		return int32Value(a.num >> shift), nil
	default:
		return int32Value(int32(uint32(a.num) >> shift)), nil //nolint:gosec // G115: the bits, not the number
	}
}

// compare orders two values; those of different types only when one is null.
func (vm *VM) compare(a, b Value) (int, error) {
	switch {
	case a.kind == KindInteger && b.kind == KindInteger:
		return order(a.num, b.num), nil
	case a.isNumber() && b.isNumber():
		return order(a.number(), b.number()), nil
	case a.kind == KindString && b.kind == KindString:
		return strings.Compare(a.str(), b.str()), nil
	case a.kind == b.kind && a.num == b.num && a.ref == b.ref:
		return 0, nil
	case a.kind == KindBool && b.kind == KindBool:
		return order(a.num, b.num), nil
	case a.kind == KindTable || a.kind == KindInstance || a.kind == KindMeta:
		if m, ok := vm.metamethod(a, "_cmp"); ok {
			return vm.order(m, a, b)
		}
	}
	switch {
	case a.kind == b.kind:
		return order(vm.address(a), vm.address(b)), nil
	case a.IsNull():
		return -1, nil
	case b.IsNull():
		return 1, nil
	}
	return 0, errorf("comparison between '%s' and '%s'", describe(a), describe(b))
}

func order[T int | int32 | float32](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// order asks a _cmp metamethod.
func (vm *VM) order(m, a, b Value) (int, error) {
	v, err := vm.call(m, a, []Value{b})
	if err != nil {
		return 0, err
	}
	if v.kind != KindInteger {
		return 0, errorf("_cmp must return an integer")
	}
	return order(v.num, 0), nil
}

func (vm *VM) unary(op opcode, v Value) (Value, error) {
	switch op {
	case opNot:
		return Bool(!v.Truth()), nil
	case opNegate:
		if v.isNumber() {
			return negated(v), nil
		}
		if m, ok := vm.metamethod(v, "_unm"); ok {
			return vm.call(m, v, nil)
		}
		return Null, errorf("attempt to negate a %s", v.kind)
	case opBitNot:
		if v.kind == KindInteger {
			return int32Value(^v.num), nil
		}
		return Null, errorf("attempt to perform a bitwise op on a %s", v.kind)
	case opTypeof:
		return vm.typeOf(v)
	default:
		return vm.clone(v)
	}
}

func (vm *VM) typeOf(v Value) (Value, error) {
	if m, ok := vm.metamethod(v, "_typeof"); ok {
		return vm.call(m, v, nil)
	}
	if m := v.AsMeta(); m != nil {
		return String(m.Name), nil
	}
	return String(v.kind.String()), nil
}

func (vm *VM) clone(v Value) (Value, error) {
	var copied Value
	size := 64
	switch v.kind {
	case KindTable:
		size += 64 * v.AsTable().Len()
		copied = v.AsTable().clone().Value()
	case KindArray:
		items := v.AsArray().Items
		size += 24 * len(items)
		copied = NewArray(append([]Value(nil), items...)...).Value()
	case KindInstance:
		old := v.instance()
		size += 24 * len(old.fields)
		copied = (&Instance{class: old.class, fields: append([]Value(nil), old.fields...)}).Value()
	case KindMeta:
		if m := v.AsMeta(); m.Clone != nil {
			copied = m.Clone(m).Value()
			break
		}
		return Null, errorf("cloning a %s", v.AsMeta().Name)
	case KindNull, KindBool, KindInteger, KindFloat, KindString:
		return Null, errorf("cloning a %s", v.kind)
	default:
		return Null, errorf("cloning a %s", v.kind)
	}
	if err := vm.charge(size); err != nil {
		return Null, err
	}
	if m, ok := vm.metamethod(copied, "_cloned"); ok {
		if _, err := vm.call(m, copied, []Value{v}); err != nil {
			return Null, err
		}
	}
	return copied, nil
}

// text is a value as a string, by its _tostring metamethod if it has one.
func (vm *VM) text(v Value) (string, error) {
	switch v.kind {
	case KindTable, KindInstance, KindMeta:
		m, ok := vm.metamethod(v, "_tostring")
		if !ok {
			break
		}
		s, err := vm.call(m, v, nil)
		if err != nil {
			return "", err
		}
		if s.kind == KindString {
			return s.str(), nil
		}
	default:
	}
	return vm.plainString(v), nil
}
