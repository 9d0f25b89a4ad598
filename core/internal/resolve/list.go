package resolve

import (
	"context"
	"iter"
	"math"
	"net/http"
	"strings"
	"sync"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// unfiltered is the key of a type's whole list.
const unfiltered = ""

// A listing is one list, under way or complete. Guarded by Store.mu.
type listing struct {
	pages    [][]Resource
	complete bool
	err      error
	// changed is closed, and replaced, whenever something above changes.
	changed chan struct{}
	readers int
	cancel  context.CancelFunc
	// named indexes the complete list.
	named func() names
}

func newListing(t entity.Type, cancel context.CancelFunc) *listing {
	l := &listing{changed: make(chan struct{}), cancel: cancel}
	l.named = sync.OnceValue(func() names { return indexNames(t, l.pages) })
	return l
}

func (l *listing) change() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// Filter is the query parameter by which impCentral filters a list, for
// example by product.id.
func Filter(name, value string) impcentral.Param {
	return impcentral.Param{Name: "filter[" + name + "]", Value: value}
}

// List reads a collection page by page, in impCentral's order. The whole list
// of a type is read once in a run, a list under way is shared. The pages
// belong to the Store. After an error it ends.
func (s *Store) List(ctx context.Context, t entity.Type, filters ...impcentral.Param) iter.Seq2[[]Resource, error] {
	return func(yield func([]Resource, error) bool) {
		if err := s.permit(http.MethodGet, t.Collection()); err != nil {
			yield(nil, err)
			return
		}
		for page, err := range s.list(ctx, t, filters...) {
			if !yield(page, err) {
				return
			}
		}
	}
}

func (s *Store) list(ctx context.Context, t entity.Type, filters ...impcentral.Param) iter.Seq2[[]Resource, error] {
	return func(yield func([]Resource, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		key := listKey(filters)
		l := s.join(ctx, t, key, filters)
		defer s.leave(t, key, l)
		for i := 0; ; i++ {
			page, err := s.await(ctx, l, i)
			if err != nil {
				yield(nil, err)
				return
			}
			if page == nil || !yield(page, nil) {
				return
			}
		}
	}
}

// whole waits for a list to be complete.
func (s *Store) whole(ctx context.Context, t entity.Type, filters ...impcentral.Param) (*listing, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	key := listKey(filters)
	l := s.join(ctx, t, key, filters)
	defer s.leave(t, key, l)
	_, err := s.await(ctx, l, math.MaxInt)
	return l, err
}

func listKey(filters []impcentral.Param) string {
	var key strings.Builder
	for _, f := range filters {
		key.WriteString(f.Name + "\x00" + f.Value + "\x00")
	}
	return key.String()
}

// join returns the list, which is begun if nobody has.
func (s *Store) join(ctx context.Context, t entity.Type, key string, filters []impcentral.Param) *listing {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shelf(t)
	l := sh.listings[key]
	if l == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		l = newListing(t, cancel)
		sh.listings[key] = l
		go s.produce(ctx, t, key, l, filters)
	}
	l.readers++
	return l
}

// leave ends a list under way that nobody reads any more.
func (s *Store) leave(t entity.Type, key string, l *listing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.readers--; l.readers > 0 || l.complete {
		return
	}
	l.cancel()
	s.shelf(t).drop(key, l)
}

// drop forgets a list, unless another has taken its place.
func (sh *shelf) drop(key string, l *listing) {
	if sh.listings[key] == l {
		delete(sh.listings, key)
	}
}

// await returns the i-th page, or nil after the last.
func (s *Store) await(ctx context.Context, l *listing, i int) ([]Resource, error) {
	for {
		s.mu.Lock()
		var page []Resource
		if i < len(l.pages) {
			page = l.pages[i]
		}
		complete, err, changed := l.complete, l.err, l.changed
		s.mu.Unlock()
		switch {
		case page != nil:
			return page, nil
		case err != nil:
			return nil, err
		case complete:
			return nil, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// produce reads the pages of a list for all its readers.
func (s *Store) produce(ctx context.Context, t entity.Type, key string, l *listing, filters []impcentral.Param) {
	defer l.cancel()
	for raw, err := range s.api.Pages(ctx, t.Collection(), filters) {
		if err != nil {
			s.finish(t, key, l, err)
			return
		}
		page, err := parsePage(t, raw)
		if err != nil {
			s.finish(t, key, l, fault.UnexpectedAnswer(err))
			return
		}
		if len(page) > 0 {
			s.extend(t, key, l, page)
		}
	}
	s.finish(t, key, l, ctx.Err())
}

func (s *Store) extend(t entity.Type, key string, l *listing, page []Resource) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.pages = append(l.pages, page[:len(page):len(page)])
	l.change()
	// What a write has overtaken is good for those who asked before, alone.
	if sh := s.shelf(t); sh.listings[key] == l {
		sh.seen(page)
	}
}

func (s *Store) finish(t entity.Type, key string, l *listing, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.err, l.complete = err, err == nil
	l.change()
	if err != nil || key != unfiltered {
		s.shelf(t).drop(key, l)
	}
}
