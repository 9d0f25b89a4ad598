package cli

import (
	"fmt"
	"slices"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Conflict is a name that a plugin wants and does not get.
type Conflict struct {
	// Plugin wants it, Owner has it; Owner is nil when there is no such group.
	Plugin, Owner *pluginv1.Manifest
	// Group is the group, Command what shall be added to it; empty when the
	// name of the group is at issue.
	Group, Command string
}

// String says so, without a full stop.
func (c Conflict) String() string {
	text := fmt.Sprintf("plugin %q cannot add %q to the group %s, which ", identity(c.Plugin), c.Command, c.Group)
	switch {
	case c.Command == "":
		text = fmt.Sprintf("plugin %q cannot have the group %s, which is that of plugin %q", identity(c.Plugin), c.Group, identity(c.Owner))
	case c.Owner == nil:
		text += "there is not"
	default:
		text += fmt.Sprintf("has it from plugin %q", identity(c.Owner))
	}
	q := qualified(c.Plugin)
	switch {
	case q == "":
		return text
	case c.Command == "":
		return text + "; it is reached as: impt " + q
	default:
		return text + "; it is reached as: impt " + q + " " + c.Group + " " + c.Command
	}
}

// Conflicts returns what of these plugins is reached by a qualified name alone.
// An earlier plugin has a name before a later one, and a group its own commands
// before all that are added. So an installation is refused for those of which
// the new plugin, coming last, is one side.
func Conflicts(all []*pluginv1.Manifest) []Conflict {
	return conflicts(all, func(string) bool { return true })
}

// conflicts returns those about the groups that matter.
func conflicts(all []*pluginv1.Manifest, matters func(group string) bool) []Conflict {
	var found []Conflict
	groups := map[string]*branch{}
	for _, m := range all {
		if !matters(m.GetName()) || !ownGroup(m) {
			continue
		}
		if g := groups[m.GetName()]; g != nil {
			found = append(found, Conflict{Plugin: m, Owner: g.manifest, Group: m.GetName()})
			continue
		}
		groups[m.GetName()] = wholeGroup(all, m)
	}
	for _, m := range all {
		for _, c := range m.GetCommands() {
			g := groups[c.GetGroup()]
			switch {
			case c.GetGroup() == "" || !matters(c.GetGroup()):
			case g == nil:
				found = append(found, Conflict{Plugin: m, Group: c.GetGroup(), Command: c.GetName()})
			default:
				if has := g.find(c.GetName()); has != nil && has.Command != c {
					found = append(found, Conflict{m, has.manifest, c.GetGroup(), c.GetName()})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Conflict) int {
		return slices.Index(all, a.Plugin) - slices.Index(all, b.Plugin)
	})
	return found
}

// Conflicts returns those about what the line has named.
func (o Outcome) Conflicts() []Conflict {
	if o.branch == nil || o.branch.name != o.branch.manifest.GetName() {
		return nil
	}
	named := func(group string) bool { return group == o.branch.name }
	return slices.DeleteFunc(conflicts(o.manifests, named), func(c Conflict) bool {
		return c.Owner == nil ||
			c.Command != "" && o.Command != nil && c.Command != o.Command.GetName()
	})
}
