package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/sdk/entity"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const preface = `# Manual

<!-- Made by "make manual" from what the groups declare. Do not edit. -->

Every command also has ` + "`--help`, `-h` and `--output`, `-z`" + ` with the values
` + "`minimal`, `json` and `debug`" + `; [users.md](users.md) explains these, how entities
are named, and how the arguments are read. "May" is the
most that a command can ask for; impt denies it the rest. A test runs every
example below against a simulated impCloud.

| group | what it is about |
|---|---|
`

// manual is the whole document. Groups and commands are in the order of their
// names.
func manual(groups []*pluginv1.Manifest) string {
	var b strings.Builder
	b.WriteString(preface)
	for _, g := range groups {
		fmt.Fprintf(&b, "| [impt %[1]s](#impt-%[1]s) | %[2]s |\n", g.GetName(), cell(g.GetSynopsis()))
	}
	for _, g := range groups {
		writeGroup(&b, g)
	}
	return b.String()
}

func writeGroup(b *strings.Builder, g *pluginv1.Manifest) {
	fmt.Fprintf(b, "\n## impt %s\n\n%s\n", g.GetName(), cmp.Or(g.GetDescription(), g.GetSynopsis()))
	commands := slices.SortedFunc(slices.Values(g.GetCommands()), func(a, b *pluginv1.Command) int {
		return strings.Compare(a.GetName(), b.GetName())
	})
	for _, c := range commands {
		fmt.Fprintf(b, "\n### impt %s %s\n\n", g.GetName(), c.GetName())
		fmt.Fprintf(b, "```\n%s\n```\n\n", usage(g, c))
		fmt.Fprintf(b, "%s\n", cmp.Or(c.GetDescription(), c.GetSynopsis()))
		writeOptions(b, c)
		writeRules(b, c)
		writeNeeds(b, c)
		if len(c.GetExamples()) > 0 {
			fmt.Fprintf(b, "\n```sh\n%s\n```\n", strings.Join(c.GetExamples(), "\n"))
		}
	}
}

// usage is the usage of the command's help.
func usage(g *pluginv1.Manifest, c *pluginv1.Command) string {
	help := strings.TrimPrefix(cli.CommandHelp(g, c, cli.MaxWidth), "\n")
	text, _, _ := strings.Cut(strings.TrimPrefix(help, "Usage: "), "\n\n")
	return text
}

// isOutput tells the option that the preface explains.
func isOutput(o *pluginv1.Option) bool { return o.GetName() == "output" }

func writeOptions(b *strings.Builder, c *pluginv1.Command) {
	if !slices.ContainsFunc(c.GetOptions(), func(o *pluginv1.Option) bool { return !isOutput(o) }) {
		return
	}
	b.WriteString("\n| option | value | |\n|---|---|---|\n")
	for _, o := range c.GetOptions() {
		if !isOutput(o) {
			fmt.Fprintf(b, "| %s | %s | %s |\n", names(o), value(o), about(o))
		}
	}
}

func names(o *pluginv1.Option) string {
	if o.GetPositional() {
		return "`" + cmp.Or(o.GetPlaceholder(), "<"+o.GetName()+">") + "`"
	}
	text := "`--" + o.GetName() + "`"
	if o.GetAlias() != "" {
		text += ", `-" + o.GetAlias() + "`"
	}
	return text
}

// value is what the option takes.
func value(o *pluginv1.Option) string {
	if len(o.GetChoices()) > 0 {
		return cell("`" + strings.Join(o.GetChoices(), "` `") + "`")
	}
	if o.GetPlaceholder() == "" || o.GetPositional() {
		return ""
	}
	return cell("`" + o.GetPlaceholder() + "`")
}

// about is the help of the option and what its declaration adds to that.
func about(o *pluginv1.Option) string {
	var text []string
	if o.GetRequired() {
		text = append(text, "Required.")
	}
	text = append(text, o.GetHelp())
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_LIST:
		text = append(text, "May be repeated.")
	case pluginv1.OptionKind_OPTION_KIND_NUMBER:
		text = append(text, "A positive integer.")
	case pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT:
		text = append(text, "The value may be left out.")
	case pluginv1.OptionKind_OPTION_KIND_FLAG, pluginv1.OptionKind_OPTION_KIND_BOOL,
		pluginv1.OptionKind_OPTION_KIND_TEXT, pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
	}
	if len(o.GetDefaultValues()) > 0 {
		text = append(text, "Default: `"+strings.Join(o.GetDefaultValues(), "` `")+"`.")
	}
	return cell(strings.Join(text, " "))
}

// cell is text for a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

func writeRules(b *strings.Builder, c *pluginv1.Command) {
	var rules []string
	for _, r := range c.GetRules() {
		if text := rule(r); text != "" {
			rules = append(rules, "- "+text)
		}
	}
	if len(rules) > 0 {
		fmt.Fprintf(b, "\n%s\n", strings.Join(rules, "\n"))
	}
}

// rule is a rule as a sentence; empty if its kind is not known.
func rule(r *pluginv1.Rule) string {
	options := make([]string, len(r.GetOptions()))
	for i, o := range r.GetOptions() {
		options[i] = "`--" + o + "`"
	}
	when := "`--" + r.GetWhenOption() + "` is " + strings.Join(r.GetWhenValues(), " or ")
	all := strings.Join(options, " and ")
	switch r.GetKind() {
	case pluginv1.RuleKind_RULE_KIND_EXCLUSIVE:
		return all + " exclude each other."
	case pluginv1.RuleKind_RULE_KIND_REQUIRES:
		return strings.Join(options, " needs ") + "."
	case pluginv1.RuleKind_RULE_KIND_TOGETHER:
		return all + " are given together or not at all."
	case pluginv1.RuleKind_RULE_KIND_REQUIRED_FOR:
		return all + " must be given when " + when + "."
	case pluginv1.RuleKind_RULE_KIND_ONLY_FOR:
		return all + " may be given only when " + when + "."
	case pluginv1.RuleKind_RULE_KIND_UNSPECIFIED:
	}
	return ""
}

// writeNeeds tells what the command may ask for, which the host enforces.
func writeNeeds(b *strings.Builder, c *pluginv1.Command) {
	var reads, changes []string
	for _, n := range c.GetNeeds() {
		if n.GetResource() == "interrupt" {
			continue // the help tells what Ctrl-C does
		}
		if n.GetAccess() == pluginv1.Access_ACCESS_WRITE {
			changes = append(changes, resource(n.GetResource()))
		} else {
			reads = append(reads, resource(n.GetResource()))
		}
	}
	var parts []string
	if len(changes) > 0 {
		parts = append(parts, "change "+and(changes))
	}
	if len(reads) > 0 {
		parts = append(parts, "read "+and(reads))
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, "\nMay %s.\n", strings.Join(parts, "; "))
	}
}

// resource names what a capability is about.
func resource(name string) string {
	if slices.Contains(entity.Types(), entity.Type(name)) {
		return entity.Type(name).Noun() + "s"
	}
	switch name {
	case "project":
		return "the project file"
	case "login":
		return "the login"
	}
	return name
}

func and(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
