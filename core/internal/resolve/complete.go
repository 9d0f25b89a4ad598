package resolve

import (
	"context"
	"strings"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// A Name is what an entity can be called, and what the entity is.
type Name struct{ Text, About string }

// Beginning are the names and ids of entities that begin with a text, in the
// order of their list: one for each entity. It has what was read when the
// context ended.
func Beginning(ctx context.Context, s *Store, t entity.Type, begin string) []Name {
	var all []Name
	for page, err := range s.List(ctx, t) {
		if err != nil {
			break
		}
		for _, r := range page {
			if name := r.beginning(begin); name != "" {
				all = append(all, Name{name, r.about(name)})
			}
		}
	}
	return all
}

// shownFirst is the attribute by which users know an entity best.
var shownFirst = map[entity.Type]string{
	entity.Account: "email", entity.Device: "name", entity.Deployment: "tags",
}

// beginning is a name of the entity that begins with the text.
func (r Resource) beginning(begin string) string {
	attributes := attributesOf[r.Type]
	if first := shownFirst[r.Type]; first != "" {
		attributes = append([]string{first}, attributes...)
	}
	for _, a := range attributes {
		v, err := r.Attribute(a)
		if err != nil {
			continue
		}
		values, isList := v.(document.List)
		if !isList {
			values = document.List{v}
		}
		for _, v := range values {
			if name, ok := v.(string); ok && name != "" && strings.HasPrefix(name, begin) {
				return name
			}
		}
	}
	if strings.HasPrefix(r.ID, begin) {
		return r.ID
	}
	return ""
}

// about tells the entity from others by what its name does not tell.
func (r Resource) about(name string) string {
	parts := []string{r.Type.Noun()}
	for _, text := range []string{r.Text("name"), r.Text("mac_address"), r.Text("username"), r.Text("url"), r.ID} {
		if text != "" && text != name {
			return strings.Join(append(parts, text), " ")
		}
	}
	return parts[0]
}
