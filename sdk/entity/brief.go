package entity

import "github.com/electricimp/impt/sdk/document"

// The attributes that tell entities of a type apart.
var brief = map[Type][]string{
	Account:     {"email", "username"},
	Product:     {"name"},
	DeviceGroup: {"name"},
	Device:      {"name", "mac_address", "agent_id", "device_online"},
	Deployment:  {"sha", "tags", "origin", "flagged"},
	Webhook:     {"event", "url"},
	LoginKey:    {"description", "usages"},
}

// Head is how each form of an entity begins: its id, and the type of a device
// group.
func (e Entity) Head() document.Object {
	o := document.Object{{Key: "id", Value: e.ID}}
	if e.Type == DeviceGroup {
		o.Set("type", e.GroupType())
	}
	return o
}

// Brief is the id of the entity and the attributes that tell it apart, without
// those that are empty.
func (e Entity) Brief() document.Object {
	o := e.Head()
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
