package cli

import (
	"slices"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// branch is a level below the root: a plugin's own group with what others add to
// it, or what one plugin has, by its qualified name.
type branch struct {
	// name as typed: `build`, or `acme/stamp`, or `acme/stamp build`.
	name string
	// manifest is that of the plugin whose group or name it is.
	manifest *pluginv1.Manifest
	members  []member
}

// member is a command of a group.
type member struct {
	*pluginv1.Command
	// manifest is that of the plugin which has the command.
	manifest *pluginv1.Manifest
	// label is what is typed after the group.
	label string
}

// closed are the groups to which nobody adds: a stranger's command among those
// that are about trust would be trusted.
var closed = []string{"auth", "plugin"}

// ownGroup tells whether there is `impt NAME`: all of a plugin's commands may be
// in the groups of others.
func ownGroup(m *pluginv1.Manifest) bool {
	return goodName(m.GetName()) && (len(m.GetCommands()) == 0 || has(m, ""))
}

// groupsOf are the manifests of the plugins that have the name of their group.
func groupsOf(all []*pluginv1.Manifest) []*pluginv1.Manifest {
	seen := map[string]bool{}
	var owners []*pluginv1.Manifest
	for _, m := range all {
		if ownGroup(m) && !seen[m.GetName()] {
			seen[m.GetName()] = true
			owners = append(owners, m)
		}
	}
	return owners
}

// has tells whether a plugin has commands in the group, "" being its own.
func has(m *pluginv1.Manifest, group string) bool {
	return slices.ContainsFunc(m.GetCommands(), func(c *pluginv1.Command) bool { return c.GetGroup() == group })
}

// qualified is the name that is the plugin's alone; empty without a vendor.
func qualified(m *pluginv1.Manifest) string {
	if m.GetVendor() == "" {
		return ""
	}
	return m.GetVendor() + "/" + m.GetName()
}

// identity is what sentences call a plugin.
func identity(m *pluginv1.Manifest) string {
	if q := qualified(m); q != "" {
		return q
	}
	return m.GetName()
}

// findGroup returns what the first words lead to, or nil. Of several plugins
// that want a name the first has it, the owner of a group before all others.
func findGroup(all []*pluginv1.Manifest, words []string) *branch {
	if len(words) == 0 {
		return nil
	}
	if strings.Contains(words[0], "/") {
		return findQualified(all, words)
	}
	for _, m := range all {
		if m.GetName() == words[0] && ownGroup(m) {
			return wholeGroup(all, m)
		}
	}
	return nil
}

// wholeGroup is a plugin's own group with what others add to it.
func wholeGroup(all []*pluginv1.Manifest, owner *pluginv1.Manifest) *branch {
	g := &branch{name: owner.GetName(), manifest: owner}
	g.add(owner, "")
	for _, m := range all {
		if m != owner && !slices.Contains(closed, g.name) {
			g.add(m, g.name)
		}
	}
	return g
}

// findQualified returns what a plugin has, or what it adds to one group.
func findQualified(all []*pluginv1.Manifest, words []string) *branch {
	for _, m := range all {
		if qualified(m) != words[0] || !goodName(m.GetName()) || !goodName(m.GetVendor()) {
			continue
		}
		if len(words) > 1 && words[1] != "" && has(m, words[1]) {
			g := &branch{name: words[0] + " " + words[1], manifest: m}
			g.add(m, words[1])
			return g
		}
		g := &branch{name: words[0], manifest: m}
		g.add(m, "")
		for _, c := range m.GetCommands() {
			if c.GetGroup() != "" {
				g.members = append(g.members, member{c, m, c.GetGroup() + " " + c.GetName()})
			}
		}
		return g
	}
	return nil
}

// add adds the commands that m has in a group, unless their names are taken.
func (g *branch) add(m *pluginv1.Manifest, in string) {
	for _, c := range m.GetCommands() {
		if c.GetGroup() == in && goodName(c.GetName()) && g.find(c.GetName()) == nil {
			g.members = append(g.members, member{c, m, c.GetName()})
		}
	}
}

// find returns the command of that name, or nil.
func (g *branch) find(name string) *member {
	for i := range g.members {
		if g.members[i].label == name {
			return &g.members[i]
		}
	}
	return nil
}

// words is how many words the name has.
func (g *branch) words() int { return 1 + strings.Count(g.name, " ") }

// foreign tells that a command of the group was added by another plugin.
func (g *branch) foreign(m member) bool { return m.manifest != g.manifest }
