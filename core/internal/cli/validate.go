package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// What a manifest may hold at most. The sizes keep a stranger from filling the
// terminal or the index.
const (
	maxManifest = 1 << 20
	maxCommands = 200
	maxOptions  = 64
	maxRules    = 64
	maxExamples = 32
	maxNeeds    = 64
	maxChoices  = 256
	maxDefaults = 64
	maxRequires = 64
	maxFiles    = 64
	maxText     = 8 << 10
	maxName     = 32
)

// Validate tells whether a manifest may be used. Every manifest of a stranger
// has to pass before anything else is done with it; the error names the first
// place that is wrong. What a later version of the contract may add (kinds of
// rules, roles, accesses, entities) passes.
func Validate(m *pluginv1.Manifest) error {
	if n := proto.Size(m); n > maxManifest {
		return fmt.Errorf("manifest has %d bytes, more than %d", n, maxManifest)
	}
	if err := validateHead(m); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	seen := map[string]bool{}
	for _, c := range m.GetCommands() {
		if err := validatePlace(m, c, seen); err != nil {
			return fmt.Errorf("manifest of %s: %w", m.GetName(), err)
		}
		if err := validateCommand(c); err != nil {
			return fmt.Errorf("manifest of %s: command %s: %w", m.GetName(), c.GetName(), err)
		}
	}
	return nil
}

func validateHead(m *pluginv1.Manifest) error {
	if err := commandName(m.GetName(), map[string]bool{}); err != nil {
		return err
	}
	if v := m.GetVendor(); v != "" && !goodName(v) {
		return fmt.Errorf("vendor %q is no name", short(v))
	}
	if v := m.GetVersion(); v != "" && !goodVersion(v) {
		return fmt.Errorf("version %q is no semantic version", short(v))
	}
	for _, f := range m.GetRequires() {
		if !goodFeature(f) {
			return fmt.Errorf("required feature %q is no name", short(f))
		}
	}
	return errors.Join(
		atMost("commands", len(m.GetCommands()), maxCommands),
		atMost("required features", len(m.GetRequires()), maxRequires),
		line("synopsis", m.GetSynopsis()),
		lines("description", m.GetDescription()),
		validateContact(m.GetContact()),
		validateConfigFile(m.GetConfigFile()),
	)
}

func validateConfigFile(f *pluginv1.ConfigFile) error {
	err := errors.Join(
		line("noun of the configuration file", f.GetNoun()),
		atMost("files in the configuration file", len(f.GetFiles()), maxFiles),
	)
	if f != nil && f.GetNoun() == "" {
		err = errors.New("the configuration file has no noun")
	}
	for _, m := range f.GetFiles() {
		err = errors.Join(err, line("member of the configuration file", m.GetName()))
	}
	return err
}

// commandName checks the name of a group or a command. The word help asks for
// the help wherever it stands last.
func commandName(name string, seen map[string]bool) error {
	switch {
	case !goodName(name):
		return fmt.Errorf("%q is no name of a group or command", short(name))
	case name == "help":
		return errors.New("the name help is reserved")
	case seen[name]:
		return fmt.Errorf("the name %s occurs twice", name)
	}
	seen[name] = true
	return nil
}

// validatePlace checks the name of a command and the group that it is added to.
// What follows a qualified name must be one thing, a command or a group.
func validatePlace(m *pluginv1.Manifest, c *pluginv1.Command, seen map[string]bool) error {
	g := c.GetGroup()
	if g == "" {
		return commandName(c.GetName(), seen)
	}
	switch {
	case !goodName(g) || g == "help":
		return fmt.Errorf("%q is no name of a group", short(g))
	case g == m.GetName():
		return fmt.Errorf("the command %s is added to the plugin's own group", short(c.GetName()))
	case slices.Contains(closed, g):
		return fmt.Errorf("nothing can be added to the group %s", g)
	case slices.ContainsFunc(m.GetCommands(), func(o *pluginv1.Command) bool { return o.GetGroup() == "" && o.GetName() == g }):
		return fmt.Errorf("%s is both a command and a group to which commands are added", g)
	case seen[g+" "+c.GetName()]:
		return fmt.Errorf("the name %s occurs twice in the group %s", short(c.GetName()), g)
	}
	seen[g+" "+c.GetName()] = true
	return commandName(c.GetName(), map[string]bool{})
}

func validateCommand(c *pluginv1.Command) error {
	if err := errors.Join(
		line("synopsis", c.GetSynopsis()),
		lines("description", c.GetDescription()),
		atMost("options", len(c.GetOptions()), maxOptions),
		atMost("rules", len(c.GetRules()), maxRules),
		atMost("examples", len(c.GetExamples()), maxExamples),
		atMost("needs", len(c.GetNeeds()), maxNeeds),
	); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, o := range c.GetOptions() {
		if err := optionNames(o, seen); err != nil {
			return err
		}
		if err := validateOption(o); err != nil {
			return fmt.Errorf("option %s: %w", o.GetName(), err)
		}
	}
	if err := validateArguments(c); err != nil {
		return err
	}
	for i, r := range c.GetRules() {
		if err := validateRule(c, r); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	for _, e := range c.GetExamples() {
		if err := line("example", e); err != nil {
			return err
		}
		if e != "impt" && !strings.HasPrefix(e, "impt ") {
			return fmt.Errorf("example %q does not begin with impt", short(e))
		}
	}
	for _, n := range c.GetNeeds() {
		if !goodFeature(n.GetResource()) {
			return fmt.Errorf("%q is no resource", short(n.GetResource()))
		}
	}
	return nil
}

func optionNames(o *pluginv1.Option, seen map[string]bool) error {
	name, alias := o.GetName(), o.GetAlias()
	switch {
	case !goodName(name):
		return fmt.Errorf("%q is no name of an option", short(name))
	case name == "help" || name == "h" || alias == "h":
		return fmt.Errorf("option %s: help and h are reserved", name)
	case alias != "" && !goodAlias(alias):
		return fmt.Errorf("option %s: alias %q is no letter or digit", name, short(alias))
	case seen[name]:
		return fmt.Errorf("option %s: the name occurs twice", name)
	}
	seen[name] = true
	for _, other := range []string{alias, camelCase(name)} {
		if other != "" && seen[other] {
			return fmt.Errorf("option %s: %s means two options", name, other)
		}
		seen[other] = other != ""
	}
	return nil
}

func validateRule(c *pluginv1.Command, r *pluginv1.Rule) error {
	count, exact, decides := 2, true, false
	switch r.GetKind() {
	case pluginv1.RuleKind_RULE_KIND_EXCLUSIVE:
		exact = false
	case pluginv1.RuleKind_RULE_KIND_REQUIRES, pluginv1.RuleKind_RULE_KIND_TOGETHER:
	case pluginv1.RuleKind_RULE_KIND_REQUIRED_FOR, pluginv1.RuleKind_RULE_KIND_ONLY_FOR:
		count, exact, decides = 1, false, true
	case pluginv1.RuleKind_RULE_KIND_UNSPECIFIED:
		return errors.New("it has no kind")
	default:
		// Of a kind from the future nothing is known but what all rules have.
		count, exact = 0, false
	}
	names := r.GetOptions()
	if len(names) < count || len(names) > maxOptions || exact && len(names) != count {
		return fmt.Errorf("it is about %d options", len(names))
	}
	if decides {
		if len(r.GetWhenValues()) == 0 || len(r.GetWhenValues()) > maxChoices {
			return fmt.Errorf("it has %d deciding values", len(r.GetWhenValues()))
		}
		names = append(slices.Clone(names), r.GetWhenOption())
	}
	for i, n := range names {
		if o := findOption(c, n); o == nil || o.GetPositional() {
			return fmt.Errorf("there is no option %q", short(n))
		}
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("option %s occurs twice", n)
		}
	}
	// What a rule says quotes the deciding value.
	if decides && findOption(c, r.GetWhenOption()).GetRole() == pluginv1.ValueRole_VALUE_ROLE_SECRET {
		return errors.New("a secret cannot decide")
	}
	for _, v := range r.GetWhenValues() {
		if err := line("deciding value", v); err != nil {
			return err
		}
	}
	return nil
}

// goodName is the grammar of names of groups, commands and options.
func goodName(s string) bool {
	if s == "" || len(s) > maxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func goodAlias(s string) bool {
	if len(s) != 1 {
		return false
	}
	c := s[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// goodFeature is the grammar of features and resources.
func goodFeature(s string) bool {
	return len(s) <= 2*maxName && s != "" &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// goodVersion is the grammar of semantic versioning, with room for 64 bytes.
func goodVersion(s string) bool {
	if len(s) > 64 {
		return false
	}
	// Compiled here: only who validates pays for it.
	ok, err := regexp.MatchString(
		`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`, s)
	return ok && err == nil
}

func atMost(what string, n, limit int) error {
	if n > limit {
		return fmt.Errorf("%d %s are more than %d", n, what, limit)
	}
	return nil
}

// line checks a text of one line.
func line(what, s string) error {
	switch {
	case len(s) > maxText:
		return fmt.Errorf("%s has %d bytes, more than %d", what, len(s), maxText)
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", what)
	case strings.IndexFunc(s, steers) >= 0:
		return fmt.Errorf("%s has control characters: %q", what, short(s))
	}
	return nil
}

// lines checks a text that may have line ends.
func lines(what, s string) error { return line(what, strings.ReplaceAll(s, "\n", " ")) }

// short is the beginning of a text for an error.
func short(s string) string {
	const limit = 60
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
