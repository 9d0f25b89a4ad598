package entity

import (
	"fmt"

	"github.com/electricimp/impt/sdk/document"
)

// Entity is one entity of impCentral as the service sent it.
type Entity struct {
	Type Type
	// Resource is impCentral's own type; it differs from Type for device
	// groups alone: development_devicegroup.
	Resource string
	ID       string
	// Typed is the identifier that the user typed for it, or "".
	Typed string
	// Attributes in impCentral's order.
	Attributes document.Object
	relations  document.Object
}

// Parse reads one resource of the given type.
func Parse(t Type, resource []byte) (Entity, error) {
	o, err := document.ParseObject(resource)
	if err != nil {
		return Entity{}, fmt.Errorf("reading a %s: %w", t.Noun(), err)
	}
	return Entity{
		Type:       t,
		Resource:   o.Text("type"),
		ID:         o.Text("id"),
		Attributes: o.Object("attributes"),
		relations:  o.Object("relationships"),
	}, nil
}

// ParseAll reads resources of one type.
func ParseAll(t Type, resources [][]byte) ([]Entity, error) {
	all := make([]Entity, 0, len(resources))
	for _, r := range resources {
		e, err := Parse(t, r)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// Text returns an attribute that is a string, else "".
func (e Entity) Text(attribute string) string { return e.Attributes.Text(attribute) }

// Truth returns an attribute that is a boolean, else false.
func (e Entity) Truth(attribute string) bool {
	v, _ := e.Attributes.Get(attribute)
	b, _ := v.(bool)
	return b
}

// Related is the id of the entity in a relation, for example owner, product
// or current_deployment; "" without one.
func (e Entity) Related(relation string) string {
	return e.relations.Object(relation).Text("id")
}

// RelatedGroup is the user's word for the type of the device group that the
// entity belongs to; "" without one.
func (e Entity) RelatedGroup() string {
	g := e.relations.Object("devicegroup")
	if g == nil {
		return ""
	}
	return GroupWord(g.Text("type"))
}

// GroupType is the user's word for the type of a device group.
func (e Entity) GroupType() string { return GroupWord(e.Resource) }

// ForProduction tells that a device group is of a production type.
func (e Entity) ForProduction() bool {
	return e.GroupType() == "production" || e.GroupType() == "pre-production"
}

// String is how messages name the entity: its type, and the identifier that
// the user typed or else its id.
func (e Entity) String() string {
	name := e.Typed
	if name == "" {
		name = e.ID
	}
	return fmt.Sprintf("%s \"%s\"", e.Type.Noun(), name)
}

// Ref is the entity in a relation of a request.
func (e Entity) Ref() document.Object {
	resource := e.Resource
	if resource == "" {
		resource = string(e.Type)
	}
	return document.Object{{Key: "type", Value: resource}, {Key: "id", Value: e.ID}}
}

// Unique joins lists of entities of one type, each entity once, in the place
// where it comes first.
func Unique(lists ...[]Entity) []Entity {
	var all []Entity
	seen := map[string]bool{}
	for _, list := range lists {
		for _, e := range list {
			if !seen[e.ID] {
				seen[e.ID] = true
				all = append(all, e)
			}
		}
	}
	return all
}

// IDs are the ids of entities, in order.
func IDs(entities []Entity) []string {
	ids := make([]string, len(entities))
	for i, e := range entities {
		ids[i] = e.ID
	}
	return ids
}
