package squirrel

// charge counts bytes that a program has come to use. From time to time what is
// reachable is measured, since what was let go counts no more.
func (vm *VM) charge(n int) error {
	vm.used += n
	vm.effort(n)
	if vm.live+vm.used <= vm.cfg.MaxMemory {
		return nil
	}
	// Not sooner than a quarter of the limit has been used anew, unless one
	// allocation is that big.
	vm.live, vm.used = vm.measure(), n
	if vm.live+n > vm.cfg.MaxMemory*3/4 {
		return &fatal{ErrOutOfMemory}
	}
	return nil
}

// measurer adds up what is reachable.
type measurer struct {
	seen  map[any]struct{}
	queue []Value
	bytes int
}

func (vm *VM) measure() int {
	m := &measurer{seen: map[any]struct{}{}}
	m.add(vm.root.Value())
	for _, f := range vm.frames {
		for _, v := range f.regs {
			m.add(v)
		}
		m.add(f.cl.Value())
	}
	for o := range vm.addresses {
		m.add(Value{ref: o})
	}
	if vm.pinned != nil {
		vm.pinned(m.add)
	}
	for len(m.queue) > 0 {
		v := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		m.visit(v)
	}
	return m.bytes
}

func (m *measurer) add(v Value) {
	if v.kind == KindString {
		m.bytes += 16 + len(v.str())
		return
	}
	if v.ref == nil {
		return
	}
	if _, ok := m.seen[v.ref]; ok {
		return
	}
	m.seen[v.ref] = struct{}{}
	m.queue = append(m.queue, v)
}

func (m *measurer) all(list []Value) {
	m.bytes += 24 * len(list)
	for _, v := range list {
		m.add(v)
	}
}

func (m *measurer) table(t *Table) {
	m.bytes += 64 + 64*t.Len()
	for _, e := range t.entries {
		m.add(e.key)
		m.add(e.val)
	}
	if t.delegate != nil {
		m.add(t.delegate.Value())
	}
}

// code counts a function's instructions once, with those of the functions in it.
func (m *measurer) code(p *proto) {
	if _, ok := m.seen[p]; ok {
		return
	}
	m.seen[p] = struct{}{}
	m.bytes += 256 + 20*len(p.code) + 40*len(p.consts) + 48*len(p.scoped)
	for _, inner := range p.protos {
		m.code(inner)
	}
}

func (m *measurer) visit(v Value) {
	switch o := v.ref.(type) {
	case *Table:
		m.table(o)
	case *Array:
		m.bytes += 48
		m.all(o.Items)
	case *box:
		m.bytes += 24
		m.add(o.val)
	case *Closure:
		m.bytes += 96
		m.code(o.proto)
		for _, b := range o.outers {
			m.add(Value{ref: b})
		}
		m.all(o.defaults)
		m.add(o.env)
	case *Native:
		m.add(o.env)
	case *Class:
		m.table(o.members)
		m.all(o.fields)
		m.all(o.shared)
	case *Instance:
		m.bytes += 64
		m.add(o.class.Value())
		m.all(o.fields)
	case *Generator:
		m.bytes += 128
		if o.frame != nil {
			m.all(o.frame.regs)
		}
	case *WeakRef:
		m.add(o.target)
	case *Meta:
		m.bytes += 64
		if o.Size != nil {
			m.bytes += o.Size(o)
		}
	}
}
