package squirrel

// forNext moves a foreach on. Its slots hold the container, where it is, the key
// and the value.
func (vm *VM) forNext(slots []Value) (bool, error) {
	of, at := slots[0], slots[1]
	if vm.chunk--; vm.chunk < 0 {
		if err := vm.tick(); err != nil {
			return false, err
		}
	}
	i := int(at.num)
	var key, val Value
	switch of.kind {
	case KindArray:
		items := of.AsArray().Items
		if i >= len(items) {
			return false, nil
		}
		key, val = Int(i), items[i]
	case KindString:
		s := of.str()
		if i >= len(s) {
			return false, nil
		}
		key, val = Int(i), Int(int(s[i]))
	case KindTable:
		if m, ok := vm.metamethod(of, "_nexti"); ok {
			return vm.metaNext(m, slots)
		}
		var ok bool
		if key, val, i, ok = of.AsTable().next(i); !ok {
			return false, nil
		}
		i--
	case KindClass:
		c := of.class()
		var ok bool
		if key, _, i, ok = c.members.next(i); !ok {
			return false, nil
		}
		i--
		val, _ = c.get(key)
	case KindInstance:
		if m, ok := vm.metamethod(of, "_nexti"); ok {
			return vm.metaNext(m, slots)
		}
		return false, errorf("_nexti failed")
	case KindGenerator:
		return vm.generatorNext(slots)
	case KindMeta:
		m := of.AsMeta()
		if m.Len == nil || m.Get == nil {
			return false, errorf("cannot iterate %s", m.Name)
		}
		if i >= m.Len(m) {
			return false, nil
		}
		key = Int(i)
		val, _ = m.Get(m, key)
	default:
		return false, errorf("cannot iterate %s", of.kind)
	}
	slots[1] = Int(i + 1)
	store(&slots[2], key)
	store(&slots[3], fetched(val))
	return true, nil
}

// store puts a value into a local, captured or not.
func store(slot *Value, v Value) {
	if b, ok := slot.ref.(*box); ok && slot.kind == KindNull {
		b.val = v
		return
	}
	*slot = v
}

// metaNext asks _nexti for the key after the one in slots[1].
func (vm *VM) metaNext(m Value, slots []Value) (bool, error) {
	of := slots[0]
	key, err := vm.call(m, of, []Value{slots[1]})
	if err != nil || key.IsNull() {
		return false, err
	}
	val, err := vm.get(of, key, false)
	if err != nil {
		return false, err
	}
	slots[1] = key
	store(&slots[2], key)
	store(&slots[3], val)
	return true, nil
}

func (vm *VM) generatorNext(slots []Value) (bool, error) {
	g := slots[0].generator()
	if g.state == generatorDead {
		return false, nil
	}
	val, err := vm.resume(slots[0])
	if err != nil || g.state == generatorDead {
		return false, err
	}
	store(&slots[2], slots[1])
	slots[1] = Int(int(slots[1].num) + 1)
	if slots[2].IsNull() {
		store(&slots[2], Int(0))
	}
	store(&slots[3], val)
	return true, nil
}
