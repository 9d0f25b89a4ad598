package squirrel

// Table maps values to values and keeps the order in which keys came.
type Table struct {
	entries  []entry
	strings  map[string]int32
	others   map[Value]int32
	live     int
	delegate *Table
}

type entry struct {
	key, val Value
	live     bool
}

// linearEntries is up to how many entries a table is searched without an index.
const linearEntries = 8

// NewTable makes an empty table.
func NewTable() *Table { return &Table{} }

// Value is the table as a value.
func (t *Table) Value() Value { return Value{kind: KindTable, ref: t} }

// Len is the number of slots.
func (t *Table) Len() int { return t.live }

func (t *Table) find(key Value) int {
	if t.strings == nil {
		if key.kind == KindString {
			s := key.str()
			for i := range t.entries {
				if e := &t.entries[i]; e.live && e.key.kind == KindString && e.key.str() == s {
					return i
				}
			}
			return -1
		}
		for i := range t.entries {
			if e := &t.entries[i]; e.live && e.key == key {
				return i
			}
		}
		return -1
	}
	var n int32
	var ok bool
	if key.kind == KindString {
		n, ok = t.strings[key.str()]
	} else {
		n, ok = t.others[key]
	}
	if !ok {
		return -1
	}
	return int(n)
}

// Get is the value of a key, without delegates.
func (t *Table) Get(key Value) (Value, bool) {
	if i := t.find(key); i >= 0 {
		return t.entries[i].val, true
	}
	return Null, false
}

// GetString is the value of a slot with that name, or null.
func (t *Table) GetString(name string) Value {
	v, _ := t.Get(String(name))
	return v
}

// Set makes or replaces a slot.
func (t *Table) Set(key, val Value) {
	if i := t.find(key); i >= 0 {
		t.entries[i].val = val
		return
	}
	if n := len(t.entries); n >= 2*linearEntries && t.live < n/2 {
		t.compact()
	}
	t.entries = append(t.entries, entry{key, val, true})
	t.live++
	if t.strings != nil {
		t.index(len(t.entries) - 1)
	} else if len(t.entries) > linearEntries {
		t.reindex()
	}
}

// SetString makes or replaces the slot with that name.
func (t *Table) SetString(name string, val Value) { t.Set(String(name), val) }

// replace changes a slot that exists.
func (t *Table) replace(key, val Value) bool {
	i := t.find(key)
	if i >= 0 {
		t.entries[i].val = val
	}
	return i >= 0
}

func (t *Table) index(i int) {
	key := t.entries[i].key
	if key.kind == KindString {
		t.strings[key.str()] = int32(i) //nolint:gosec // G115: tables are smaller
	} else {
		if t.others == nil {
			t.others = map[Value]int32{}
		}
		t.others[key] = int32(i) //nolint:gosec // G115: tables are smaller
	}
}

func (t *Table) reindex() {
	t.strings, t.others = make(map[string]int32, len(t.entries)), nil
	for i := range t.entries {
		if t.entries[i].live {
			t.index(i)
		}
	}
}

func (t *Table) compact() {
	kept := t.entries[:0]
	for _, e := range t.entries {
		if e.live {
			kept = append(kept, e)
		}
	}
	clear(t.entries[len(kept):])
	t.entries = kept
	if t.strings != nil {
		t.reindex()
	}
}

// Delete removes a slot and returns what it held.
func (t *Table) Delete(key Value) (Value, bool) {
	i := t.find(key)
	if i < 0 {
		return Null, false
	}
	val := t.entries[i].val
	t.entries[i] = entry{}
	t.live--
	if t.strings != nil {
		if key.kind == KindString {
			delete(t.strings, key.str())
		} else {
			delete(t.others, key)
		}
	}
	return val, true
}

// Clear removes every slot.
func (t *Table) Clear() {
	t.entries, t.strings, t.others, t.live = nil, nil, nil, 0
}

// next is the first slot at or after position i, and the position behind it.
func (t *Table) next(i int) (key, val Value, after int, ok bool) {
	for ; i < len(t.entries); i++ {
		if e := &t.entries[i]; e.live {
			return e.key, e.val, i + 1, true
		}
	}
	return Null, Null, 0, false
}

// Each calls f for every slot in order until it returns false.
func (t *Table) Each(f func(key, val Value) bool) {
	for i := 0; ; {
		k, v, after, ok := t.next(i)
		if !ok || !f(k, v) {
			return
		}
		i = after
	}
}

func (t *Table) clone() *Table {
	c := &Table{delegate: t.delegate, live: t.live, entries: make([]entry, 0, t.live)}
	for _, e := range t.entries {
		if e.live {
			c.entries = append(c.entries, e)
		}
	}
	if len(c.entries) > linearEntries {
		c.reindex()
	}
	return c
}
