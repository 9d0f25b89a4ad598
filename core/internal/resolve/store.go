package resolve

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// A Store reads entities for one run and keeps what it read. Copies from lists
// are as good as any unless the full representation is asked for. Failures
// are not kept. Methods may be called side by side.
type Store struct {
	api    API
	permit func(method string, path []string) error

	mu      sync.Mutex
	shelves map[entity.Type]*shelf
}

// A shelf has what is known of one type. Guarded by Store.mu.
type shelf struct {
	// copies are entities by their ids.
	copies map[string]kept
	// alias has the id of what was asked for by another string: me, a MAC.
	alias map[string]string
	// flights are GETs under way, by the string asked with.
	flights map[string]*flight
	// listings are lists under way, by their filters, and the unfiltered one
	// also when it is complete.
	listings map[string]*listing
	survey   *survey
}

type kept struct {
	Resource
	full bool
}

// A flight is one GET under way, with everybody who waits for it.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int // guarded by Store.mu
	// The answer, once done is closed.
	resource Resource
	err      error
}

// New makes a Store for one run.
func New(c Config) *Store {
	s := &Store{api: c.API, permit: c.Permit, shelves: map[entity.Type]*shelf{}}
	if s.permit == nil {
		s.permit = func(string, []string) error { return nil }
	}
	return s
}

// shelf expects s.mu to be held.
func (s *Store) shelf(t entity.Type) *shelf {
	sh := s.shelves[t]
	if sh == nil {
		sh = &shelf{
			copies:   map[string]kept{},
			alias:    map[string]string{},
			flights:  map[string]*flight{},
			listings: map[string]*listing{},
			survey:   newSurvey(),
		}
		s.shelves[t] = sh
	}
	return sh
}

func (sh *shelf) known(id string, full bool) (Resource, bool) {
	if other, ok := sh.alias[id]; ok {
		id = other
	}
	k, ok := sh.copies[id]
	return k.Resource, ok && (k.full || !full)
}

// seen keeps copies from a list, but not in place of full ones.
func (sh *shelf) seen(page []Resource) {
	for _, r := range page {
		if !sh.copies[r.ID].full {
			sh.copies[r.ID] = kept{Resource: r}
		}
	}
}

// Get returns the entity that impCentral knows by id, which may be anything
// that it takes in an id's place, such as me or a device's MAC. It fails with
// fault.NotFound.
func (s *Store) Get(ctx context.Context, t entity.Type, id string, full bool) (Resource, error) {
	if err := s.permit(http.MethodGet, append(t.Collection(), id)); err != nil {
		return Resource{}, err
	}
	return s.get(ctx, t, id, full)
}

func (s *Store) get(ctx context.Context, t entity.Type, id string, full bool) (Resource, error) {
	if !sendable(id) {
		return Resource{}, fault.NotFound(t, id)
	}
	if err := ctx.Err(); err != nil {
		return Resource{}, err
	}
	s.mu.Lock()
	sh := s.shelf(t)
	if r, ok := sh.known(id, full); ok {
		s.mu.Unlock()
		return r, nil
	}
	f := sh.flights[id]
	if f == nil {
		f = s.launch(ctx, sh, t, id)
	}
	f.waiters++
	s.mu.Unlock()

	select {
	case <-f.done:
		return f.resource, f.err
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		if f.waiters--; f.waiters == 0 {
			f.cancel()
			if sh.flights[id] == f {
				delete(sh.flights, id)
			}
		}
		return Resource{}, ctx.Err()
	}
}

// launch sends a GET that lives as long as anybody waits for it, whoever was
// the first. It expects s.mu to be held.
func (s *Store) launch(ctx context.Context, sh *shelf, t entity.Type, id string) *flight {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	sh.flights[id] = f
	go func() {
		defer cancel()
		r, err := s.fetch(ctx, t, id)
		s.mu.Lock()
		defer s.mu.Unlock()
		f.resource, f.err = r, err
		// A flight that is no longer listed has been overtaken by a write.
		if sh.flights[id] == f {
			delete(sh.flights, id)
			if err == nil {
				sh.copies[r.ID] = kept{Resource: r, full: true}
				if r.ID != id {
					sh.alias[id] = r.ID
				}
			}
		}
		close(f.done)
	}()
	return f
}

func (s *Store) fetch(ctx context.Context, t entity.Type, id string) (Resource, error) {
	answer, err := s.api.Do(ctx, impcentral.Request{Method: http.MethodGet, Path: append(t.Collection(), id)})
	if err != nil {
		if isNotFound(err) {
			f := fault.NotFound(t, id)
			f.Cause = err
			return Resource{}, f
		}
		return Resource{}, fmt.Errorf("reading %s %s: %w", t, id, err)
	}
	if !json.Valid(answer.Body) {
		return Resource{}, fault.UnexpectedAnswer(fmt.Errorf("reading %s %s: no JSON", t, id))
	}
	r, err := Parse(t, member(answer.Body, "data"))
	if err != nil {
		return Resource{}, fault.UnexpectedAnswer(err)
	}
	return r, nil
}

// isNotFound tells that impCentral has no such thing. A login that is not found
// is another failure.
func isNotFound(err error) bool {
	f, ok := fault.Of(err)
	return ok && f.Kind == fault.APIKind && f.Status == http.StatusNotFound
}

// sendable tells that s can stand in a path. What it cannot be is an id
// neither; the path would mean something else.
func sendable(s string) bool { return s != "" && s != "." && s != ".." }
