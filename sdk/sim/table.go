package sim

import (
	"cmp"
	"iter"
	"slices"
)

// table keeps entities of one type by id and in the order they came.
type table[T any] struct {
	byID  map[string]*row[T]
	order []*row[T]
	last  uint64
}

type row[T any] struct {
	seq   uint64
	value *T
}

func newTable[T any]() *table[T] { return &table[T]{byID: map[string]*row[T]{}} }

func (t *table[T]) get(id string) *T {
	if r := t.byID[id]; r != nil {
		return r.value
	}
	return nil
}

func (t *table[T]) has(id string) bool { return t.byID[id] != nil }

func (t *table[T]) len() int { return len(t.order) }

func (t *table[T]) add(id string, v *T) {
	t.last++
	r := &row[T]{t.last, v}
	t.byID[id] = r
	t.order = append(t.order, r)
}

func (t *table[T]) remove(id string) {
	r := t.byID[id]
	if r == nil {
		return
	}
	delete(t.byID, id)
	at, _ := slices.BinarySearchFunc(t.order, r.seq, func(r *row[T], seq uint64) int { return cmp.Compare(r.seq, seq) })
	t.order = slices.Delete(t.order, at, at+1)
}

// all walks in insertion order. The table must not change meanwhile.
func (t *table[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, r := range t.order {
			if !yield(r.value) {
				return
			}
		}
	}
}

// where collects the entities that keep accepts; what it returns may be used
// to change the table.
func (t *table[T]) where(keep func(*T) bool) []*T {
	var out []*T
	for v := range t.all() {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func (t *table[T]) values() []*T { return t.where(func(*T) bool { return true }) }
