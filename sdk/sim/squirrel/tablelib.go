package squirrel

// onTable is a method of tables.
func onTable(f func(c *Call, t *Table) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if t := c.This.AsTable(); t != nil {
			return f(c, t)
		}
		return Null, c.wrongThis("table")
	}
}

var tableMethods = methods{
	"len": {0, 0, onTable(func(_ *Call, t *Table) (Value, error) { return Int(t.Len()), nil })},
	"rawget": {1, 1, onTable(func(c *Call, t *Table) (Value, error) {
		v, ok := t.Get(c.Arg(0))
		if !ok {
			return Null, c.Fail("the index doesn't exist")
		}
		return fetched(v), nil
	})},
	"rawset": {2, 2, onTable(func(c *Call, t *Table) (Value, error) {
		if c.Arg(0).IsNull() {
			return Null, c.Fail("null key")
		}
		t.Set(c.Arg(0), c.Arg(1))
		return Null, c.VM.charge(64)
	})},
	"rawdelete": {1, 1, onTable(func(c *Call, t *Table) (Value, error) {
		v, _ := t.Delete(c.Arg(0))
		return fetched(v), nil
	})},
	"rawin": {1, 1, onTable(func(c *Call, t *Table) (Value, error) { return Bool(t.find(c.Arg(0)) >= 0), nil })},
	"clear": {0, 0, onTable(func(c *Call, t *Table) (Value, error) {
		t.Clear()
		return Null, nil
	})},
	"getdelegate": {0, 0, onTable(func(_ *Call, t *Table) (Value, error) {
		if t.delegate == nil {
			return Null, nil
		}
		return t.delegate.Value(), nil
	})},
	"setdelegate": {1, 1, onTable(setDelegate)},
	"filter":      {1, 1, onTable(filterTable)},
}

func setDelegate(c *Call, t *Table) (Value, error) {
	d := c.Arg(0).AsTable()
	if d == nil && !c.Arg(0).IsNull() {
		return Null, c.wrongType(0, "null|table")
	}
	for up := d; up != nil; up = up.delegate {
		if up == t {
			return Null, c.Fail("delagate cycle")
		}
	}
	t.delegate = d
	return c.This, nil
}

func filterTable(c *Call, t *Table) (Value, error) {
	fn, err := c.Function(0)
	if err != nil {
		return Null, err
	}
	kept := NewTable()
	for i := 0; ; {
		key, val, after, ok := t.next(i)
		if !ok {
			return kept.Value(), c.VM.charge(64 + 64*kept.Len())
		}
		i = after
		keep, err := c.Invoke(fn, c.This, key, fetched(val))
		if err != nil {
			return Null, err
		}
		if keep.Truth() {
			kept.Set(key, val)
		}
	}
}

var classMethods = methods{
	"getbase": {0, 0, onClass(func(_ *Call, k *Class) (Value, error) {
		if k.base == nil {
			return Null, nil
		}
		return k.base.Value(), nil
	})},
	"instance": {0, 0, onClass(func(c *Call, k *Class) (Value, error) {
		return k.instantiate().Value(), c.VM.charge(64 + 24*len(k.fields))
	})},
	"getattributes": {1, 1, onClass(func(c *Call, k *Class) (Value, error) {
		if _, ok := k.get(c.Arg(0)); !ok && !c.Arg(0).IsNull() {
			return Null, c.Fail("wrong index")
		}
		return k.attrs[c.Arg(0)], nil
	})},
	"setattributes": {2, 2, onClass(func(c *Call, k *Class) (Value, error) {
		if _, ok := k.get(c.Arg(0)); !ok && !c.Arg(0).IsNull() {
			return Null, c.Fail("wrong index")
		}
		return k.setAttributes(c.Arg(0), c.Arg(1)), c.VM.charge(64)
	})},
	"rawget": {1, 1, onClass(func(c *Call, k *Class) (Value, error) {
		v, ok := k.get(c.Arg(0))
		if !ok {
			return Null, c.Fail("the index doesn't exist")
		}
		return fetched(v), nil
	})},
	"rawin": {1, 1, onClass(func(c *Call, k *Class) (Value, error) {
		_, ok := k.get(c.Arg(0))
		return Bool(ok), nil
	})},
	"rawset": {2, 2, onClass(func(c *Call, k *Class) (Value, error) {
		if err := c.VM.charge(96); err != nil {
			return Null, err
		}
		return Null, k.newMember(c.Arg(0), c.Arg(1), false)
	})},
	"newmember":    {2, 4, onClass(newMember)},
	"rawnewmember": {2, 4, onClass(newMember)},
}

func onClass(f func(c *Call, k *Class) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if k := c.This.class(); k != nil {
			return f(c, k)
		}
		return Null, c.wrongThis("class")
	}
}

func newMember(c *Call, k *Class) (Value, error) {
	if err := c.VM.charge(96); err != nil {
		return Null, err
	}
	if err := k.newMember(c.Arg(0), c.Arg(1), c.Arg(3).Truth()); err != nil {
		return Null, err
	}
	if attrs := c.Arg(2); !attrs.IsNull() {
		k.setAttributes(c.Arg(0), attrs)
	}
	return Null, nil
}

var instanceMethods = methods{
	"getclass": {0, 0, onInstance(func(_ *Call, i *Instance) (Value, error) { return i.class.Value(), nil })},
	"rawget": {1, 1, onInstance(func(c *Call, i *Instance) (Value, error) {
		v, ok := i.get(c.Arg(0))
		if !ok {
			return Null, c.Fail("the index doesn't exist")
		}
		return fetched(v), nil
	})},
	"rawin": {1, 1, onInstance(func(c *Call, i *Instance) (Value, error) {
		_, ok := i.get(c.Arg(0))
		return Bool(ok), nil
	})},
	"rawset": {2, 2, onInstance(func(c *Call, i *Instance) (Value, error) {
		if !i.set(c.Arg(0), c.Arg(1)) {
			return Null, indexError(c.Arg(0))
		}
		return Null, nil
	})},
}

func onInstance(f func(c *Call, i *Instance) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if i := c.This.instance(); i != nil {
			return f(c, i)
		}
		return Null, c.wrongThis("instance")
	}
}
