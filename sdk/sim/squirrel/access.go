package squirrel

// metamethod is the function that a value's delegate or class has for an operator.
func (vm *VM) metamethod(v Value, name string) (Value, bool) {
	switch v.kind {
	case KindTable:
		for t := v.AsTable().delegate; t != nil; t = t.delegate {
			if m, ok := t.Get(String(name)); ok {
				return m, true
			}
		}
	case KindInstance:
		m, ok := v.instance().class.meta[name]
		return m, ok
	case KindClass:
		m, ok := v.class().meta[name]
		return m, ok && (name == "_newmember" || name == "_inherited")
	case KindMeta:
		return v.AsMeta().Methods.Get(String(name))
	default:
	}
	return Null, false
}

// raw looks a key up in the value itself and the delegates of a table.
func raw(obj, key Value) (Value, bool) {
	switch obj.kind {
	case KindTable:
		for t := obj.AsTable(); t != nil; t = t.delegate {
			if v, ok := t.Get(key); ok {
				return v, true
			}
		}
	case KindInstance:
		return obj.instance().get(key)
	case KindClass:
		return obj.class().get(key)
	case KindArray:
		if key.isNumber() {
			i, _ := key.AsInt()
			if items := obj.AsArray().Items; i >= 0 && i < len(items) {
				return items[i], true
			}
		}
	case KindString:
		if key.isNumber() {
			i, _ := key.AsInt()
			s := obj.str()
			if i < 0 {
				i += len(s)
			}
			if i >= 0 && i < len(s) {
				return Int(int(s[i])), true
			}
		}
	case KindMeta:
		if m := obj.AsMeta(); m.Get != nil {
			return m.Get(m, key)
		}
	default:
	}
	return Null, false
}

// fetched is a value as containers give it: weak references are followed.
func fetched(v Value) Value {
	if w, ok := v.ref.(*WeakRef); ok {
		return w.target
	}
	return v
}

// get is obj[key]. ofThis: obj is the function's this, so that the root table is
// looked into as well.
func (vm *VM) get(obj, key Value, ofThis bool) (Value, error) {
	v, ok, err := vm.lookup(obj, key, ofThis)
	if err == nil && !ok {
		err = missing(obj, key)
	}
	return v, err
}

// missing is the error of a key that is not there.
func missing(obj, key Value) error {
	if obj.kind == KindMeta && key.isNumber() {
		return errorf("index out of range")
	}
	return indexError(key)
}

func (vm *VM) lookup(obj, key Value, ofThis bool) (Value, bool, error) {
	if v, ok := raw(obj, key); ok {
		return fetched(v), true, nil
	}
	if obj.kind != KindInstance {
		if v, ok := vm.typeMethod(obj, key); ok {
			return v, true, nil
		}
	}
	if m, ok := vm.metamethod(obj, "_get"); ok {
		v, err := vm.call(m, obj, []Value{key})
		if err == nil {
			return v, true, nil
		}
		// A metamethod that throws null has not found the key.
		if e := thrown(err); e == nil || !e.Thrown.IsNull() {
			return Null, false, err
		}
	}
	if obj.kind == KindInstance {
		if v, ok := vm.typeMethod(obj, key); ok {
			return v, true, nil
		}
	}
	if ofThis {
		if v, ok := vm.root.Get(key); ok {
			return fetched(v), true, nil
		}
	}
	return Null, false, nil
}

// typeMethod is a function that all values of a type have.
func (vm *VM) typeMethod(obj, key Value) (Value, bool) {
	if obj.kind == KindMeta {
		if v, ok := obj.AsMeta().Methods.Get(key); ok {
			return v, true
		}
	}
	if t := vm.types[obj.kind]; t != nil {
		return t.Get(key)
	}
	return Null, false
}

func (vm *VM) set(obj, key, val Value, ofThis bool) error {
	switch obj.kind {
	case KindTable:
		for t := obj.AsTable(); t != nil; t = t.delegate {
			if t.replace(key, val) {
				return nil
			}
		}
	case KindInstance:
		if obj.instance().set(key, val) {
			return nil
		}
	case KindArray:
		if !key.isNumber() {
			return errorf("indexing array with %s", key.kind)
		}
		i, _ := key.AsInt()
		if items := obj.AsArray().Items; i >= 0 && i < len(items) {
			items[i] = val
			return nil
		}
		return indexError(key)
	case KindMeta:
		m := obj.AsMeta()
		if m.Set == nil {
			return errorf("trying to set '%s'", m.Name)
		}
		if ok, err := m.Set(m, key, val); ok || err != nil {
			return err
		}
		if key.isNumber() {
			return missing(obj, key)
		}
	default:
		if ofThis && vm.root.replace(key, val) {
			return nil
		}
		return errorf("trying to set '%s'", obj.kind)
	}
	if m, ok := vm.metamethod(obj, "_set"); ok {
		_, err := vm.call(m, obj, []Value{key, val})
		if err == nil {
			return nil
		}
		if e := thrown(err); e == nil || !e.Thrown.IsNull() {
			return err
		}
	}
	if ofThis && vm.root.replace(key, val) {
		return nil
	}
	return indexError(key)
}

func (vm *VM) newSlot(obj, key, val Value) error {
	if key.IsNull() {
		return errorf("null cannot be used as index")
	}
	switch obj.kind {
	case KindTable:
		t := obj.AsTable()
		if t.delegate != nil && t.find(key) < 0 {
			if m, ok := vm.metamethod(obj, "_newslot"); ok {
				_, err := vm.call(m, obj, []Value{key, val})
				return err
			}
		}
		t.Set(key, val)
		return vm.charge(64)
	case KindInstance:
		if m, ok := vm.metamethod(obj, "_newslot"); ok {
			_, err := vm.call(m, obj, []Value{key, val})
			return err
		}
		return errorf("class instances do not support the new slot operator")
	case KindClass:
		return vm.addMember(obj.class(), key, val, Null, false)
	default:
		return errorf("indexing %s with %s", obj.kind, key.kind)
	}
}

func (vm *VM) delete(obj, key Value) (Value, error) {
	switch obj.kind {
	case KindTable, KindInstance:
		if m, ok := vm.metamethod(obj, "_delslot"); ok {
			return vm.call(m, obj, []Value{key})
		}
		if obj.kind == KindInstance {
			return Null, errorf("cannot delete a slot from %s", obj.kind)
		}
		v, ok := obj.AsTable().Delete(key)
		if !ok {
			return Null, indexError(key)
		}
		return fetched(v), nil
	default:
		return Null, errorf("attempt to delete a slot from a %s", obj.kind)
	}
}

// in is the operator: whether a container itself has a key, without delegates
// and metamethods.
func in(key, obj Value) bool {
	if t := obj.AsTable(); t != nil {
		return t.find(key) >= 0
	}
	_, ok := raw(obj, key)
	return ok
}

func instanceOf(v, class Value) (Value, error) {
	if class.kind != KindClass {
		return Null, errorf("cannot apply instanceof between a %s and a %s", v.kind, class.kind)
	}
	return Bool(v.kind == KindInstance && v.instance().class.isA(class.class())), nil
}

func (vm *VM) step(obj, key Value, in instruction) (Value, error) {
	ofThis := in.b&1 != 0
	old, err := vm.get(obj, key, ofThis)
	if err != nil {
		return Null, err
	}
	next, err := vm.binary(opAdd, old, int32Value(in.a))
	if err != nil {
		return Null, err
	}
	if err := vm.set(obj, key, next, ofThis); err != nil {
		return Null, err
	}
	if in.b&2 != 0 {
		return old, nil
	}
	return next, nil
}

func (vm *VM) compound(obj, key, val Value, op opcode, ofThis bool) (Value, error) {
	old, err := vm.get(obj, key, ofThis)
	if err != nil {
		return Null, err
	}
	next, err := vm.binary(op, old, val)
	if err != nil {
		return Null, err
	}
	return next, vm.set(obj, key, next, ofThis)
}

// makeClass makes a class from a base, attributes or both.
func (vm *VM) makeClass(flags int, operands []Value) (Value, error) {
	if err := vm.charge(256); err != nil {
		return Null, err
	}
	var base *Class
	if flags&1 != 0 {
		v := operands[0]
		if v.kind != KindClass {
			return Null, errorf("trying to inherit from a %s", v.kind)
		}
		base = v.class()
	}
	c := newClass(base)
	if flags&2 != 0 {
		c.setAttributes(Null, operands[len(operands)-1])
	}
	if m, ok := vm.metamethod(c.Value(), "_inherited"); ok && base != nil {
		if _, err := vm.call(m, c.Value(), []Value{operands[len(operands)-1]}); err != nil {
			return Null, err
		}
	}
	return c.Value(), nil
}

// member adds the member of a class body: key, value, attributes.
func (vm *VM) member(c *Class, operands []Value, flags int) error {
	attrs := Null
	if flags&2 != 0 {
		attrs = operands[2]
	}
	return vm.addMember(c, operands[0], operands[1], attrs, flags&1 != 0)
}

func (vm *VM) addMember(c *Class, key, val, attrs Value, static bool) error {
	if m, ok := c.meta["_newmember"]; ok {
		_, err := vm.call(m, c.Value(), []Value{key, val, attrs, Bool(static)})
		return err
	}
	if !attrs.IsNull() {
		c.setAttributes(key, attrs)
	}
	if err := vm.charge(96); err != nil {
		return err
	}
	return c.newMember(key, val, static)
}

func (c *Class) setAttributes(key, attrs Value) Value {
	if c.attrs == nil {
		c.attrs = map[Value]Value{}
	}
	old := c.attrs[key]
	c.attrs[key] = attrs
	return old
}
