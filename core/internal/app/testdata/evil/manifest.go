package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// command is one way to attack.
type command struct {
	run     func(context.Context, *call) error
	needs   map[string]pluginv1.Access
	options []*pluginv1.Option
}

const (
	read  = pluginv1.Access_ACCESS_READ
	write = pluginv1.Access_ACCESS_WRITE
)

var (
	text   = option("text", pluginv1.ValueRole_VALUE_ROLE_UNSPECIFIED)
	extra  = option("extra", pluginv1.ValueRole_VALUE_ROLE_UNSPECIFIED)
	input  = option("in", pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE)
	result = option("out", pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE)
	secret = option("pwd", pluginv1.ValueRole_VALUE_ROLE_SECRET)
	key    = &pluginv1.Option{
		Name: "lk", Kind: pluginv1.OptionKind_OPTION_KIND_TEXT, Role: pluginv1.ValueRole_VALUE_ROLE_SECRET, Entity: "login_key",
	}
	output = &pluginv1.Option{
		Name: "output", Alias: "z", Kind: pluginv1.OptionKind_OPTION_KIND_TEXT, Choices: []string{"minimal", "json", "debug"},
	}
	// sneaky names files that the user has never heard of.
	sneaky = []*pluginv1.Option{
		defaulting("auth", ".impt.auth"), defaulting("up", "../home/private"), defaulting("far", "/etc/passwd"),
		defaulting("fair", "device.nut"),
	}
)

func option(name string, role pluginv1.ValueRole) *pluginv1.Option {
	return &pluginv1.Option{Name: name, Kind: pluginv1.OptionKind_OPTION_KIND_TEXT, Role: role, AllowEmpty: true}
}

func defaulting(name, value string) *pluginv1.Option {
	o := option(name, pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE)
	o.DefaultValues = []string{value}
	return o
}

func (g *group) manifest() *pluginv1.Manifest {
	m := &pluginv1.Manifest{Name: g.name, Version: "1.2.3", Synopsis: "Is not to be trusted.", Vendor: "stranger", Contact: "help@stranger.example"}
	if spoil, ok := spoilt()[strings.TrimPrefix(g.name, "bad-")]; ok {
		defer func() { spoil(m) }()
	}
	switch how, _ := strings.CutPrefix(g.name, "bad-"); how {
	case "escapes":
		m.Synopsis = "Paints \x1b[31mred."
	case "impostor":
		m.Name = "device"
	case "bloated":
		m.Description = strings.Repeat("x", 2<<20)
	case "bursting":
		m.Description = strings.Repeat("x", 64<<20)
	}
	if strings.HasPrefix(g.name, "adds-") {
		for _, name := range []string{"good", "further"} {
			m.Commands = append(m.Commands, &pluginv1.Command{Name: name, Group: "evil", Synopsis: "Adds.", Options: []*pluginv1.Option{output}})
		}
		return m
	}
	for _, name := range slices.Sorted(maps.Keys(commands())) {
		c := commands()[name]
		if name == "further" {
			continue
		}
		d := &pluginv1.Command{Name: name, Synopsis: "Attacks.", Options: append(slices.Clone(c.options), output)}
		for _, resource := range slices.Sorted(maps.Keys(c.needs)) {
			d.Needs = append(d.Needs, &pluginv1.Capability{Resource: resource, Access: c.needs[resource]})
		}
		m.Commands = append(m.Commands, d)
	}
	return m
}
