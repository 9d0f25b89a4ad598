// Package view says how entities are shown: briefly, in a list, or in full.
package view

import (
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// Brief shows an entity by its id and the attributes that tell it apart,
// leaving out the empty ones: {"Product": {"id": …, "name": …}}.
func Brief(e entity.Entity) document.Object { return under(e.Type.Noun(), e.Brief()) }

// BriefList shows entities briefly.
func BriefList(entities []entity.Entity) document.List {
	list := make(document.List, len(entities))
	for i, e := range entities {
		list[i] = Brief(e)
	}
	return list
}

func under(noun string, o document.Object) document.Object {
	return document.Object{{Key: noun, Value: o}}
}

var contentTypes = map[string]string{
	"application/json":                  "json",
	"application/x-www-form-urlencoded": "urlencoded",
}

// long shows all attributes in impCentral's order; null and [] become "".
func long(e entity.Entity) document.Object {
	o := e.Head()
	for _, f := range e.Attributes {
		v := f.Value
		if l, isList := v.(document.List); v == nil || isList && len(l) == 0 {
			v = ""
		}
		if e.Type == entity.Webhook && f.Key == "content_type" {
			text, _ := v.(string)
			if v = contentTypes[text]; v == "" {
				v = "unknown"
			}
		}
		o.Set(f.Key, v)
	}
	return o
}
