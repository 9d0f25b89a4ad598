package resolve

import (
	"context"
	"net/http"
	"slices"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/entity"
)

// Call makes one request as it is. Nothing is answered from memory or kept,
// and what a write may have changed is forgotten, also when it fails: then
// nobody knows what it did.
func (s *Store) Call(ctx context.Context, req impcentral.Request) (impcentral.Response, error) {
	if err := s.permit(req.Method, req.Path); err != nil {
		return impcentral.Response{}, err
	}
	defer s.Wrote(req.Method, req.Path)
	return s.api.Do(ctx, req)
}

// Wrote forgets what a request may have changed: the entity it names, the
// lists of its type, and what follows from it in other types. Answers still
// under way are not kept. A GET changes nothing.
func (s *Store) Wrote(method string, path []string) {
	if method == http.MethodGet || method == http.MethodHead {
		return
	}
	t, rest := typeOf(path)
	if t == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shelf(t)
	// Whoever waits for these still gets an answer; it is not kept.
	sh.flights = map[string]*flight{}
	sh.listings = map[string]*listing{}
	sh.survey = newSurvey()
	if len(rest) > 0 {
		id := rest[0]
		if other, ok := sh.alias[id]; ok {
			id = other
		}
		delete(sh.copies, id)
	}
	switch {
	case t == entity.DeviceGroup && len(rest) > 2 && rest[2] == "devices":
		delete(s.shelves, entity.Device)
	case t == entity.DeviceGroup && method == http.MethodDelete:
		// Its builds and webhooks are gone, or without a group.
		delete(s.shelves, entity.Deployment)
		delete(s.shelves, entity.Webhook)
	case t == entity.Deployment && len(rest) == 0:
		// The new build is its group's current one, which lists hardly show.
		groups := s.shelf(entity.DeviceGroup)
		groups.flights = map[string]*flight{}
		for id, k := range groups.copies {
			groups.copies[id] = kept{Resource: k.Resource}
		}
	}
}

// typeOf splits a path into the type of its collection, "" for another path,
// and the segments below.
func typeOf(path []string) (entity.Type, []string) {
	// Login keys first: their collection lies below an account.
	for _, t := range append([]entity.Type{entity.LoginKey}, entity.Types()...) {
		c := t.Collection()
		if len(path) >= len(c) && slices.Equal(path[:len(c)], c) {
			return t, path[len(c):]
		}
	}
	return "", nil
}
