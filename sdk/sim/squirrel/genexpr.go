package squirrel

var binaryOps = map[string]opcode{
	"+": opAdd, "-": opSub, "*": opMul, "/": opDiv, "%": opMod, "&": opBitAnd, "|": opBitOr, "^": opBitXor,
	"<<": opShiftLeft, ">>": opShiftRight, ">>>": opShiftUnsigned, "==": opEqual, "!=": opNotEqual, "<": opLess,
	"<=": opLessEqual, ">": opGreater, ">=": opGreaterEqual, "<=>": opCompare, "in": opIn, "instanceof": opInstanceOf,
	"+=": opAdd, "-=": opSub, "*=": opMul, "/=": opDiv, "%=": opMod,
}

var unaryOps = map[string]opcode{
	"-": opNegate, "!": opNot, "~": opBitNot, "typeof": opTypeof, "clone": opClone, "resume": opResume,
}

// expr leaves the value of an expression on the stack.
func (c *coder) expr(e expr) {
	if c.nest.depth++; c.nest.depth > maxDepthOfExpressions {
		c.nest.fail(e.at(), "the expression is too deeply nested")
		c.emit(opNull, 0, 0)
	} else {
		c.value(e)
	}
	c.nest.depth--
}

func (c *coder) value(e expr) {
	switch e := e.(type) {
	case *literal:
		c.literal(e.val)
		return
	case *thisExpr:
		c.emit(opThis, 0, 0)
		return
	case *localExpr:
		c.local(e)
		return
	case *rootExpr:
		c.emit(opRoot, 0, 0)
		return
	case *commaExpr:
		for _, x := range e.list[:len(e.list)-1] {
			c.discard(x)
		}
		c.expr(e.list[len(e.list)-1])
		return
	case *nameExpr:
		c.pos = e.at()
		c.emit(opGetName, c.constant(String(e.name)), 0)
		return
	case *logicExpr:
		op := opOr
		if e.and {
			op = opAnd
		}
		c.expr(e.a)
		end := c.emit(op, 0, 0)
		c.expr(e.b)
		c.land(end)
		return
	case *condExpr:
		c.expr(e.cond)
		no := c.emit(opJumpFalse, 0, 0)
		c.expr(e.yes)
		end := c.emit(opJump, 0, 0)
		c.land(no)
		c.depth--
		c.expr(e.no)
		c.land(end)
		return
	case *assignExpr:
		c.assign(e)
		return
	case *stepExpr:
		c.step(e)
		return
	}
	c.operation(e)
}

// operation is an expression whose instruction comes after its operands.
func (c *coder) operation(e expr) {
	switch e := e.(type) {
	case *baseExpr:
		c.emit(opBase, 0, 0)
	case *indexExpr:
		c.index(e)
	case *callExpr:
		c.call(e)
	case *unaryExpr:
		c.expr(e.val)
		c.pos = e.at()
		c.emit(unaryOps[e.op], 0, 0)
	case *binaryExpr:
		c.expr(e.a)
		c.expr(e.b)
		c.pos = e.at()
		c.emit(binaryOps[e.op], 0, 0)
	case *arrayExpr:
		c.emit(opNewArray, len(e.items), 0)
		for _, x := range e.items {
			c.expr(x)
			c.emit(opAppend, 0, 0)
		}
	case *tableExpr:
		c.emit(opNewTable, 0, 0)
		for _, s := range e.slots {
			c.expr(s.key)
			c.expr(s.val)
			c.emit(opTableSlot, 0, 0)
		}
	case *funcExpr:
		c.function(e)
	case *classExpr:
		c.class(e)
	case *deleteExpr:
		c.expr(e.target.obj)
		c.expr(e.target.key)
		c.pos = e.at()
		c.emit(opDelete, 0, 0)
	}
}

func (c *coder) literal(v Value) {
	switch {
	case v.kind == KindNull:
		c.emit(opNull, 0, 0)
	case v.kind == KindBool && v.num != 0:
		c.emit(opTrue, 0, 0)
	case v.kind == KindBool:
		c.emit(opFalse, 0, 0)
	case v.kind == KindInteger:
		c.emit(opInt, int(v.num), 0)
	default:
		c.emit(opConst, c.constant(v), 0)
	}
}

func (c *coder) local(e *localExpr) {
	switch {
	case e.outer >= 0:
		c.emit(opOuter, e.outer, 0)
	case e.local.captured:
		c.emit(opBox, e.local.slot, 0)
	default:
		c.emit(opLocal, e.local.slot, 0)
	}
}

func (c *coder) setLocal(e *localExpr) {
	switch {
	case e.outer >= 0:
		c.emit(opSetOuter, e.outer, 0)
	case e.local.captured:
		c.emit(opSetBox, e.local.slot, 0)
	default:
		c.emit(opSetLocal, e.local.slot, 0)
	}
}

// ofThis is 1 when what is looked up in e may also be in the root table.
func ofThis(e expr) int {
	if _, ok := e.(*thisExpr); ok {
		return 1
	}
	return 0
}

// constantKey is the constant of a key that is a literal string.
func (c *coder) constantKey(key expr) (int, bool) {
	if lit, ok := key.(*literal); ok && lit.val.kind == KindString {
		return c.constant(lit.val), true
	}
	return 0, false
}

func (c *coder) index(e *indexExpr) {
	c.expr(e.obj)
	if k, ok := c.constantKey(e.key); ok {
		c.pos = e.at()
		c.emit(opGetK, k, ofThis(e.obj))
		return
	}
	c.expr(e.key)
	c.pos = e.at()
	c.emit(opGet, 0, ofThis(e.obj))
}

func (c *coder) call(e *callExpr) {
	index, ok := e.fn.(*indexExpr)
	switch {
	case ok:
		c.expr(index.obj)
		b := ofThis(index.obj)
		if _, ok := index.obj.(*baseExpr); ok {
			b = 2 // base.method() is called with this
		}
		if k, ok := c.constantKey(index.key); ok {
			c.pos = index.at()
			c.emit(opMethodK, k, b)
		} else {
			c.expr(index.key)
			c.pos = index.at()
			c.emit(opMethod, 0, b)
		}
	default:
		c.expr(e.fn)
		c.emit(opThis, 0, 0)
	}
	for _, x := range e.args {
		c.expr(x)
	}
	c.pos = e.at()
	c.emit(opCall, len(e.args), 0)
}

func (c *coder) function(e *funcExpr) {
	for _, d := range e.fn.defaults {
		c.expr(d)
	}
	p := generate(e.fn, c.files, c.nest)
	for _, o := range e.fn.outers {
		if o.outer >= 0 {
			p.captures = append(p.captures, capture{true, o.outer})
		} else {
			p.captures = append(p.captures, capture{false, o.local.slot})
		}
	}
	c.proto.protos = append(c.proto.protos, p)
	c.pos = e.at()
	c.emit(opClosure, len(c.proto.protos)-1, 0)
}

func (c *coder) class(e *classExpr) {
	flags := 0
	if e.base != nil {
		c.expr(e.base)
		flags |= 1
	}
	if e.attrs != nil {
		c.expr(e.attrs)
		flags |= 2
	}
	c.pos = e.at()
	c.emit(opClass, flags, 0)
	for _, m := range e.members {
		c.expr(m.key)
		c.expr(m.val)
		flags := 0
		if m.static {
			flags |= 1
		}
		if m.attrs != nil {
			c.expr(m.attrs)
			flags |= 2
		}
		c.emit(opMember, flags, 0)
	}
}

// slotOf leaves the object and the key of what is assigned to, and returns
// whether the object is this.
func (c *coder) slotOf(target expr) int {
	switch t := target.(type) {
	case *nameExpr:
		c.emit(opThis, 0, 0)
		c.literal(String(t.name))
		return 1
	case *indexExpr:
		c.expr(t.obj)
		c.expr(t.key)
		return ofThis(t.obj)
	}
	return 0
}

func (c *coder) assign(e *assignExpr) {
	if v, ok := e.target.(*localExpr); ok {
		if e.op != "=" {
			c.local(v)
			c.expr(e.val)
			c.pos = e.at()
			c.emit(binaryOps[e.op], 0, 0)
		} else {
			c.expr(e.val)
		}
		c.setLocal(v)
		return
	}
	if name, ok := e.target.(*nameExpr); ok && e.op == "=" {
		c.expr(e.val)
		c.pos = e.at()
		c.emit(opSetName, c.constant(String(name.name)), 0)
		return
	}
	this := c.slotOf(e.target)
	c.expr(e.val)
	c.pos = e.at()
	switch e.op {
	case "=":
		c.emit(opSet, 0, this)
	case "<-":
		c.emit(opNewSlot, 0, 0)
	default:
		c.emit(opCompound, int(binaryOps[e.op]), this)
	}
}

func (c *coder) step(e *stepExpr) {
	postfix := 0
	if e.postfix {
		postfix = 1
	}
	v, ok := e.target.(*localExpr)
	switch {
	case !ok:
		this := c.slotOf(e.target)
		c.pos = e.at()
		c.emit(opStep, e.by, this|postfix<<1)
	case v.outer < 0 && !v.local.captured:
		c.pos = e.at()
		c.emit(opStepLocal, v.local.slot, e.by<<1|postfix)
	default:
		c.local(v)
		if e.postfix {
			c.emit(opDup, 0, 0)
		}
		c.emit(opInt, e.by, 0)
		c.pos = e.at()
		c.emit(opAdd, 0, 0)
		c.setLocal(v)
		if e.postfix {
			c.emit(opPop, 0, 0)
		}
	}
}
