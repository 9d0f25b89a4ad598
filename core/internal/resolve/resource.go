package resolve

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// A Resource is one entity as impCentral sent it. It is a value that is cheap
// to copy, and nothing in it changes. Attributes are read when asked for.
type Resource struct {
	// Type of the entity.
	Type entity.Type
	// ID as impCentral has it, which may differ from what was asked for.
	ID string

	raw, kind, attributes, relationships []byte
}

// A Related is what a relationship points to.
type Related struct{ Kind, ID string }

var errShape = errors.New("reading a resource: not an object with an id")

// Parse reads a resource, a valid JSON text. The text belongs to the resource
// from then on.
func Parse(t entity.Type, raw json.RawMessage) (Resource, error) {
	r := Resource{Type: t, raw: raw}
	for key, value := range members(raw) {
		switch string(key) {
		case "id":
			r.ID, _ = text(value)
		case "type":
			r.kind = value
		case "attributes":
			r.attributes = value
		case "relationships":
			r.relationships = value
		}
	}
	if r.ID == "" {
		return Resource{}, errShape
	}
	return r, nil
}

func parsePage(t entity.Type, page []json.RawMessage) ([]Resource, error) {
	resources := make([]Resource, len(page))
	for i, raw := range page {
		r, err := Parse(t, raw)
		if err != nil {
			return nil, err
		}
		resources[i] = r
	}
	return resources, nil
}

// JSON is the text exactly as impCentral sent it; it must not be changed.
func (r Resource) JSON() []byte { return r.raw }

// Kind is impCentral's own type, for a device group for example
// development_devicegroup.
func (r Resource) Kind() string {
	s, _ := text(r.kind)
	return s
}

// Text is an attribute that is a string, else "".
func (r Resource) Text(attribute string) string {
	s, _ := text(member(r.attributes, attribute))
	return s
}

// Attribute is the value of an attribute, nil if there is none.
func (r Resource) Attribute(name string) (document.Value, error) {
	value := member(r.attributes, name)
	if value == nil {
		return nil, nil
	}
	v, err := document.Parse(value)
	if err != nil {
		return nil, fmt.Errorf("reading attribute %s of %s: %w", name, r.ID, err)
	}
	return v, nil
}

// Related is what the relationship of the given name points to, and whether it
// points to anything.
func (r Resource) Related(name string) (Related, bool) {
	value := member(r.relationships, name)
	id, _ := text(member(value, "id"))
	kind, _ := text(member(value, "type"))
	return Related{Kind: kind, ID: id}, id != ""
}
