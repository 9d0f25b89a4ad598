package squirrel

// run executes frames until the stack is back at a depth, and returns the value
// of the frame that was there.
func (vm *VM) run(depth int) (Value, error) {
	for {
		val, err := vm.execute(depth)
		if err == nil {
			return val, nil
		}
		if err = vm.unwind(err, depth); err != nil {
			return Null, err
		}
	}
}

// execute runs until the frame at depth returns or an instruction fails.
func (vm *VM) execute(depth int) (Value, error) {
	f := vm.frames[len(vm.frames)-1]
	regs, code, sp := f.regs, f.cl.proto.code, f.sp
	for {
		in := code[f.pc]
		f.pc++
		switch in.op {
		case opNull:
			regs[sp] = Null
			sp++
		case opTrue:
			regs[sp] = Bool(true)
			sp++
		case opFalse:
			regs[sp] = Bool(false)
			sp++
		case opInt:
			regs[sp] = int32Value(in.a)
			sp++
		case opConst:
			regs[sp] = f.cl.proto.consts[in.a]
			sp++
		case opThis:
			regs[sp] = regs[0]
			sp++
		case opLocal:
			regs[sp] = regs[in.a]
			sp++
		case opBox:
			regs[sp] = boxed(regs[in.a]).val
			sp++
		case opOuter:
			regs[sp] = f.cl.outers[in.a].val
			sp++
		case opSetLocal:
			regs[in.a] = regs[sp-1]
		case opSetBox:
			boxed(regs[in.a]).val = regs[sp-1]
		case opSetOuter:
			f.cl.outers[in.a].val = regs[sp-1]
		case opStoreLocal:
			sp--
			regs[in.a] = regs[sp]
		case opNewBox:
			sp--
			regs[in.a] = Value{ref: &box{regs[sp]}}
		case opPop:
			sp--
		case opDup:
			regs[sp] = regs[sp-1]
			sp++
		case opJump:
			if vm.chunk--; vm.chunk < 0 {
				if err := vm.tick(); err != nil {
					return Null, err
				}
			}
			f.pc = int(in.a)
		case opJumpFalse:
			sp--
			if !regs[sp].Truth() {
				f.pc = int(in.a)
			}
		case opAnd:
			if regs[sp-1].Truth() {
				sp--
			} else {
				f.pc = int(in.a)
			}
		case opOr:
			if regs[sp-1].Truth() {
				f.pc = int(in.a)
			} else {
				sp--
			}
		case opAdd, opSub, opLess, opEqual, opNotEqual, opGreater:
			sp--
			a, b := &regs[sp-1], &regs[sp]
			if a.kind == KindInteger && b.kind == KindInteger {
				integers(in.op, a, b.num)
				continue
			}
			f.sp = sp
			v, err := vm.binary(in.op, *a, *b)
			if err != nil {
				return Null, err
			}
			*a = v
		case opStepLocal:
			v := regs[in.a]
			if v.kind == KindInteger {
				regs[sp] = int32Value(v.num + in.b>>1)
				regs[in.a] = regs[sp]
				if in.b&1 != 0 {
					regs[sp] = v
				}
				sp++
				continue
			}
			f.sp = sp
			next, err := vm.binary(opAdd, v, int32Value(in.b>>1))
			if err != nil {
				return Null, err
			}
			regs[in.a], regs[sp] = next, next
			if in.b&1 != 0 {
				regs[sp] = v
			}
			sp++
		case opGetK:
			v, err := vm.get(regs[sp-1], f.cl.proto.consts[in.a], in.b != 0)
			if err != nil {
				return Null, err
			}
			regs[sp-1] = v
		case opGetName:
			f.sp = sp
			v, err := vm.get(regs[0], f.cl.proto.consts[in.a], true)
			if err != nil {
				return Null, err
			}
			regs[sp] = v
			sp++
		case opMethodK, opMethod:
			key := regs[sp-1]
			if in.op == opMethodK {
				key = f.cl.proto.consts[in.a]
				sp++
			}
			obj := regs[sp-2]
			v, err := vm.get(obj, key, in.b == 1)
			if err != nil {
				return Null, err
			}
			if in.b == 2 {
				obj = regs[0]
			}
			regs[sp-2], regs[sp-1] = v, obj
		case opCall, opTailCall:
			n := int(in.a)
			at := sp - n - 2
			fn, this, args := regs[at], regs[at+1], regs[at+2:sp]
			f.sp = at
			if in.op == opTailCall && fn.kind == KindFunction && vm.mayReplace(f, fn) {
				args = append([]Value(nil), args...)
				vm.pop()
			}
			val, pushed, err := vm.enter(fn, this, args)
			if err != nil {
				return Null, err
			}
			f = vm.frames[len(vm.frames)-1]
			if pushed {
				regs, code, sp = f.regs, f.cl.proto.code, f.sp
				continue
			}
			regs[at] = val
			sp = at + 1
		case opReturn, opReturnNull:
			val := Null
			if in.op == opReturn {
				val = regs[sp-1]
			}
			if f.ctor {
				val = regs[0]
			}
			if f.gen != nil {
				f.gen.state, f.gen.frame = generatorDead, nil
			}
			vm.pop()
			if len(vm.frames) <= depth {
				return val, nil
			}
			f = vm.frames[len(vm.frames)-1]
			regs, code, sp = f.regs, f.cl.proto.code, f.sp
			regs[sp] = val
			sp++
		case opYield:
			val := regs[sp-1]
			f.sp = sp - 1
			f.gen.state = generatorSuspended
			vm.pop()
			if len(vm.frames) <= depth {
				return val, nil
			}
			f = vm.frames[len(vm.frames)-1]
			regs, code, sp = f.regs, f.cl.proto.code, f.sp
			regs[sp] = val
			sp++
		case opResume:
			f.sp = sp - 1
			if err := vm.wake(regs[sp-1]); err != nil {
				return Null, err
			}
			f = vm.frames[len(vm.frames)-1]
			regs, code, sp = f.regs, f.cl.proto.code, f.sp
		case opForeach:
			f.sp = sp
			more, err := vm.forNext(regs[in.a : in.a+4])
			if err != nil {
				return Null, err
			}
			if !more {
				f.pc = int(in.b)
			}
		default:
			f.sp = sp
			if err := vm.rare(f, in); err != nil {
				return Null, err
			}
			sp = f.sp
		}
	}
}

// boxed is the box of a captured local.
func boxed(v Value) *box {
	if b, ok := v.ref.(*box); ok {
		return b
	}
	return &box{}
}

// mayReplace tells whether a tail call may take the place of its caller.
func (vm *VM) mayReplace(f *frame, fn Value) bool {
	return f.gen == nil && !f.ctor && len(f.cl.proto.guards) == 0 && !fn.closure().proto.generate
}

// integers is a fast operation; a receives the result.
func integers(op opcode, a *Value, b int32) {
	switch op {
	case opAdd:
		a.num += b
	case opSub:
		a.num -= b
	case opLess:
		*a = Bool(a.num < b)
	case opEqual:
		*a = Bool(a.num == b)
	case opNotEqual:
		*a = Bool(a.num != b)
	case opGreater:
		*a = Bool(a.num > b)
	default:
	}
}

// rare executes what is no hot instruction; f.sp is moved.
func (vm *VM) rare(f *frame, ins instruction) error {
	sp, regs := f.sp, f.regs
	var val Value
	var err error
	drop := 0
	switch ins.op {
	case opRoot:
		val = f.cl.root.Value()
	case opBase:
		if f.cl.base != nil {
			val = f.cl.base.Value()
		}
	case opGet:
		drop = 2
		val, err = vm.get(regs[sp-2], regs[sp-1], ins.b != 0)
	case opSet:
		drop, val = 3, regs[sp-1]
		err = vm.set(regs[sp-3], regs[sp-2], val, ins.b != 0)
	case opSetName:
		drop, val = 1, regs[sp-1]
		err = vm.set(regs[0], f.cl.proto.consts[ins.a], val, true)
	case opNewSlot:
		drop, val = 3, regs[sp-1]
		err = vm.newSlot(regs[sp-3], regs[sp-2], val)
	case opDelete:
		drop = 2
		val, err = vm.delete(regs[sp-2], regs[sp-1])
	case opIn:
		drop = 2
		val = Bool(in(regs[sp-2], regs[sp-1]))
	case opInstanceOf:
		drop = 2
		val, err = instanceOf(regs[sp-2], regs[sp-1])
	case opNegate, opNot, opBitNot, opTypeof, opClone:
		drop = 1
		val, err = vm.unary(ins.op, regs[sp-1])
	case opNewTable:
		err = vm.charge(64)
		val = NewTable().Value()
	case opNewArray:
		err = vm.charge(48 + 24*int(ins.a))
		val = (&Array{Items: make([]Value, 0, ins.a)}).Value()
	case opAppend:
		drop = 2
		val = regs[sp-2]
		a := val.AsArray()
		a.Items = append(a.Items, regs[sp-1])
	case opTableSlot:
		drop, val = 3, regs[sp-3]
		if regs[sp-2].IsNull() {
			err = errorf("null cannot be used as index")
			break
		}
		val.AsTable().Set(regs[sp-2], regs[sp-1])
		err = vm.charge(64)
	case opClosure:
		p := f.cl.proto.protos[ins.a]
		drop = p.defaults
		val, err = vm.closure(f, p, regs[sp-drop:sp])
	case opClass:
		drop = int(ins.a&1) + int(ins.a>>1)
		val, err = vm.makeClass(int(ins.a), regs[sp-drop:sp])
	case opMember:
		drop = 3 + int(ins.a>>1)
		val = regs[sp-drop]
		err = vm.member(val.class(), regs[sp-drop+1:sp], int(ins.a))
	case opStep:
		drop = 2
		val, err = vm.step(regs[sp-2], regs[sp-1], ins)
	case opCompound:
		drop = 3
		val, err = vm.compound(regs[sp-3], regs[sp-2], regs[sp-1], opcode(ins.a), ins.b != 0) //nolint:gosec // G115: an opcode
	case opThrow:
		return Throw(regs[sp-1])
	default:
		drop = 2
		val, err = vm.binary(ins.op, regs[sp-2], regs[sp-1])
	}
	if err != nil {
		return err
	}
	regs[sp-drop] = val
	f.sp = sp - drop + 1
	return nil
}

func (vm *VM) closure(f *frame, p *proto, defaults []Value) (Value, error) {
	cl := &Closure{proto: p, root: f.cl.root}
	if len(defaults) > 0 {
		cl.defaults = append(cl.defaults, defaults...)
	}
	for _, c := range p.captures {
		if c.outer {
			cl.outers = append(cl.outers, f.cl.outers[c.index])
		} else {
			cl.outers = append(cl.outers, boxed(f.regs[c.index]))
		}
	}
	return cl.Value(), vm.charge(96 + 24*len(p.captures) + 24*len(defaults))
}
