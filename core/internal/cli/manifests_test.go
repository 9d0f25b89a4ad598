package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	flag     = pluginv1.OptionKind_OPTION_KIND_FLAG
	boolean  = pluginv1.OptionKind_OPTION_KIND_BOOL
	text     = pluginv1.OptionKind_OPTION_KIND_TEXT
	list     = pluginv1.OptionKind_OPTION_KIND_LIST
	numeric  = pluginv1.OptionKind_OPTION_KIND_NUMBER
	optional = pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT

	exclusive   = pluginv1.RuleKind_RULE_KIND_EXCLUSIVE
	requires    = pluginv1.RuleKind_RULE_KIND_REQUIRES
	bothOrNone  = pluginv1.RuleKind_RULE_KIND_TOGETHER
	requiredFor = pluginv1.RuleKind_RULE_KIND_REQUIRED_FOR
	onlyFor     = pluginv1.RuleKind_RULE_KIND_ONLY_FOR
)

type change func(*pluginv1.Option)

func opt(kind pluginv1.OptionKind, name, alias, placeholder, help string, changes ...change) *pluginv1.Option {
	o := &pluginv1.Option{Kind: kind, Name: name, Alias: alias, Placeholder: placeholder, Help: help}
	for _, c := range changes {
		c(o)
	}
	return o
}

func required(o *pluginv1.Option)   { o.Required = true }
func positional(o *pluginv1.Option) { o.Positional = true }
func mayBeEmpty(o *pluginv1.Option) {
	o.AllowEmpty = true
}
func secret(o *pluginv1.Option) {
	o.Role, o.AllowEmpty = pluginv1.ValueRole_VALUE_ROLE_SECRET, true
}

func oneOf(words string) change {
	return func(o *pluginv1.Option) { o.Choices = strings.Fields(words) }
}

func normally(values ...string) change {
	return func(o *pluginv1.Option) { o.DefaultValues = values }
}

func output() *pluginv1.Option {
	return opt(text, "output", "z", "<mode>", "How to print.", oneOf("minimal json debug"))
}

func confirmed() *pluginv1.Option {
	return opt(flag, "confirmed", "q", "", "Asks no questions.")
}

func product(changes ...change) *pluginv1.Option {
	return opt(text, "product", "p", "<PRODUCT_IDENTIFIER>", "Which Product.", changes...)
}

func dgType(kind pluginv1.OptionKind, changes ...change) *pluginv1.Option {
	changes = append(changes, oneOf("development pre-factory pre-dut pre-production factory dut production"))
	return opt(kind, "dg-type", "y", "<device_group_type>", "Of which type.", changes...)
}

func cmd(name, synopsis string, options ...*pluginv1.Option) *pluginv1.Command {
	return &pluginv1.Command{Name: name, Synopsis: synopsis, Options: append(options, output())}
}

func ruled(c *pluginv1.Command, rules ...*pluginv1.Rule) *pluginv1.Command {
	c.Rules = rules
	return c
}

func rule(kind pluginv1.RuleKind, options string, when ...string) *pluginv1.Rule {
	r := &pluginv1.Rule{Kind: kind, Options: strings.Fields(options)}
	if len(when) > 0 {
		r.WhenOption, r.WhenValues = when[0], when[1:]
	}
	return r
}

func group(name, synopsis string, commands ...*pluginv1.Command) *pluginv1.Manifest {
	return &pluginv1.Manifest{Name: name, Synopsis: synopsis, Version: "1.0.0", Commands: commands}
}

// someGroups has options of every kind, named like those of the bundled groups.
func someGroups(t testing.TB) []*pluginv1.Manifest {
	t.Helper()
	all := []*pluginv1.Manifest{
		group("product", "What is sold.",
			cmd("create", "Makes one.",
				opt(text, "name", "n", "<product_name>", "Its name.", required),
				opt(text, "descr", "s", "<product_description>", "A text.", mayBeEmpty)),
			cmd("delete", "Ends one.", product(), opt(flag, "force", "f", "", "Whatever hangs on it."), confirmed()),
			cmd("info", "Shows one.", product(), opt(flag, "full", "u", "", "Shows more.")),
			cmd("list", "Shows all.", opt(list, "owner", "o", "<ACCOUNT_IDENTIFIER>", "Of whom.")),
		),
		group("dg", "Where devices live.",
			ruled(cmd("create", "Makes one.",
				opt(text, "name", "n", "<name>", "Its name.", required),
				dgType(text, normally("development")),
				product(),
				opt(text, "dut", "u", "<DG>", "Where tested devices go."),
				opt(text, "target", "t", "<DG>", "Where blessed devices go."),
				opt(text, "region", "r", "<region_name>", "Where in the world.", mayBeEmpty)),
				rule(requiredFor, "dut target", "dg-type", "factory", "pre-factory"),
				rule(onlyFor, "region", "dg-type", "pre-production", "production")),
			cmd("list", "Shows all.", dgType(list)),
		),
		group("auth", "Who you are.",
			ruled(cmd("login", "Logs in.",
				opt(flag, "local", "l", "", "For this directory only."),
				opt(text, "endpoint", "e", "<endpoint_url>", "Where to.", normally("https://example.com/v5")),
				opt(text, "user", "u", "<user_id>", "As whom."),
				opt(text, "pwd", "w", "<password>", "How they know you.", secret),
				opt(text, "lk", "k", "<login_key_id>", "The key.", secret, func(o *pluginv1.Option) { o.AllowEmpty = false }),
				confirmed()),
				rule(exclusive, "user lk"),
				rule(requires, "pwd user")),
		),
		group("build", "Code on its way.",
			cmd("update", "Changes one.",
				opt(text, "build", "b", "<BUILD>", "Which."),
				opt(list, "tag", "t", "<tag>", "A mark."),
				opt(boolean, "flagged", "f", "[true|false]", "Keep it.")),
			cmd("list", "Shows all.",
				opt(flag, "flagged", "f", "", "Kept ones."),
				opt(flag, "non-zombie", "n", "", "Live ones.")),
		),
		group("project", "This directory.",
			ruled(cmd("create", "Makes one.",
				product(required),
				opt(text, "name", "n", "<name>", "Its name.", required),
				opt(flag, "pre-factory", "f", "", "For the factory."),
				opt(text, "dut", "u", "<DG>", "Where tested devices go."),
				opt(text, "target", "t", "<DG>", "Where blessed devices go.")),
				rule(bothOrNone, "pre-factory target"),
				rule(bothOrNone, "pre-factory dut")),
		),
		group("log", "What devices say.",
			cmd("get", "Shows some.",
				opt(text, "device", "d", "<DEVICE>", "Which."),
				opt(numeric, "page-size", "s", "<number>", "How many.", normally("20")),
				opt(numeric, "page-number", "n", "<number>", "Where.")),
		),
		group("device", "Things.",
			cmd("update", "Changes one.",
				opt(text, "device", "d", "<DEVICE>", "Which.", required),
				opt(text, "name", "n", "<name>", "Its name.", required, mayBeEmpty)),
		),
		group("test", "Whether it works.",
			cmd("update", "Changes the file.",
				opt(optional, "device-file", "x", "[<device_file>]", "Code."),
				opt(boolean, "stop-on-fail", "s", "[true|false]", "Whether to stop."),
				opt(list, "test-file", "f", "<pattern>", "Where tests are.", normally("*.test.nut", "tests/**"))),
		),
		group("plugin", "More groups.",
			cmd("install", "Adds some.",
				opt(text, "source", "", "<SOURCE>", "From where.", required, positional),
				opt(text, "as", "a", "<name>", "Its name."),
				opt(list, "more", "", "", "Others.", positional),
				opt(flag, "unsigned", "u", "", "Whoever made it.")),
			cmd("info", "Shows one.", opt(text, "name", "", "<NAME>", "Which.", positional, oneOf("a b"))),
		),
	}
	for _, m := range all {
		require.NoError(t, Validate(m))
	}
	return all
}

// words splits a line at blanks as a shell does; quotes keep blanks.
func words(line string) []string {
	var all []string
	word, begun, inQuotes := "", false, false
	for i := range len(line) {
		switch c := line[i]; {
		case c == '\'':
			inQuotes, begun = !inQuotes, true
		case c == ' ' && !inQuotes:
			if begun {
				all = append(all, word)
			}
			word, begun = "", false
		default:
			word, begun = word+string([]byte{c}), true
		}
	}
	if begun {
		all = append(all, word)
	}
	return all
}
