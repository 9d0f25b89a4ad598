package sdk

import (
	"maps"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk/entity"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// output is what each command has: how its result is shown. The host alone
// reads it.
var output = Spec{
	Name:        "output",
	Alias:       "z",
	Kind:        Text,
	Placeholder: "<mode>",
	Help:        "How the result is shown.",
	Choices:     []string{"minimal", "json", "debug"},
}

func (g Group) manifest() *pluginv1.Manifest {
	m := &pluginv1.Manifest{
		Name:     g.Name,
		Synopsis: g.Synopsis,
		Vendor:   g.Vendor,
		Version:  g.Version,
		Contact:  g.Contact,
	}
	if f := g.ConfigFile; f != nil {
		m.ConfigFile = &pluginv1.ConfigFile{Noun: f.Noun}
		for _, name := range slices.Sorted(maps.Keys(f.Files)) {
			m.ConfigFile.Files = append(m.ConfigFile.Files, &pluginv1.FileMember{
				Name: name, Role: pluginv1.ValueRole(f.Files[name]), //nolint:gosec // one of six
			})
		}
	}
	for _, c := range g.Commands {
		m.Commands = append(m.Commands, c.manifest())
		m.Requires = append(m.Requires, c.requires()...)
	}
	slices.Sort(m.Requires)
	m.Requires = slices.Compact(m.Requires)
	return m
}

// requires are the features of hosts without which the command would do
// something else, or nothing.
func (c Command) requires() []string {
	var features []string
	if c.Group != "" {
		features = append(features, "added-commands")
	}
	if slices.ContainsFunc(c.Needs, func(n Need) bool { return n.Resource == "settings" }) {
		features = append(features, "settings")
	}
	return features
}

func (c Command) manifest() *pluginv1.Command {
	m := &pluginv1.Command{
		Name:        c.Name,
		Group:       c.Group,
		Synopsis:    c.Synopsis,
		Description: strings.TrimSpace(c.Synopsis + " " + c.Details),
		Examples:    c.Examples,
		Needs:       c.needs(),
	}
	hasOutput := false
	for _, o := range c.Options {
		spec := o.Spec()
		hasOutput = hasOutput || spec.Name == output.Name
		m.Options = append(m.Options, spec.manifest())
	}
	if !hasOutput {
		m.Options = append(m.Options, output.manifest())
	}
	for _, r := range c.Rules {
		m.Rules = append(m.Rules, r.message)
	}
	return m
}

func (s Spec) manifest() *pluginv1.Option {
	return &pluginv1.Option{
		Name:          s.Name,
		Alias:         s.Alias,
		Kind:          pluginv1.OptionKind(s.Kind), //nolint:gosec // one of six
		Required:      s.Required,
		AllowEmpty:    s.AllowEmpty,
		Placeholder:   s.Placeholder,
		Help:          s.Help,
		Choices:       s.Choices,
		DefaultValues: s.Default,
		Role:          pluginv1.ValueRole(s.Role), //nolint:gosec // one of six
		Entity:        string(s.Entity),
		Positional:    s.Positional,
	}
}

// What is read to find an entity by a hierarchical identifier or by the
// project.
var resolving = map[entity.Type][]entity.Type{
	entity.Account:     {entity.Account},
	entity.Product:     {entity.Product, entity.Account, entity.DeviceGroup},
	entity.DeviceGroup: {entity.DeviceGroup, entity.Product, entity.Account},
	entity.Device:      {entity.Device, entity.DeviceGroup},
	entity.Deployment:  {entity.Deployment, entity.DeviceGroup},
	entity.Webhook:     {entity.Webhook},
	entity.LoginKey:    {entity.LoginKey},
}

// needs is what the command declares and what its options imply, each
// resource once.
func (c Command) needs() []*pluginv1.Capability {
	all := c.Needs
	for _, o := range c.Options {
		if s := o.Spec(); s.Entity != "" {
			all = all.And(Read(resolving[s.Entity]...))
		}
	}
	var order []string
	access := map[string]pluginv1.Access{}
	for _, n := range all {
		if _, seen := access[n.Resource]; !seen {
			order = append(order, n.Resource)
			access[n.Resource] = pluginv1.Access_ACCESS_READ
		}
		if n.Write {
			access[n.Resource] = pluginv1.Access_ACCESS_WRITE
		}
	}
	capabilities := make([]*pluginv1.Capability, len(order))
	for i, r := range order {
		capabilities[i] = &pluginv1.Capability{Resource: r, Access: access[r]}
	}
	return capabilities
}
