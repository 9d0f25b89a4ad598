package resolve

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// attributesOf are what entities can be named by besides the id. The first
// that has a match counts, alone.
var attributesOf = map[entity.Type][]string{
	entity.Account:     {"email", "username"},
	entity.Product:     {"name"},
	entity.DeviceGroup: {"name"},
	entity.Device:      {"mac_address", "agent_id", "name"},
	entity.Deployment:  {"sha", "tags", "origin"},
}

// An AmbiguousError says that an identifier means several entities.
type AmbiguousError struct {
	Type entity.Type
	// Identifier that was typed, or the part of it that is ambiguous; empty if
	// the project has several entities where one is needed.
	Identifier string
	// Candidates in the order of their list.
	Candidates []Resource
}

// Error is the sentence for users.
func (e *AmbiguousError) Error() string { return e.Fault(nil).Error() }

// Unwrap is the fault without the candidates.
func (e *AmbiguousError) Unwrap() error { return e.Fault(nil) }

// Fault is the failure as users see it, with the candidates' Documents.
func (e *AmbiguousError) Fault(candidates document.List) *fault.Fault {
	var encoded []byte
	if len(candidates) > 0 {
		encoded = document.Encode(candidates)
	}
	if e.Identifier == "" {
		return fault.Several(e.Type, encoded)
	}
	return fault.Ambiguous(e.Type, e.Identifier, encoded)
}

// AsAmbiguous returns the *AmbiguousError in err's chain.
func AsAmbiguous(err error) (*AmbiguousError, bool) { return errors.AsType[*AmbiguousError](err) }

// One returns the entity that an identifier means. It fails with
// fault.NotFound or an *AmbiguousError, which name the part of a hierarchical
// identifier that is to blame, and with fault.NoIdentifier for an empty
// identifier or part.
func One(ctx context.Context, s *Store, t entity.Type, identifier string, full bool) (Resource, error) {
	found, err := find(ctx, s, t, identifier, full, false)
	if err != nil {
		return Resource{}, err
	}
	return single(t, identifier, found)
}

// All returns every entity that an identifier may mean, in the order of their
// list. None is no failure, unless the identifier is hierarchical or empty.
func All(ctx context.Context, s *Store, t entity.Type, identifier string, full bool) ([]Resource, error) {
	return find(ctx, s, t, identifier, full, true)
}

func single(t entity.Type, identifier string, found []Resource) (Resource, error) {
	switch len(found) {
	case 0:
		return Resource{}, fault.NotFound(t, identifier)
	case 1:
		return found[0], nil
	default:
		return Resource{}, &AmbiguousError{t, identifier, found}
	}
}

func find(ctx context.Context, s *Store, t entity.Type, identifier string, full, several bool) ([]Resource, error) {
	if err := s.permit(http.MethodGet, t.Collection()); err != nil {
		return nil, err
	}
	if identifier == "" {
		return nil, fault.NoIdentifier(t)
	}
	found, err := s.means(ctx, t, identifier, full, several)
	if err != nil || !several && len(found) > 1 {
		// Candidates are shown briefly; copies from a list will do.
		return found, err
	}
	return s.inFull(ctx, t, found, full)
}

func (s *Store) means(ctx context.Context, t entity.Type, identifier string, full, several bool) ([]Resource, error) {
	parts := hierarchy(t, identifier)
	if parts == nil {
		return s.plain(ctx, t, identifier, full)
	}
	found, first := s.descend(ctx, parts, several)
	if first == nil || !mayBePlain(first) {
		return found, first
	}
	// It may be the name of something, however odd.
	found, err := s.plain(ctx, t, identifier, full)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || len(found) == 0 {
		return nil, first
	}
	return found, nil
}

// levels are the types of the parts of hierarchical identifiers, and the
// relation of each to the part before it.
var levels = []struct {
	of       entity.Type
	relation string
}{
	{entity.Account, ""},
	{entity.Product, "owner"},
	{entity.DeviceGroup, "product"},
}

// hierarchy returns the parts of {account}{product} for a product and of
// {account}{product}{group} for a group, nil for any other identifier.
func hierarchy(t entity.Type, identifier string) []string {
	inside, opened := strings.CutPrefix(identifier, "{")
	inside, closed := strings.CutSuffix(inside, "}")
	parts := strings.Split(inside, "}{")
	if !opened || !closed || len(parts) < 2 || len(parts) > len(levels) || levels[len(parts)-1].of != t {
		return nil
	}
	return parts
}

// descend finds each part within the one before it. Only the last may mean
// several entities, and only if several is set.
func (s *Store) descend(ctx context.Context, parts []string, several bool) ([]Resource, error) {
	var parent Resource
	for i, part := range parts {
		of := levels[i].of
		if part == "" {
			return nil, fault.NoIdentifier(of)
		}
		found, err := s.within(ctx, parent, i, part)
		if err != nil {
			return nil, err
		}
		if several && i == len(parts)-1 && len(found) > 0 {
			return found, nil
		}
		parent, err = single(of, part, found)
		if err != nil {
			return nil, err
		}
	}
	return []Resource{parent}, nil
}

// within finds one part of a hierarchical identifier below its parent.
func (s *Store) within(ctx context.Context, parent Resource, level int, part string) ([]Resource, error) {
	of, relation := levels[level].of, levels[level].relation
	if relation == "" {
		return s.plain(ctx, of, part, false)
	}
	r, err := s.get(ctx, of, part, false)
	if err == nil {
		if above, _ := r.Related(relation); above.ID == parent.ID {
			return []Resource{r}, nil
		}
	} else if !fault.Is(err, fault.NotFoundKind) {
		return nil, err
	}
	return s.lookUp(ctx, of, part, Filter(relation+".id", parent.ID))
}

// mayBePlain tells whether an identifier that could not be taken apart may
// still be somebody's name. Without a network or a login nothing can be.
func mayBePlain(err error) bool {
	f, ok := fault.Of(err)
	if !ok {
		return false
	}
	switch f.Kind {
	case fault.NotFoundKind, fault.AmbiguousKind, fault.InvalidOptionKind, fault.APIKind:
		return true
	default:
		return false
	}
}

// plain finds an entity by what impCentral takes for an id, else those of the
// type's list that have the identifier for an attribute. Only the former is in
// full.
func (s *Store) plain(ctx context.Context, t entity.Type, identifier string, full bool) ([]Resource, error) {
	r, err := s.get(ctx, t, identifier, full)
	if err == nil {
		return []Resource{r}, nil
	}
	if !fault.Is(err, fault.NotFoundKind) {
		return nil, err
	}
	if len(attributesOf[t]) == 0 {
		return nil, nil
	}
	return s.lookUp(ctx, t, identifier)
}

// lookUp finds the entities of a list that the identifier names.
func (s *Store) lookUp(ctx context.Context, t entity.Type, identifier string, filters ...impcentral.Param) ([]Resource, error) {
	l, err := s.whole(ctx, t, filters...)
	if err != nil {
		return nil, err
	}
	return l.named().find(identifier), nil
}

var errVanished = errors.New("it was in a list before")

// inFull replaces copies from lists if they won't do.
func (s *Store) inFull(ctx context.Context, t entity.Type, found []Resource, full bool) ([]Resource, error) {
	if !full || len(found) == 0 {
		return found, nil
	}
	ids := make([]string, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	found, missing, err := s.getMany(ctx, t, ids, true)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		f := fault.NotFound(t, missing[0])
		f.Cause = errVanished
		return nil, f
	}
	return found, nil
}
