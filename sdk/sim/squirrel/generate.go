package squirrel

// maxDepthOfExpressions is how deep the tree of an expression may be: a + a + a
// nests as well, and Go's own stack ends at some depth.
const maxDepthOfExpressions = 20_000

// maxRegisters is how many locals and operands a function has at most.
const maxRegisters = 1024

// nesting is where the compiler is in the tree, and what was too much of it.
type nesting struct {
	depth int
	wrong *position
	text  string
}

func (n *nesting) fail(at position, text string) { n.wrong, n.text = &at, text }

// generator of code for one function; the only error is a tree that is too
// deep, the parser has checked everything else.
type coder struct {
	nest    *nesting
	proto   *proto
	files   *[]string
	strings map[string]int32
	slots   int // in use
	depth   int // operands in use
	loops   []*loop
	pos     position
}

type loop struct {
	breaks, continues []int
	isSwitch          bool
}

func generate(fn *function, files *[]string, nest *nesting) *proto {
	c := &coder{nest: nest, files: files, strings: map[string]int32{}, pos: fn.pos}
	c.proto = &proto{
		name: fn.name, files: files, defaults: len(fn.defaults), varargs: fn.varargs != nil, generate: fn.generate, pos: fn.pos,
	}
	c.slots = 1
	for _, v := range fn.params {
		c.proto.params = append(c.proto.params, v.name)
		c.parameter(v)
	}
	if fn.varargs != nil {
		c.parameter(fn.varargs)
	}
	c.proto.locals = c.slots
	c.list(fn.body)
	c.pos = fn.lastLine
	c.emit(opReturnNull, 0, 0)
	for i := range c.proto.scoped {
		if c.proto.scoped[i].to < 0 {
			c.proto.scoped[i].to = len(c.proto.code)
		}
	}
	if c.proto.locals+c.proto.operands > maxRegisters {
		nest.fail(fn.pos, "internal compiler error: too many locals")
	}
	return c.proto
}

func (c *coder) parameter(v *localVar) {
	c.name(v)
	if v.captured {
		c.proto.boxed = append(c.proto.boxed, v.slot)
	}
}

// name gives a local the next slot.
func (c *coder) name(v *localVar) {
	v.slot = c.slots
	c.slots++
	c.proto.locals = max(c.proto.locals, c.slots)
	c.proto.scoped = append(c.proto.scoped, scopedLocal{v.name, v.slot, len(c.proto.code), -1})
}

// block runs f and forgets the locals that it made.
func (c *coder) block(f func()) {
	slots, scoped := c.slots, len(c.proto.scoped)
	f()
	for i := scoped; i < len(c.proto.scoped); i++ {
		if c.proto.scoped[i].to < 0 {
			c.proto.scoped[i].to = len(c.proto.code)
		}
	}
	c.slots = slots
}

// effect is by how much an instruction changes the number of operands.
func effect(op opcode, a int32) int {
	switch op {
	case opNull, opTrue, opFalse, opInt, opConst, opThis, opRoot, opBase, opLocal, opBox, opOuter, opDup, opGetName,
		opMethodK, opNewTable, opNewArray, opStepLocal:
		return 1
	case opStoreLocal, opNewBox, opPop, opGet, opDelete, opJumpFalse, opAnd, opOr, opAppend, opStep, opThrow, opReturn,
		opYield, opIn, opInstanceOf:
		return -1
	case opSet, opNewSlot, opTableSlot, opCompound:
		return -2
	case opCall, opTailCall:
		return -int(a) - 1
	case opClass:
		return 1 - int(a&1) - int(a>>1)
	case opMember:
		return -2 - int(a>>1)
	default:
	}
	if op >= opAdd && op <= opCompare {
		return -1
	}
	return 0
}

// emit adds an instruction and returns where it is.
func (c *coder) emit(op opcode, a, b int) int {
	in := instruction{op, int32(a), int32(b)} //nolint:gosec // G115: counts of what a source holds
	c.depth += effect(op, in.a)
	if op == opClosure {
		c.depth += 1 - c.proto.protos[a].defaults
	}
	c.proto.operands = max(c.proto.operands, c.depth)
	c.proto.code = append(c.proto.code, in)
	c.proto.places = append(c.proto.places, place{c.pos.file, c.pos.line})
	return len(c.proto.code) - 1
}

func (c *coder) here() int { return len(c.proto.code) }

// land makes jumps go to the current place.
func (c *coder) land(jumps ...int) {
	for _, at := range jumps {
		c.jumpTo(at, c.here())
	}
}

func (c *coder) jumpTo(at, to int) {
	in := &c.proto.code[at]
	if in.op == opForeach {
		in.b = int32(to) //nolint:gosec // G115: sources are smaller
	} else {
		in.a = int32(to) //nolint:gosec // G115: sources are smaller
	}
}

func (c *coder) constant(v Value) int {
	if s, ok := v.AsString(); ok {
		if i, ok := c.strings[s]; ok {
			return int(i)
		}
		c.strings[s] = int32(len(c.proto.consts)) //nolint:gosec // G115: sources are smaller
	}
	c.proto.consts = append(c.proto.consts, v)
	return len(c.proto.consts) - 1
}

func (c *coder) list(list []stmt) {
	for _, s := range list {
		c.stmt(s)
	}
}

func (c *coder) stmt(s stmt) {
	c.pos = s.at()
	switch s := s.(type) {
	case *exprStmt:
		c.discard(s.val)
	case *localStmt:
		if s.val != nil {
			c.expr(s.val)
		} else {
			c.emit(opNull, 0, 0)
		}
		c.name(s.local)
		c.initial(s.local)
	case *blockStmt:
		if s.flat {
			c.list(s.list)
		} else {
			c.block(func() { c.list(s.list) })
		}
	case *ifStmt:
		c.ifStmt(s)
	case *loopStmt:
		c.block(func() { c.loop(s) })
	case *foreachStmt:
		c.block(func() { c.foreach(s) })
	case *switchStmt:
		c.block(func() { c.switchStmt(s) })
	case *tryStmt:
		c.try(s)
	case *jumpStmt:
		c.jump(s)
	case *returnStmt:
		c.returnStmt(s)
	case *yieldStmt:
		if s.val != nil {
			c.expr(s.val)
		} else {
			c.emit(opNull, 0, 0)
		}
		c.emit(opYield, 0, 0)
	case *throwStmt:
		c.expr(s.val)
		c.pos = s.at()
		c.emit(opThrow, 0, 0)
	}
}

// initial puts the value on the stack into a new local.
func (c *coder) initial(v *localVar) {
	if v.captured {
		c.emit(opNewBox, v.slot, 0)
	} else {
		c.emit(opStoreLocal, v.slot, 0)
	}
}

// discard evaluates an expression for what it does.
func (c *coder) discard(e expr) {
	switch e := e.(type) {
	case *commaExpr:
		for _, x := range e.list {
			c.discard(x)
		}
		return
	case *assignExpr:
		if v, ok := e.target.(*localExpr); ok && e.op == "=" && v.outer < 0 && !v.local.captured {
			c.expr(e.val)
			c.pos = e.at()
			c.emit(opStoreLocal, v.local.slot, 0)
			return
		}
	}
	c.expr(e)
	c.emit(opPop, 0, 0)
}

func (c *coder) returnStmt(s *returnStmt) {
	if s.val == nil {
		c.emit(opReturnNull, 0, 0)
		return
	}
	c.expr(s.val)
	if last := &c.proto.code[c.here()-1]; last.op == opCall {
		last.op = opTailCall
	}
	c.emit(opReturn, 0, 0)
}

func (c *coder) ifStmt(s *ifStmt) {
	c.expr(s.cond)
	no := c.emit(opJumpFalse, 0, 0)
	c.block(func() { c.stmt(s.yes) })
	if s.no == nil {
		c.land(no)
		return
	}
	end := c.emit(opJump, 0, 0)
	c.land(no)
	c.block(func() { c.stmt(s.no) })
	c.land(end)
}

func (c *coder) loop(s *loopStmt) {
	if s.init != nil {
		c.stmt(s.init)
	}
	l := &loop{}
	c.loops = append(c.loops, l)
	top := c.here()
	exit := -1
	if !s.last && s.cond != nil {
		c.expr(s.cond)
		exit = c.emit(opJumpFalse, 0, 0)
	}
	c.block(func() { c.stmt(s.body) })
	c.land(l.continues...)
	if s.step != nil {
		c.discard(s.step)
	}
	if s.last {
		c.expr(s.cond)
		exit = c.emit(opJumpFalse, 0, 0)
	}
	c.emit(opJump, top, 0)
	if exit >= 0 {
		c.land(exit)
	}
	c.land(l.breaks...)
	c.loops = c.loops[:len(c.loops)-1]
}

func (c *coder) foreach(s *foreachStmt) {
	c.expr(s.of)
	base := c.slots
	c.slots += 2
	c.emit(opStoreLocal, base, 0)
	c.emit(opNull, 0, 0)
	c.emit(opStoreLocal, base+1, 0)
	for _, v := range []*localVar{s.key, s.val} {
		c.name(v)
		c.emit(opNull, 0, 0)
		c.initial(v)
	}
	l := &loop{}
	c.loops = append(c.loops, l)
	c.pos = s.at()
	top := c.emit(opForeach, base, 0)
	c.block(func() { c.stmt(s.body) })
	c.land(l.continues...)
	c.emit(opJump, top, 0)
	c.land(top)
	c.land(l.breaks...)
	c.loops = c.loops[:len(c.loops)-1]
}

func (c *coder) switchStmt(s *switchStmt) {
	c.expr(s.on)
	on := c.slots
	c.slots++
	c.proto.locals = max(c.proto.locals, c.slots)
	c.emit(opStoreLocal, on, 0)
	l := &loop{isSwitch: true}
	c.loops = append(c.loops, l)
	through := -1 // the jump from the end of a case over the next test
	for _, k := range s.cases {
		miss := -1
		if k.val != nil {
			c.emit(opLocal, on, 0)
			c.expr(k.val)
			c.emit(opEqual, 0, 0)
			miss = c.emit(opJumpFalse, 0, 0)
		}
		if through >= 0 {
			c.land(through)
		}
		c.block(func() { c.list(k.body) })
		through = c.emit(opJump, 0, 0)
		if miss >= 0 {
			c.land(miss)
		}
	}
	if through >= 0 {
		c.land(through)
	}
	c.land(l.breaks...)
	c.loops = c.loops[:len(c.loops)-1]
}

func (c *coder) try(s *tryStmt) {
	from := c.here()
	c.block(func() { c.stmt(s.body) })
	end := c.emit(opJump, 0, 0)
	to := c.here()
	c.block(func() {
		c.depth++ // the error
		c.proto.operands = max(c.proto.operands, c.depth)
		c.name(s.err)
		c.proto.guards = append(c.proto.guards, guard{from, to, c.here()})
		c.initial(s.err)
		c.stmt(s.handler)
	})
	c.land(end)
}

func (c *coder) jump(s *jumpStmt) {
	for i := len(c.loops) - 1; i >= 0; i-- {
		l := c.loops[i]
		if s.again && l.isSwitch {
			continue
		}
		at := c.emit(opJump, 0, 0)
		if s.again {
			l.continues = append(l.continues, at)
		} else {
			l.breaks = append(l.breaks, at)
		}
		return
	}
}
