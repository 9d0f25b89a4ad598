// Package entity has the entities of impCentral: products, device groups,
// devices, deployments and the rest.
package entity

// Type is a type of entity. Its text is what the contract calls it, and, but
// for device groups, what impCentral does.
type Type string

// The types of entities.
const (
	Account     Type = "account"
	Product     Type = "product"
	DeviceGroup Type = "devicegroup"
	Device      Type = "device"
	Deployment  Type = "deployment"
	Webhook     Type = "webhook"
	LoginKey    Type = "login_key"
)

// Types lists all types of entities.
func Types() []Type {
	return []Type{Account, Product, DeviceGroup, Device, Deployment, Webhook, LoginKey}
}

var nouns = map[Type]string{
	Account:     "Account",
	Product:     "Product",
	DeviceGroup: "Device Group",
	Device:      "Device",
	Deployment:  "Deployment",
	Webhook:     "Webhook",
	LoginKey:    "Login Key",
}

// Noun is what users read, in the singular: Device Group.
func (t Type) Noun() string {
	if n, ok := nouns[t]; ok {
		return n
	}
	return string(t)
}

var collections = map[Type][]string{
	Account:     {"accounts"},
	Product:     {"products"},
	DeviceGroup: {"devicegroups"},
	Device:      {"devices"},
	Deployment:  {"deployments"},
	Webhook:     {"webhooks"},
	LoginKey:    {"accounts", "me", "login_keys"},
}

// Collection is the path of the type's collection below the endpoint, a
// segment each, or nil for an unknown type.
func (t Type) Collection() []string { return append([]string(nil), collections[t]...) }

// The types of device groups as users write them, in the order of the help.
var groupTypes = [][2]string{
	{"development", "development_devicegroup"},
	{"pre-factory", "pre_factoryfixture_devicegroup"},
	{"pre-dut", "pre_dut_devicegroup"},
	{"pre-production", "pre_production_devicegroup"},
	{"factory", "factoryfixture_devicegroup"},
	{"dut", "dut_devicegroup"},
	{"production", "production_devicegroup"},
}

// GroupTypes lists the types of device groups as users write them.
func GroupTypes() []string {
	words := make([]string, len(groupTypes))
	for i, t := range groupTypes {
		words[i] = t[0]
	}
	return words
}

// GroupResource is impCentral's resource type for a type of device group, or
// "" for an unknown word.
func GroupResource(word string) string {
	for _, t := range groupTypes {
		if t[0] == word {
			return t[1]
		}
	}
	return ""
}

// GroupWord is the user's word for impCentral's resource type of a device
// group, or "unknown".
func GroupWord(resource string) string {
	for _, t := range groupTypes {
		if t[1] == resource {
			return t[0]
		}
	}
	return "unknown"
}
