package resolve

import (
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// names says which entities of a list have a given attribute, for each of the
// attributes that name entities of the type.
type names []matches

type matches = map[string][]*Resource

// find returns what an identifier names, by the first attribute that has a
// match.
func (n names) find(identifier string) []Resource {
	for _, entities := range n {
		if those := entities[identifier]; len(those) > 0 {
			found := make([]Resource, len(those))
			for i, r := range those {
				found[i] = *r
			}
			return found
		}
	}
	return nil
}

// indexNames reads the names of all entities of a list.
func indexNames(t entity.Type, pages [][]Resource) names {
	attributes := attributesOf[t]
	index := make(names, len(attributes))
	for i := range index {
		index[i] = matches{}
	}
	for _, page := range pages {
		for p := range page {
			r := &page[p]
			for key, value := range members(r.attributes) {
				for i, name := range attributes {
					if string(key) == name {
						add(index[i], value, r)
					}
				}
			}
		}
	}
	return index
}

// add lists r under a text, or under each text of an array.
func add(to matches, value []byte, r *Resource) {
	if s, ok := text(value); ok {
		addName(to, s, r)
		return
	}
	if len(value) == 0 || value[0] != '[' {
		return
	}
	v, _ := document.Parse(value)
	list, _ := v.(document.List)
	for _, e := range list {
		if s, ok := e.(string); ok {
			addName(to, s, r)
		}
	}
}

// addName lists r once, however often it has the name.
func addName(to matches, name string, r *Resource) {
	if have := to[name]; len(have) > 0 && have[len(have)-1] == r {
		return
	}
	to[name] = append(to[name], r)
}
