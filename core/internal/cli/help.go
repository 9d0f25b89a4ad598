package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk/document"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	rootHelpText    = "Shows this text."
	helpText        = "Shows this text. The rest of the line does not count."
	versionText     = "Shows the version of impt."
	repeatable      = " (may be repeated several times)"
	rowHelp         = "--help, -h"
	rowVersion      = "--version, -v"
	sectionCommands = "Commands:"
	sectionOptions  = "Options:"
	// The words after a command that are no options.
	sectionArguments = "Arguments:"
)

// MaxWidth is the width of a help where the terminal does not say less.
const MaxWidth = 80

// RootHelp is the help of impt itself: all groups, by name. Like every help it
// begins with an empty line, ends with a line end and has no blanks at the end
// of a line. A width that is 0 or more than MaxWidth means MaxWidth.
func RootHelp(manifests []*pluginv1.Manifest, width int) string {
	p := newPage(width)
	p.paragraph("Usage: impt <command> [options]")
	groups := make([]row, 0, len(manifests))
	for _, m := range groupsOf(manifests) {
		groups = append(groups, row{left: "impt " + m.GetName(), text: printable(m.GetSynopsis())})
	}
	p.commands(groups)
	p.table(sectionOptions, []row{
		{left: rowVersion, text: versionText, extra: "[boolean]"},
		{left: rowHelp, text: rootHelpText, extra: "[boolean]"},
	})
	return p.String()
}

// GroupHelp is the help of a plugin's group: its commands, by name.
func GroupHelp(m *pluginv1.Manifest, width int) string {
	return wholeGroup(nil, m).help(width)
}

// help says of a command that was added whose it is.
func (g *branch) help(width int) string {
	p := newPage(width)
	name := "impt " + printable(g.name)
	p.paragraph("Usage: " + name + " <command> [options]")
	p.paragraph(cmp.Or(g.manifest.GetDescription(), g.manifest.GetSynopsis()))
	commands := make([]row, len(g.members))
	for i, c := range g.members {
		commands[i] = row{left: name + " " + printable(c.label), text: printable(c.GetSynopsis())}
		if g.foreign(c) {
			commands[i].text += " (" + printable(identity(c.manifest)) + ")"
		}
	}
	p.commands(commands)
	p.table(sectionOptions, []row{{left: rowHelp, text: helpText, extra: "[boolean]"}})
	return p.String()
}

// CommandHelp is the help of a command of a plugin's own group: how it is
// called, and its options.
func CommandHelp(m *pluginv1.Manifest, c *pluginv1.Command, width int) string {
	return (&branch{name: m.GetName(), manifest: m}).helpOf(member{c, m, c.GetName()}, width)
}

func (g *branch) helpOf(c member, width int) string {
	p := newPage(width)
	p.paragraph("Usage: impt " + printable(g.name) + " " + printable(c.label) + " " + usage(c.Command))
	p.paragraph(cmp.Or(c.GetDescription(), c.GetSynopsis()))
	if g.foreign(c) {
		p.paragraph("This command was added by plugin \"" + printable(identity(c.manifest)) + "\".")
	}
	var arguments []row
	rows := make([]row, 1, len(c.GetOptions())+1)
	rows[0] = row{left: rowHelp, text: helpText, extra: "[boolean]"}
	for _, o := range c.GetOptions() {
		if o.GetPositional() {
			arguments = append(arguments, optionRow(o))
			continue
		}
		rows = append(rows, optionRow(o))
	}
	if len(arguments) > 0 {
		p.table(sectionArguments, arguments)
	}
	p.table(sectionOptions, rows)
	return p.String()
}

func optionRow(o *pluginv1.Option) row {
	r := row{left: "--" + printable(o.GetName()), text: printable(o.GetHelp())}
	if o.GetPositional() {
		r.left = argument(o)
	}
	if o.GetAlias() != "" {
		r.left += ", -" + printable(o.GetAlias())
	}
	kind := "[string]"
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_FLAG, pluginv1.OptionKind_OPTION_KIND_BOOL:
		kind = "[boolean]"
	case pluginv1.OptionKind_OPTION_KIND_NUMBER:
		kind = "[number]"
	case pluginv1.OptionKind_OPTION_KIND_LIST:
		kind = "[array]"
		r.text += repeatable
	case pluginv1.OptionKind_OPTION_KIND_TEXT,
		pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT,
		pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
	}
	parts := []string{kind}
	if o.GetRequired() {
		parts = append(parts, "[required]")
	}
	if len(o.GetChoices()) > 0 {
		parts = append(parts, "[choices: "+quoted(o.GetChoices())+"]")
	}
	if len(o.GetDefaultValues()) > 0 {
		parts = append(parts, "[default: "+defaultText(o)+"]")
	}
	r.extra = strings.Join(parts, " ")
	return r
}

// defaultText is the default as compact JSON.
func defaultText(o *pluginv1.Option) string {
	values := o.GetDefaultValues()
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_FLAG,
		pluginv1.OptionKind_OPTION_KIND_BOOL,
		pluginv1.OptionKind_OPTION_KIND_NUMBER:
		return printable(values[0])
	case pluginv1.OptionKind_OPTION_KIND_LIST:
		return printable(string(document.Encode(values)))
	case pluginv1.OptionKind_OPTION_KIND_TEXT,
		pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT,
		pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
	}
	return printable(string(document.Encode(values[0])))
}

// usage lists the options as they are typed. Alternatives that a rule makes
// exclusive share one pair of brackets, with what each of them requires.
func usage(c *pluginv1.Command) string {
	options := c.GetOptions()
	done := map[string]bool{}
	parts := make([]string, 0, len(options)+1)
	for _, o := range options {
		if done[o.GetName()] {
			continue
		}
		part := optionUsage(o)
		if group := alternativesOf(c, o.GetName(), done); group != "" {
			part = "[" + group + "]"
		} else if !o.GetRequired() {
			part = "[" + part + "]"
		}
		parts = append(parts, part)
	}
	return strings.Join(append(parts, "[--help]"), " ")
}

// argument stands for an argument: its placeholder, or its name.
func argument(o *pluginv1.Option) string {
	return printable(cmp.Or(o.GetPlaceholder(), "<"+o.GetName()+">"))
}

func optionUsage(o *pluginv1.Option) string {
	if o.GetPositional() {
		if o.GetKind() == pluginv1.OptionKind_OPTION_KIND_LIST {
			return argument(o) + "..."
		}
		return argument(o)
	}
	text := "--" + printable(o.GetName())
	if ph := o.GetPlaceholder(); ph != "" && o.GetKind() != pluginv1.OptionKind_OPTION_KIND_FLAG {
		text += " " + printable(ph)
	}
	return text
}

// alternativesOf renders the exclusive options of which name is one, and marks
// them done; it is empty when no rule makes name exclusive.
func alternativesOf(c *pluginv1.Command, name string, done map[string]bool) string {
	for _, r := range c.GetRules() {
		if r.GetKind() != pluginv1.RuleKind_RULE_KIND_EXCLUSIVE || !slices.Contains(r.GetOptions(), name) {
			continue
		}
		var parts, used []string
		for _, n := range r.GetOptions() {
			text, names := withCompanions(c, n, append(used, r.GetOptions()...))
			parts = append(parts, text)
			used = append(append(used, n), names...)
		}
		if slices.Contains(parts, "") || slices.ContainsFunc(used, func(n string) bool { return done[n] }) {
			continue
		}
		for _, n := range used {
			done[n] = true
		}
		return strings.Join(parts, " | ")
	}
	return ""
}

// withCompanions renders an optional option and, in brackets, those that may
// only be given with it, except those that are taken. It is empty for an
// option that does not exist or is required.
func withCompanions(c *pluginv1.Command, name string, taken []string) (text string, names []string) {
	o := findOption(c, name)
	if o == nil || o.GetRequired() {
		return "", nil
	}
	parts := []string{optionUsage(o)}
	for _, r := range c.GetRules() {
		rule := r.GetOptions()
		if r.GetKind() != pluginv1.RuleKind_RULE_KIND_REQUIRES || len(rule) != 2 || rule[1] != name {
			continue
		}
		companion := findOption(c, rule[0])
		if companion == nil || companion.GetRequired() ||
			slices.Contains(taken, rule[0]) || slices.Contains(names, rule[0]) {
			continue
		}
		parts = append(parts, "["+optionUsage(companion)+"]")
		names = append(names, rule[0])
	}
	return strings.Join(parts, " "), names
}

func findOption(c *pluginv1.Command, name string) *pluginv1.Option {
	for _, o := range c.GetOptions() {
		if o.GetName() == name {
			return o
		}
	}
	return nil
}
