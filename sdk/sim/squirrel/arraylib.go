package squirrel

// onArray is a method of arrays.
func onArray(f func(c *Call, a *Array) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if a := c.This.AsArray(); a != nil {
			return f(c, a)
		}
		return Null, c.wrongThis("array")
	}
}

var arrayMethods = methods{
	"len":    {0, 0, onArray(func(_ *Call, a *Array) (Value, error) { return Int(len(a.Items)), nil })},
	"append": {1, 1, onArray(arrayAppend)},
	"push":   {1, 1, onArray(arrayAppend)},
	"extend": {1, 1, onArray(func(c *Call, a *Array) (Value, error) {
		more := c.Arg(0).AsArray()
		if more == nil {
			return Null, c.wrongType(0, "array")
		}
		return Null, a.grow(c.VM, more.Items...)
	})},
	"pop": {0, 0, onArray(func(c *Call, a *Array) (Value, error) {
		last := len(a.Items) - 1
		if last < 0 {
			return Null, c.Fail("empty array")
		}
		v := a.Items[last]
		a.Items[last] = Null
		a.Items = a.Items[:last]
		return fetched(v), nil
	})},
	"top": {0, 0, onArray(func(c *Call, a *Array) (Value, error) {
		if len(a.Items) == 0 {
			return Null, c.Fail("top() on a empty array")
		}
		return fetched(a.Items[len(a.Items)-1]), nil
	})},
	"insert": {2, 2, onArray(arrayInsert)},
	"remove": {1, 1, onArray(arrayRemove)},
	"resize": {1, 2, onArray(arrayResize)},
	"reverse": {0, 0, onArray(func(c *Call, a *Array) (Value, error) {
		c.VM.effort(24 * len(a.Items))
		for i, j := 0, len(a.Items)-1; i < j; i, j = i+1, j-1 {
			a.Items[i], a.Items[j] = a.Items[j], a.Items[i]
		}
		return Null, nil
	})},
	"clear": {0, 0, onArray(func(c *Call, a *Array) (Value, error) {
		a.Items = nil
		return Null, nil
	})},
	"slice": {0, 2, onArray(func(c *Call, a *Array) (Value, error) {
		from, to, err := c.slice(len(a.Items))
		if err != nil {
			return Null, err
		}
		if err := c.VM.charge(48 + 24*(to-from)); err != nil {
			return Null, err
		}
		return NewArray(append([]Value(nil), a.Items[from:to]...)...).Value(), nil
	})},
	"find": {1, 1, onArray(func(c *Call, a *Array) (Value, error) {
		c.VM.effort(24 * len(a.Items))
		for i, v := range a.Items {
			if rawEqual(fetched(v), c.Arg(0)) {
				return Int(i), nil
			}
		}
		return Null, nil
	})},
	"sort":   {0, 1, onArray(arraySort)},
	"map":    {1, 1, onArray(arrayMap)},
	"apply":  {1, 1, onArray(arrayApply)},
	"reduce": {1, 2, onArray(arrayReduce)},
	"filter": {1, 1, onArray(arrayFilter)},
}

// grow appends items that count as memory.
func (a *Array) grow(vm *VM, items ...Value) error {
	if len(a.Items)+len(items) > maxItems {
		return errorf("array size out of range")
	}
	if err := vm.charge(24 * len(items)); err != nil {
		return err
	}
	a.Items = append(a.Items, items...)
	return nil
}

func arrayAppend(c *Call, a *Array) (Value, error) { return Null, a.grow(c.VM, c.Arg(0)) }

func arrayInsert(c *Call, a *Array) (Value, error) {
	at, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	if at < 0 || at > len(a.Items) {
		return Null, c.Fail("index out of range")
	}
	if err := a.grow(c.VM, Null); err != nil {
		return Null, err
	}
	c.VM.effort(24 * (len(a.Items) - at))
	copy(a.Items[at+1:], a.Items[at:])
	a.Items[at] = c.Arg(1)
	return Null, nil
}

func arrayRemove(c *Call, a *Array) (Value, error) {
	at, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	if at < 0 || at >= len(a.Items) {
		return Null, c.Fail("idx out of range")
	}
	v := a.Items[at]
	c.VM.effort(24 * (len(a.Items) - at))
	copy(a.Items[at:], a.Items[at+1:])
	a.Items[len(a.Items)-1] = Null
	a.Items = a.Items[:len(a.Items)-1]
	return fetched(v), nil
}

func arrayResize(c *Call, a *Array) (Value, error) {
	n, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	if n < 0 || n > maxItems {
		return Null, c.Fail("resizing to negative length")
	}
	if n < len(a.Items) {
		clear(a.Items[n:])
		a.Items = a.Items[:n]
		return Null, nil
	}
	if err := c.VM.charge(24 * (n - len(a.Items))); err != nil {
		return Null, err
	}
	for len(a.Items) < n {
		a.Items = append(a.Items, c.Arg(1))
	}
	return Null, nil
}

// slice are the bounds that two arguments name, the negative ones from the end.
func (c *Call) slice(size int) (from, to int, err error) {
	if from, err = c.IntOr(0, 0); err != nil {
		return 0, 0, err
	}
	if to, err = c.IntOr(1, size); err != nil {
		return 0, 0, err
	}
	if from < 0 {
		from += size
	}
	if to < 0 {
		to += size
	}
	switch {
	case to < from:
		return 0, 0, c.Fail("wrong indexes")
	case from < 0 || to > size:
		return 0, 0, c.Fail("slice out of range")
	}
	return from, to, nil
}

func arrayMap(c *Call, a *Array) (Value, error) {
	mapped := NewArray()
	for i := 0; i < len(a.Items); i++ { //nolint:intrange // the function may change the array
		v, err := c.Invoke(c.Arg(0), c.This, fetched(a.Items[i]))
		if err != nil {
			return Null, err
		}
		if err := mapped.grow(c.VM, v); err != nil {
			return Null, err
		}
	}
	return mapped.Value(), nil
}

func arrayApply(c *Call, a *Array) (Value, error) {
	for i := 0; i < len(a.Items); i++ {
		v, err := c.Invoke(c.Arg(0), c.This, fetched(a.Items[i]))
		if err != nil {
			return Null, err
		}
		if i < len(a.Items) {
			a.Items[i] = v
		}
	}
	return Null, nil
}

func arrayReduce(c *Call, a *Array) (Value, error) {
	i, sum := 0, c.Arg(1)
	if len(c.Args) < 2 {
		if len(a.Items) == 0 {
			return Null, nil
		}
		i, sum = 1, fetched(a.Items[0])
	}
	for ; i < len(a.Items); i++ {
		var err error
		if sum, err = c.Invoke(c.Arg(0), c.This, sum, fetched(a.Items[i])); err != nil {
			return Null, err
		}
	}
	return sum, nil
}

func arrayFilter(c *Call, a *Array) (Value, error) {
	kept := NewArray()
	for i := 0; i < len(a.Items); i++ { //nolint:intrange // the function may change the array
		v := a.Items[i]
		keep, err := c.Invoke(c.Arg(0), c.This, Int(i), fetched(v))
		if err != nil {
			return Null, err
		}
		if keep.Truth() {
			if err := kept.grow(c.VM, v); err != nil {
				return Null, err
			}
		}
	}
	return kept.Value(), nil
}

// sorter sorts by a heap, as the language does: what compares equal ends up in
// the same order as there.
type sorter struct {
	c     *Call
	items []Value
	by    Value
}

func arraySort(c *Call, a *Array) (Value, error) {
	if len(c.Args) > 0 && !c.Arg(0).Callable() {
		return Null, c.wrongType(0, "function")
	}
	// A comparison that changes the array changes another one.
	s := &sorter{c, append([]Value(nil), a.Items...), c.Arg(0)}
	if err := c.VM.charge(24 * len(s.items)); err != nil {
		return Null, err
	}
	last := len(s.items) - 1
	for i := len(s.items) / 2; i >= 0; i-- {
		if err := s.sift(i, last); err != nil {
			return Null, err
		}
	}
	for i := last; i >= 1; i-- {
		s.items[0], s.items[i] = s.items[i], s.items[0]
		if err := s.sift(0, i-1); err != nil {
			return Null, err
		}
	}
	a.Items = s.items
	return Null, nil
}

func (s *sorter) sift(root, bottom int) error {
	for child := root * 2; child <= bottom; child = root * 2 {
		if child < bottom {
			n, err := s.compare(child, child+1)
			if err != nil {
				return err
			}
			if n <= 0 {
				child++
			}
		}
		n, err := s.compare(root, child)
		if err != nil || n >= 0 {
			return err
		}
		if root == child {
			return s.c.Fail("inconsistent compare function")
		}
		s.items[root], s.items[child] = s.items[child], s.items[root]
		root = child
	}
	return nil
}

func (s *sorter) compare(i, j int) (int, error) {
	if s.by.IsNull() {
		if s.c.VM.chunk--; s.c.VM.chunk < 0 {
			if err := s.c.VM.tick(); err != nil {
				return 0, err
			}
		}
		return s.c.VM.compare(s.items[i], s.items[j])
	}
	v, err := s.c.Invoke(s.by, s.c.Root(), fetched(s.items[i]), fetched(s.items[j]))
	if err != nil {
		return 0, err
	}
	if !v.isNumber() {
		return 0, s.c.Fail("numeric value expected as return value of the compare function")
	}
	return order(v.number(), 0), nil
}
