package squirrel

// Call is one call of a host function.
type Call struct {
	VM   *VM
	This Value
	// Args are valid during the call only.
	Args []Value
}

// Arg is an argument, or null when there are fewer.
func (c *Call) Arg(i int) Value {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return Null
}

// Invoke calls a function of the program from a host function.
func (c *Call) Invoke(fn, this Value, args ...Value) (Value, error) { return c.VM.call(fn, this, args) }

// Text is the text of a value as print writes it.
func (c *Call) Text(v Value) (string, error) { return c.VM.text(v) }

// Root is the VM's root table as a value.
func (c *Call) Root() Value { return c.VM.root.Value() }

// Fail is an error of the language with this text.
func (c *Call) Fail(format string, args ...any) error { return errorf(format, args...) }

func (c *Call) wrongType(i int, expected string) error {
	return errorf("parameter %d has an invalid type '%s' ; expected: '%s'", i+1, c.Arg(i).kind, expected)
}

// Int is an argument that has to be a number.
func (c *Call) Int(i int) (int, error) {
	v := c.Arg(i)
	if !v.isNumber() {
		return 0, c.wrongType(i, "integer|float")
	}
	n, _ := v.AsInt()
	return n, nil
}

// IntOr is an argument that may be missing.
func (c *Call) IntOr(i, otherwise int) (int, error) {
	if i >= len(c.Args) {
		return otherwise, nil
	}
	return c.Int(i)
}

// Float is an argument that has to be a number.
func (c *Call) Float(i int) (float64, error) {
	f, ok := c.Arg(i).AsFloat()
	if !ok {
		return 0, c.wrongType(i, "integer|float")
	}
	return f, nil
}

// String is an argument that has to be a string.
func (c *Call) String(i int) (string, error) {
	s, ok := c.Arg(i).AsString()
	if !ok {
		return "", c.wrongType(i, "string")
	}
	return s, nil
}

// Function is an argument that has to be a function.
func (c *Call) Function(i int) (Value, error) {
	if v := c.Arg(i); v.Callable() {
		return v, nil
	}
	return Null, c.wrongType(i, "function")
}

// call runs a function to its end from within Go code.
func (vm *VM) call(fn, this Value, args []Value) (Value, error) {
	if vm.native >= maxNative {
		return Null, errorf("Native stack overflow")
	}
	vm.native++
	defer func() { vm.native-- }()
	depth := len(vm.frames)
	val, pushed, err := vm.enter(fn, this, args)
	if err != nil || !pushed {
		return val, err
	}
	return vm.run(depth)
}

// enter calls anything that can be called. What has code of the language is
// only pushed, the value of the rest is returned.
func (vm *VM) enter(fn, this Value, args []Value) (val Value, pushed bool, err error) {
	switch fn.kind {
	case KindFunction:
		cl := fn.closure()
		if cl.proto.generate {
			val, err = vm.newGenerator(cl, this, args)
			return val, false, err
		}
		return Null, true, vm.push(cl, this, args, false)
	case KindNative:
		val, err = vm.callNative(fn.native(), this, args)
		return val, false, err
	case KindClass:
		return vm.construct(fn.class(), args)
	default:
	}
	m, ok := vm.metamethod(fn, "_call")
	if !ok {
		return Null, false, errorf("attempt to call '%s'", fn.kind)
	}
	all := make([]Value, 0, len(args)+1)
	return vm.enter(m, fn, append(append(all, this), args...))
}

func (vm *VM) callNative(n *Native, this Value, args []Value) (Value, error) {
	if len(args) < n.Min || n.Max >= 0 && len(args) > n.Max {
		return Null, errorf("wrong number of parameters")
	}
	vm.effort(len(this.str()))
	for _, v := range args {
		vm.effort(len(v.str()))
	}
	if vm.chunk--; vm.chunk < 0 {
		if err := vm.tick(); err != nil {
			return Null, err
		}
	}
	if n.hasEnv {
		this = n.env
	}
	return n.Func(&Call{VM: vm, This: this, Args: args})
}

func (vm *VM) construct(class *Class, args []Value) (val Value, pushed bool, err error) {
	if err := vm.charge(64 + 24*len(class.fields)); err != nil {
		return Null, false, err
	}
	inst := class.instantiate().Value()
	ctor, ok := class.get(constructorKey)
	switch {
	case !ok:
		return inst, false, nil
	case ctor.kind == KindFunction:
		return Null, true, vm.push(ctor.closure(), inst, args, true)
	}
	_, err = vm.call(ctor, inst, args)
	return inst, false, err
}

var constructorKey = String("constructor")

// push makes a frame for a closure.
func (vm *VM) push(cl *Closure, this Value, args []Value, ctor bool) error {
	if len(vm.frames) >= vm.cfg.MaxDepth {
		return errorf("stack overflow")
	}
	if vm.chunk--; vm.chunk < 0 {
		if err := vm.tick(); err != nil {
			return err
		}
	}
	p := cl.proto
	var f *frame
	if n := len(vm.free); n > 0 {
		f, vm.free = vm.free[n-1], vm.free[:n-1]
	} else {
		f = &frame{}
	}
	*f = frame{cl: cl, ctor: ctor, slab: vm.slab, slabTop: vm.top, sp: p.locals}
	n := p.locals + p.operands
	if vm.top+n > len(vm.slab) {
		if len(vm.spare) < n {
			vm.spare = make([]Value, max(2*len(vm.slab), n))
		}
		vm.slab, vm.spare, vm.top = vm.spare, nil, 0
	}
	f.regs = vm.slab[vm.top : vm.top+n : vm.top+n]
	vm.top += n
	if err := vm.fill(cl, f.regs, this, args); err != nil {
		vm.slab, vm.top = f.slab, f.slabTop
		return err
	}
	vm.frames = append(vm.frames, f)
	return nil
}

// fill puts this, arguments and defaults where the function finds them.
func (vm *VM) fill(cl *Closure, regs []Value, this Value, args []Value) error {
	p := cl.proto
	if cl.hasEnv {
		this = cl.env
	}
	want := len(p.params)
	if len(args) < want-p.defaults || len(args) > want && !p.varargs {
		return errorf("wrong number of parameters")
	}
	regs[0] = this
	n := copy(regs[1:1+want], args)
	for ; n < want; n++ {
		regs[1+n] = cl.defaults[n-(want-p.defaults)]
	}
	if p.varargs {
		rest := []Value(nil)
		if len(args) > want {
			rest = append(rest, args[want:]...)
			if err := vm.charge(24 * len(rest)); err != nil {
				return err
			}
		}
		regs[1+want] = NewArray(rest...).Value()
	}
	for _, slot := range p.boxed {
		regs[slot] = Value{ref: &box{regs[slot]}}
	}
	return nil
}

// pop ends the innermost frame and gives back its registers.
func (vm *VM) pop() {
	n := len(vm.frames) - 1
	f := vm.frames[n]
	if f.gen == nil {
		clear(f.regs)
		if len(vm.slab) > len(f.slab) {
			vm.spare = vm.slab
		}
		vm.slab, vm.top = f.slab, f.slabTop
		*f = frame{}
		vm.free = append(vm.free, f)
	}
	vm.frames[n] = nil
	vm.frames = vm.frames[:n]
}

func (vm *VM) newGenerator(cl *Closure, this Value, args []Value) (Value, error) {
	p := cl.proto
	if err := vm.charge(128 + 24*(p.locals+p.operands)); err != nil {
		return Null, err
	}
	g := &Generator{}
	g.frame = &frame{cl: cl, regs: make([]Value, p.locals+p.operands), sp: p.locals, gen: g}
	if err := vm.fill(cl, g.frame.regs, this, args); err != nil {
		return Null, err
	}
	return Value{kind: KindGenerator, ref: g}, nil
}

// wake pushes a generator's frame.
func (vm *VM) wake(v Value) error {
	g := v.generator()
	switch {
	case v.kind != KindGenerator:
		return errorf("trying to resume a '%s',only genenerator can be resumed", v.kind)
	case g.state == generatorDead:
		return errorf("resuming dead generator")
	case g.state == generatorRunning:
		return errorf("resuming active generator")
	case len(vm.frames) >= vm.cfg.MaxDepth:
		return errorf("stack overflow")
	}
	g.state = generatorRunning
	vm.frames = append(vm.frames, g.frame)
	return nil
}

// resume runs a generator up to its next yield or its end.
func (vm *VM) resume(v Value) (Value, error) {
	if vm.native >= maxNative {
		return Null, errorf("Native stack overflow")
	}
	vm.native++
	defer func() { vm.native-- }()
	depth := len(vm.frames)
	if err := vm.wake(v); err != nil {
		return Null, err
	}
	return vm.run(depth)
}

// unwind looks for who catches an error, down to a depth. Without anybody the
// frames are gone and err is returned, with the stack as it was.
func (vm *VM) unwind(err error, depth int) error {
	vm.chunk -= throwSteps
	e := thrown(err)
	if e == nil {
		for len(vm.frames) > depth {
			vm.drop()
		}
		return err
	}
	caught := -1
	var to int
	for i := len(vm.frames) - 1; i >= depth && caught < 0; i-- {
		if at := vm.frames[i].catches(); at >= 0 {
			caught, to = i, at
		}
	}
	if caught < 0 {
		if !e.traced {
			e.traced, e.Trace = true, vm.trace()
		}
		for len(vm.frames) > depth {
			vm.drop()
		}
		return e
	}
	for len(vm.frames) > caught+1 {
		vm.drop()
	}
	f := vm.frames[caught]
	base := f.cl.proto.locals
	clear(f.regs[base:])
	f.regs[base] = e.Thrown
	f.pc, f.sp = to, base+1
	return nil
}

// drop ends a frame because of an error.
func (vm *VM) drop() {
	if g := vm.frames[len(vm.frames)-1].gen; g != nil {
		g.state, g.frame = generatorDead, nil
	}
	vm.pop()
}

// catches is where the frame goes on after an error, or -1.
func (f *frame) catches() int {
	at, best := -1, -1
	for _, g := range f.cl.proto.guards {
		if pc := f.pc - 1; pc >= g.from && pc < g.to && g.from > best {
			at, best = g.catch, g.from
		}
	}
	return at
}

// maxTrace is how many lines of a stack are kept.
const maxTrace = 30

func (vm *VM) trace() []TraceLine {
	var lines []TraceLine
	for i := len(vm.frames) - 1; i >= 0 && len(lines) < maxTrace; i-- {
		lines = append(lines, vm.frames[i].line())
	}
	return lines
}

func (f *frame) line() TraceLine {
	name := f.cl.proto.name
	if name == "" {
		name = "unknown"
	}
	file, line := f.cl.proto.file(f.pc - 1)
	return TraceLine{name, file, line}
}
