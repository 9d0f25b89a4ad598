package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// rules checks the command's rules in declared order.
func (c *checker) rules() string {
	for _, r := range c.command.GetRules() {
		if text := c.rule(r); text != "" {
			return text
		}
	}
	return ""
}

func (c *checker) rule(r *pluginv1.Rule) string {
	names := r.GetOptions()
	switch r.GetKind() {
	case pluginv1.RuleKind_RULE_KIND_EXCLUSIVE:
		if v := c.withValue(names); len(v) > 1 {
			return fmt.Sprintf("Options \"--%s\" and \"--%s\" are mutually exclusive.", v[0], v[1])
		}
	case pluginv1.RuleKind_RULE_KIND_REQUIRES:
		if len(names) > 1 && c.hasValue(names[0]) && !c.present(names[1]) {
			return together(names[0], names[1])
		}
	case pluginv1.RuleKind_RULE_KIND_TOGETHER:
		if len(names) > 1 && c.hasValue(names[0]) != c.hasValue(names[1]) {
			return together(names[0], names[1])
		}
	case pluginv1.RuleKind_RULE_KIND_REQUIRED_FOR:
		return c.requiredFor(r)
	case pluginv1.RuleKind_RULE_KIND_ONLY_FOR:
		return c.onlyFor(r)
	case pluginv1.RuleKind_RULE_KIND_UNSPECIFIED:
	}
	// A kind that this host does not know demands nothing.
	return ""
}

func together(a, b string) string {
	return fmt.Sprintf("Options \"--%s\" and \"--%s\" must be specified together.", printable(a), printable(b))
}

// groupType is the option that the peer's own sentences speak of.
const groupType = "dg-type"

func (c *checker) requiredFor(r *pluginv1.Rule) string {
	when := r.GetWhenOption()
	value, ok := c.deciding(when, r.GetWhenValues())
	if !ok || !slices.Contains(r.GetWhenValues(), value) {
		return ""
	}
	for _, n := range r.GetOptions() {
		switch {
		case c.hasValue(n) || c.applies(n):
		case when == groupType:
			return fmt.Sprintf("Option \"--%s\" must be specified for Device Group of type \"%s\".",
				printable(n), printable(value))
		default:
			return fmt.Sprintf("Option \"--%s\" must be specified when \"--%s\" is \"%s\".",
				printable(n), printable(when), printable(value))
		}
	}
	return ""
}

func (c *checker) onlyFor(r *pluginv1.Rule) string {
	when := r.GetWhenOption()
	value, known := c.deciding(when, r.GetWhenValues())
	if known && slices.Contains(r.GetWhenValues(), value) {
		return ""
	}
	v := c.withValue(r.GetOptions())
	switch {
	case len(v) == 0:
		return ""
	case when == groupType && known:
		return fmt.Sprintf("Invalid option \"--%s\" for Device Group of the type \"%s\". "+
			"It may be specified for %s Device Groups only.", v[0], printable(value), alternatives(r.GetWhenValues()))
	default:
		return fmt.Sprintf("Option \"--%s\" may be specified only when \"--%s\" is %s.",
			v[0], printable(when), alternatives(r.GetWhenValues()))
	}
}

// alternatives joins values as `"a", "b" or "c"`.
func alternatives(values []string) string {
	var b strings.Builder
	for i, v := range values {
		switch {
		case i == 0:
		case i == len(values)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString("\"" + printable(v) + "\"")
	}
	return b.String()
}

func (c *checker) withValue(names []string) []string {
	var v []string
	for _, n := range names {
		if c.hasValue(n) {
			v = append(v, n)
		}
	}
	return v
}

func (c *checker) option(name string) (known, *given, bool) {
	i := slices.IndexFunc(c.options, func(o known) bool { return o.option != nil && o.name == name })
	if i < 0 {
		return known{}, nil, false
	}
	return c.options[i], c.reading.given[i], true
}

// hasValue says that the option was given with a value that is not empty. A
// wrong value counts too: its own sentence comes later.
func (c *checker) hasValue(name string) bool {
	o, g, ok := c.option(name)
	switch {
	case !ok || g == nil:
		return false
	case o.takes == takesTruth:
		return g.last() != "false"
	case len(g.values) > 1 || o.option.GetKind() == pluginv1.OptionKind_OPTION_KIND_LIST:
		return true
	default:
		return g.last() != ""
	}
}

// applies says that an absent option has a value all the same: its default.
func (c *checker) applies(name string) bool {
	o, g, _ := c.option(name)
	return g == nil && len(o.option.GetDefaultValues()) > 0
}

// present says that the option was given, be it with an empty value, whose own
// sentence comes later, or has a default.
func (c *checker) present(name string) bool {
	_, g, _ := c.option(name)
	return g != nil || c.applies(name)
}

// deciding is the value of the option that a rule depends on; ok is false when
// it has none. Choices are checked after the rules, so a wrong one stands for
// the default here, as in the peer.
func (c *checker) deciding(name string, wanted []string) (value string, ok bool) {
	o, g, ok := c.option(name)
	if !ok {
		return "", false
	}
	values := o.option.GetDefaultValues()
	if g != nil {
		switch kind := o.option.GetKind(); {
		case kind == pluginv1.OptionKind_OPTION_KIND_LIST:
			values = g.values
		case o.takes == takesTruth:
			values = []string{g.last()}
		case len(g.values) > 1:
			return "unknown", true
		case kind == pluginv1.OptionKind_OPTION_KIND_NUMBER:
			values = []string{numberAsTyped(g.last())}
		case len(o.option.GetChoices()) == 0 || isChoice(o.option, g.last()):
			values = g.values
		}
	}
	for _, v := range values {
		if slices.Contains(wanted, v) {
			return v, true
		}
	}
	switch {
	case len(values) > 0:
		return values[0], true
	case o.takes == takesTruth:
		return "false", true
	}
	return "", false
}

func numberAsTyped(text string) string {
	if f, ok := number(text); ok {
		if n, ok := positive(f); ok {
			return strconv.FormatInt(n, 10)
		}
	}
	return text
}
