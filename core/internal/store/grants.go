package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Grants is what a plugin may do, or wants to: resources, each as `device`, to
// read it, or `device:write`, to change it too. It is a set: neither order nor
// repetition counts.
type Grants []string

const writing = ":write"

func (g Grants) check() error {
	if len(g) > maxGrantCount {
		return fmt.Errorf("it needs %d things", len(g))
	}
	for _, s := range g {
		resource, _ := strings.CutSuffix(s, writing)
		if resource == "" || len(resource) > 2*maxName || strings.Trim(resource, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
			return fmt.Errorf("%.60q is nothing that can be granted", s)
		}
	}
	return nil
}

// Has tells whether the set has a grant: to change is to read as well.
func (g Grants) Has(grant string) bool {
	resource, _ := strings.CutSuffix(grant, writing)
	return slices.Contains(g, resource+writing) || grant == resource && slices.Contains(g, resource)
}

// Beyond is what of the set others does not have.
func (g Grants) Beyond(others Grants) Grants {
	var more Grants
	for _, s := range g {
		if !others.Has(s) {
			more = append(more, s)
		}
	}
	return more.tidy()
}

// tidy is the same set in order, without what another member implies.
func (g Grants) tidy() Grants {
	var all Grants
	for _, s := range slices.Compact(slices.Sorted(slices.Values(g))) {
		if !slices.Contains(g, s+writing) {
			all = append(all, s)
		}
	}
	return all
}

// Capabilities is the set as the contract has it.
func (g Grants) Capabilities() []*pluginv1.Capability {
	all := make([]*pluginv1.Capability, len(g))
	for i, s := range g {
		resource, write := strings.CutSuffix(s, writing)
		access := pluginv1.Access_ACCESS_READ
		if write {
			access = pluginv1.Access_ACCESS_WRITE
		}
		all[i] = &pluginv1.Capability{Resource: resource, Access: access}
	}
	return all
}

// needsOf is what the commands of a plugin declare, all in all.
func needsOf(m *pluginv1.Manifest) Grants {
	var all Grants
	for _, c := range m.GetCommands() {
		for _, n := range c.GetNeeds() {
			s := n.GetResource()
			if n.GetAccess() >= pluginv1.Access_ACCESS_WRITE {
				s += writing
			}
			all = append(all, s)
		}
	}
	return all.tidy()
}

// ordinary is what harms nobody: to wait for Ctrl-C, and the group's own
// configuration file.
var ordinary = map[string]bool{"interrupt": true, "config": true}

// files are the resources that are files of the user's.
var files = map[string]string{
	"project": "the project file and its source files",
	"builder": "the files that Builder leaves behind",
	"sources": "any source file",
}

// Sentence tells what a plugin with these grants may do, and the most
// important of what it may not.
func (g Grants) Sentence() string {
	var changes, reads, other []string
	for _, s := range g.tidy() {
		resource, write := strings.CutSuffix(s, writing)
		switch name := nounsOf(resource); {
		case ordinary[resource]:
		case resource == "login" && write:
			other = append(other, "may log in and out")
		case resource == "login":
			other = append(other, "may ask who is logged in")
		case resource == "commands":
			other = append(other, "may run commands of this machine, and so do whatever you can")
		case write:
			changes = append(changes, name)
		default:
			reads = append(reads, name)
		}
	}
	var parts []string
	if len(changes) > 0 {
		parts = append(parts, "may change "+and(changes))
	}
	if len(reads) > 0 {
		parts = append(parts, "may read "+and(reads))
	}
	parts = append(parts, other...)
	if !g.Has("login" + writing) {
		parts = append(parts, "may not log in")
	}
	if !slices.ContainsFunc(g, func(s string) bool {
		resource, _ := strings.CutSuffix(s, writing)
		return files[resource] != "" || resource == "commands"
	}) {
		parts = append(parts, "no files but those that you name")
	}
	return strings.Join(parts, "; ")
}

func nounsOf(resource string) string {
	if slices.Contains(entity.Types(), entity.Type(resource)) {
		return entity.Type(resource).Noun() + "s"
	}
	switch {
	case files[resource] != "":
		return files[resource]
	case resource == "logs":
		return "logs of Devices"
	}
	return resource
}

func and(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// given reads what the user grants on the command line: resources, or all that
// is asked for.
func given(options []string, needs Grants) (Grants, error) {
	if slices.Contains(options, "all") {
		return needs, nil
	}
	g := Grants(options)
	if err := g.check(); err != nil {
		return nil, fault.PluginRefused("", err.Error())
	}
	return g, nil
}
