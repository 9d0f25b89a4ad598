package cli

import (
	"slices"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Candidate is a word that may stand at the cursor, and what it is.
type Candidate struct{ Word, Help string }

// Completion is what may stand at the cursor.
type Completion struct {
	Candidates []Candidate
	// Before is what of the current word stands before a candidate: the option
	// of "--dg=Kit".
	Before string
	// Files says that the names of files may stand there.
	Files bool
	// Option is the one whose value stands there; nil elsewhere. There may be
	// values that its declaration does not tell.
	Option *pluginv1.Option
}

// Complete tells what may stand at the cursor, after args and in the place of
// current, of which the part before the cursor is known.
func Complete(args []string, current string, manifests []*pluginv1.Manifest) Completion {
	args = cleanArgs(args)
	upper := read(args, upperOptions)
	g, c := reach(args, upper, manifests)
	if c != nil {
		return completeCommand(args, current, g.words()+1, c.Command)
	}
	if slices.Contains(args, "--") {
		return Completion{}
	}
	var found Completion
	switch {
	case g == nil && len(upper.words) == 0:
		for _, m := range groupsOf(manifests) {
			found.Candidates = append(found.Candidates, Candidate{m.GetName(), m.GetSynopsis()})
		}
		found.Candidates = append(found.Candidates, Candidate{"--help", rootHelpText}, Candidate{"--version", versionText})
	case g != nil && len(upper.words) == g.words():
		for _, c := range g.members {
			word, _, more := strings.Cut(c.label, " ")
			if more && slices.ContainsFunc(found.Candidates, func(f Candidate) bool { return f.Word == word }) {
				continue
			}
			found.Candidates = append(found.Candidates, Candidate{word, c.GetSynopsis()})
		}
		found.Candidates = append(found.Candidates, Candidate{"--help", helpText})
	}
	found.keep(current)
	return found
}

// keep leaves the candidates that begin with what was typed; options only if a
// dash was.
func (f *Completion) keep(current string) {
	f.Candidates = slices.DeleteFunc(f.Candidates, func(c Candidate) bool {
		return !strings.HasPrefix(c.Word, current) || current == "" && c.Word[0] == '-'
	})
}

func completeCommand(args []string, current string, level int, c *pluginv1.Command) Completion {
	options := commandOptions(c)
	var found Completion
	if slices.Contains(args, "--") {
		return found
	}
	if k := awaiting(args, options); k >= 0 && options[k].mayTake(current) {
		found.value(options[k], current)
		if options[k].takes == takesOne || current != "" {
			return found
		}
	}
	if name, value, joined := splitOption(current); joined && looksLikeOption(current) {
		if k := lookUp(options, name); k >= 0 {
			found.Before = strings.TrimSuffix(current, value)
			found.value(options[k], value)
		}
		return found
	}
	r := read(args, options)
	r.level = level
	r.arguments(options)
	if k := slices.IndexFunc(options, func(o known) bool { return o.option.GetPositional() }); k >= 0 && !looksLikeOption(current) {
		found.argument(options[k:], r.given[k:], current)
	}
	if current == "" || current[0] == '-' {
		for _, required := range []bool{true, false} {
			for i, o := range options {
				if o.option.GetRequired() == required && may(o, r.given[i]) && !o.option.GetPositional() {
					found.option(o, current)
				}
			}
		}
	}
	return found
}

// may tells whether an option can be given once more.
func may(o known, g *given) bool {
	return g == nil || o.option.GetKind() == pluginv1.OptionKind_OPTION_KIND_LIST
}

// argument offers values of the next argument.
func (f *Completion) argument(options []known, given []*given, current string) {
	for i, o := range options {
		if o.option.GetPositional() && may(o, given[i]) {
			f.value(o, current)
			return
		}
	}
}

// awaiting is the option at the end of the line that takes the next word, or
// -1.
func awaiting(args []string, options []known) int {
	if len(args) == 0 {
		return -1
	}
	last := args[len(args)-1]
	// A value that looks like an option belongs to the one before it.
	if !looksLikeOption(last) || len(args) > 1 && last == "-" && awaiting(args[:len(args)-1], options) >= 0 {
		return -1
	}
	name, _, joined := splitOption(last)
	k, negated := find(options, last, name, joined)
	if k < 0 || joined || negated {
		return -1
	}
	return k
}

// mayTake tells whether the option takes a word that begins so.
func (o known) mayTake(begin string) bool {
	switch o.takes {
	case takesTruth:
		return strings.HasPrefix("true", begin) || strings.HasPrefix("false", begin)
	case takesMaybe:
		return !looksLikeOption(begin)
	case takesOne:
	}
	return true
}

func (f *Completion) option(o known, current string) {
	help := helpText
	if o.option != nil {
		help = o.option.GetHelp()
	}
	if word := "--" + o.name; strings.HasPrefix(word, current) {
		f.Candidates = append(f.Candidates, Candidate{word, help})
	}
}

// value offers what the manifest tells of an option's values.
func (f *Completion) value(o known, current string) {
	f.Option = o.option
	values := o.option.GetChoices()
	switch {
	case len(values) > 0:
	case o.takes == takesTruth:
		values = []string{"true", "false"}
	}
	for _, v := range values {
		if strings.HasPrefix(v, current) {
			f.Candidates = append(f.Candidates, Candidate{Word: v})
		}
	}
	switch o.option.GetRole() {
	case pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE, pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE, pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE:
		f.Files = true
	case pluginv1.ValueRole_VALUE_ROLE_UNSPECIFIED, pluginv1.ValueRole_VALUE_ROLE_ENTITY, pluginv1.ValueRole_VALUE_ROLE_SECRET:
	}
}
