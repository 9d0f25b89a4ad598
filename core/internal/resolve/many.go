package resolve

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// sideBySide is how many requests one call has under way.
const sideBySide = 8

// GetMany returns the entities with the given ids, each id once, in order, and
// the ids that do not exist. It asks for each entity singly or reads the
// type's list, whichever promises fewer requests; so it is better asked once
// for many ids than many times for few.
func (s *Store) GetMany(ctx context.Context, t entity.Type, ids []string, full bool) (found []Resource, missing []string, err error) {
	for _, id := range ids {
		if err := s.permit(http.MethodGet, append(t.Collection(), id)); err != nil {
			return nil, nil, err
		}
	}
	return s.getMany(ctx, t, ids, full)
}

func (s *Store) getMany(ctx context.Context, t entity.Type, ids []string, full bool) (found []Resource, missing []string, err error) {
	ids = unique(ids)
	if !full {
		if err := s.survey(ctx, t, ids); err != nil {
			return nil, nil, err
		}
	}
	answers := make([]Resource, len(ids))
	tasks, inner := errgroup.WithContext(ctx)
	tasks.SetLimit(sideBySide)
	for i, id := range ids {
		tasks.Go(func() error {
			r, err := s.get(inner, t, id, full)
			if fault.Is(err, fault.NotFoundKind) {
				return nil
			}
			answers[i] = r
			return err
		})
	}
	if err := tasks.Wait(); err != nil {
		return nil, nil, err
	}
	for i, r := range answers {
		if r.ID == "" {
			missing = append(missing, ids[i])
			continue
		}
		found = append(found, r)
	}
	return found, missing, nil
}

func unique(ids []string) []string {
	once := make([]string, 0, len(ids))
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}

// unknown returns those of ids that impCentral would have to be asked for.
func (s *Store) unknown(t entity.Type, ids []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shelf(t)
	var left []string
	for _, id := range ids {
		if _, ok := sh.known(id, false); !ok && sendable(id) {
			left = append(left, id)
		}
	}
	return left
}
