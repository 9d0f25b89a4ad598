// Package view says how entities are shown: briefly, in a list, or in full.
package view

import (
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// The attributes that tell entities of a type apart.
var brief = map[entity.Type][]string{
	entity.Account:     {"email", "username"},
	entity.Product:     {"name"},
	entity.DeviceGroup: {"name"},
	entity.Device:      {"name", "mac_address", "agent_id", "device_online"},
	entity.Deployment:  {"sha", "tags", "origin", "flagged"},
	entity.Webhook:     {"event", "url"},
	entity.LoginKey:    {"description", "usages"},
}

// Brief shows an entity by its id and the attributes that tell it apart,
// leaving out the empty ones: {"Product": {"id": …, "name": …}}.
func Brief(e entity.Entity) document.Object { return under(e.Type.Noun(), short(e)) }

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

func head(e entity.Entity) document.Object {
	o := document.Object{{Key: "id", Value: e.ID}}
	if e.Type == entity.DeviceGroup {
		o.Set("type", e.GroupType())
	}
	return o
}

func short(e entity.Entity) document.Object {
	o := head(e)
	for _, name := range brief[e.Type] {
		if v, _ := e.Attributes.Get(name); !empty(v) {
			o.Set(name, v)
		}
	}
	return o
}

func empty(v document.Value) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case document.List:
		return len(v) == 0
	default:
		return false
	}
}

var contentTypes = map[string]string{
	"application/json":                  "json",
	"application/x-www-form-urlencoded": "urlencoded",
}

// long shows all attributes in impCentral's order; null and [] become "".
func long(e entity.Entity) document.Object {
	o := head(e)
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
