package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk/document"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// checker checks the options of a command. The order of the checks is what
// scripts see: only the first that fails is reported.
type checker struct {
	command *pluginv1.Command
	options []known
	reading *reading
}

// check returns what is wrong, or "".
func (c *checker) check() string {
	if c.reading.isMissing {
		return "Not enough arguments following: " + printable(c.reading.missing)
	}
	for _, check := range []func() string{
		c.required, c.unknown, c.rules, c.surplus, c.values, c.choices,
	} {
		if text := check(); text != "" {
			return text
		}
	}
	return ""
}

func (c *checker) required() string {
	var absent []string
	for i, o := range c.options {
		if o.option.GetRequired() && c.reading.given[i] == nil {
			absent = append(absent, o.name)
		}
	}
	switch len(absent) {
	case 0:
		return ""
	case 1:
		return "Missing required argument: " + absent[0]
	default:
		return "Missing required arguments: " + strings.Join(absent, ", ")
	}
}

func (c *checker) unknown() string {
	if len(c.reading.unknown) == 0 {
		return ""
	}
	return unknownArguments(unknownOptions(c.reading.unknown))
}

// surplus finds words beyond the group and the command.
func (c *checker) surplus() string {
	words, known := c.reading.words, c.reading.level+c.reading.taken
	if len(words) <= known {
		return ""
	}
	texts := make([]string, 0, len(words)-known)
	for i, w := range words[known:] {
		texts = append(texts, wordText(w, len(words)-known-i <= c.reading.literal))
	}
	return "Unknown arguments: " + strings.Join(texts, ", ") + "."
}

func (c *checker) values() string {
	for i, o := range c.options {
		g := c.reading.given[i]
		if g == nil {
			continue
		}
		if text := valueProblem(o, g); text != "" {
			if o.option.GetPositional() {
				return fmt.Sprintf("Argument \"%s\" %s.", o.name, text)
			}
			return fmt.Sprintf("Option \"--%s\" %s.", o.name, text)
		}
	}
	return ""
}

// valueProblem is the first thing wrong with the values of one option, but for
// its choices.
func valueProblem(o known, g *given) string {
	if o.takes == takesTruth {
		v := g.last()
		isBool := o.option.GetKind() == pluginv1.OptionKind_OPTION_KIND_BOOL
		// Help may be turned off; another flag that is off makes no sense.
		if v == "true" || (v == "false" && (isBool || o.option == nil)) {
			return ""
		}
		return fmt.Sprintf("has incorrect value \"%s\"", printable(v))
	}
	kind := o.option.GetKind()
	switch {
	case kind == pluginv1.OptionKind_OPTION_KIND_LIST:
		return ""
	case len(g.values) > 1:
		return "must not be specified multiple times"
	case kind == pluginv1.OptionKind_OPTION_KIND_NUMBER:
		return numberProblem(g.last())
	case kind != pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT && g.last() == "" && !o.option.GetAllowEmpty():
		return "must not be empty"
	}
	return ""
}

func numberProblem(text string) string {
	f, ok := number(text)
	if !ok {
		return "must be a number"
	}
	if _, ok := positive(f); !ok {
		return "must have a positive integer value"
	}
	return ""
}

// choices reports all options with values that are none of their choices, in
// the order in which they were typed.
func (c *checker) choices() string {
	type failure struct {
		at   int
		text string
	}
	var failures []failure
	for i, o := range c.options {
		g := c.reading.given[i]
		if g == nil || len(o.option.GetChoices()) == 0 || o.takes == takesTruth {
			continue
		}
		var bad []string
		for _, v := range g.values {
			if !isChoice(o.option, v) {
				bad = append(bad, v)
			}
		}
		if len(bad) > 0 {
			failures = append(failures, failure{g.at, fmt.Sprintf("\n  Argument: %s, Given: %s, Choices: %s",
				o.name, quoted(bad), quoted(o.option.GetChoices()))})
		}
	}
	if len(failures) == 0 {
		return ""
	}
	slices.SortFunc(failures, func(a, b failure) int { return cmp.Compare(a.at, b.at) })
	var b strings.Builder
	b.WriteString("Invalid values:")
	for _, f := range failures {
		b.WriteString(f.text)
	}
	return b.String()
}

func isChoice(o *pluginv1.Option, v string) bool {
	if v == "" && o.GetKind() == pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT {
		return true
	}
	return slices.Contains(o.GetChoices(), v)
}

// quoted lists texts as JSON strings, a comma and a blank between them.
func quoted(texts []string) string {
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = printable(string(document.Encode(t)))
	}
	return strings.Join(all, ", ")
}
