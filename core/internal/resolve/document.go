package resolve

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

const owner = "owner"

// parents are what an entity in a list is shown with, besides its owner.
var parents = map[entity.Type]struct {
	relation string
	of       entity.Type
}{
	entity.DeviceGroup: {"product", entity.Product},
	entity.Device:      {"devicegroup", entity.DeviceGroup},
	entity.Deployment:  {"devicegroup", entity.DeviceGroup},
	entity.Webhook:     {"devicegroup", entity.DeviceGroup},
}

// Documents shows resources as a list of entities: each by its id and the
// attributes that tell it apart, with what it belongs to, and its owner if that
// is somebody else. What it reads for that is shown to the user, not handed to
// the command, and needs no permission.
func Documents(ctx context.Context, s *Store, resources []Resource) (document.List, error) {
	above, err := s.above(ctx, resources)
	if err != nil {
		return nil, err
	}
	list := make(document.List, len(resources))
	for i, r := range resources {
		o, err := short(r)
		if err != nil {
			return nil, err
		}
		if p, ok := parents[r.Type]; ok {
			if to, ok := r.Related(p.relation); ok {
				label, inner, err := above.show(p.of, to.ID, p.of.Noun(), "Corrupted "+p.of.Noun())
				if err != nil {
					return nil, err
				}
				o.Set(label, inner)
			}
		}
		if to, ok := r.Related(owner); ok && to.ID != above.me {
			label, inner, err := above.show(entity.Account, to.ID, "Owner", "Owner")
			if err != nil {
				return nil, err
			}
			o.Set(label, inner)
		}
		list[i] = document.Object{{Key: r.Type.Noun(), Value: o}}
	}
	return list, nil
}

// above has the entities that others belong to.
type above struct {
	me    string
	found map[entity.Type]map[string]Resource
}

// show returns the label and the document of an entity, or those for one that
// is gone.
func (a *above) show(t entity.Type, id, label, gone string) (string, document.Object, error) {
	r, ok := a.found[t][id]
	if !ok {
		r, label = Resource{Type: t, ID: id}, gone
	}
	o, err := short(r)
	return label, o, err
}

// above reads what the resources belong to, parents and owners side by side.
func (s *Store) above(ctx context.Context, resources []Resource) (*above, error) {
	ids := map[entity.Type][]string{}
	for _, r := range resources {
		if p, ok := parents[r.Type]; ok {
			if to, ok := r.Related(p.relation); ok {
				ids[p.of] = append(ids[p.of], to.ID)
			}
		}
		if to, ok := r.Related(owner); ok {
			ids[entity.Account] = append(ids[entity.Account], to.ID)
		}
	}
	a := &above{found: map[entity.Type]map[string]Resource{}}
	for t := range ids {
		a.found[t] = map[string]Resource{}
	}
	tasks, ctx := errgroup.WithContext(ctx)
	for t, wanted := range ids {
		tasks.Go(func() error {
			if t == entity.Account {
				me, err := s.get(ctx, t, "me", false)
				if err != nil {
					return err
				}
				a.me = me.ID
				wanted = without(wanted, me.ID)
			}
			found, _, err := s.getMany(ctx, t, wanted, false)
			for _, r := range found {
				a.found[t][r.ID] = r
			}
			return err
		})
	}
	return a, tasks.Wait()
}

func without(ids []string, id string) []string {
	var rest []string
	for _, other := range ids {
		if other != id {
			rest = append(rest, other)
		}
	}
	return rest
}

func short(r Resource) (document.Object, error) {
	if r.raw == nil {
		return entity.Entity{Type: r.Type, ID: r.ID}.Brief(), nil
	}
	e, err := entity.Parse(r.Type, r.raw)
	return e.Brief(), err
}
