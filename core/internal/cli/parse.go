package cli

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Sentences about the line as a whole. Those about unknown arguments have no
// full stop at the root, in a group and for options, and one after words that
// a command does not want; scripts know them so.
const noCommand = "Please specify a valid command."

// Parse decides what args, without the program's name, ask for. It never
// fails: what is wrong with a line is an Outcome too.
func Parse(args []string, manifests []*pluginv1.Manifest) Outcome {
	args = cleanArgs(args)
	upper := read(args, upperOptions)
	m, c := reach(args, upper, manifests)
	o := Outcome{Manifest: m, Command: c, manifests: manifests}
	if c != nil {
		o.atCommand(args)
		return o
	}
	o.above(upper)
	return o
}

// reach finds the deepest level that the words lead to.
func reach(args []string, upper *reading, all []*pluginv1.Manifest) (*pluginv1.Manifest, *pluginv1.Command) {
	var m *pluginv1.Manifest
	if len(upper.words) > 0 {
		m = findManifest(all, upper.words[0])
	}
	if m != nil && len(upper.words) > 1 {
		if c := findCommand(m, upper.words[1]); c != nil {
			return m, c
		}
	}
	if fm, fc := reachPastFlags(args, all); fc != nil {
		return fm, fc
	}
	return m, nil
}

// maxPairs bounds the search of reachPastFlags on absurd lines.
const maxPairs = 32

// reachPastFlags finds the command of a line like `-q product delete`, where
// only the command tells that -q takes no value: a group and a command of it
// that are the first two words in the eyes of that very command.
func reachPastFlags(args []string, all []*pluginv1.Manifest) (*pluginv1.Manifest, *pluginv1.Command) {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	pairs := 0
	for i, word := range args {
		m := findManifest(all, word)
		if m == nil {
			continue
		}
		for j := i + 1; j < len(args); j++ {
			c := findCommand(m, args[j])
			if c == nil {
				continue
			}
			if pairs++; pairs > maxPairs {
				return nil, nil
			}
			p := read(args, commandOptions(c)).places
			if len(p) > 1 && p[0] == i && p[1] == j {
				return m, c
			}
		}
	}
	return nil, nil
}

func findManifest(all []*pluginv1.Manifest, name string) *pluginv1.Manifest {
	for _, m := range all {
		if m.GetName() == name && goodName(name) {
			return m
		}
	}
	return nil
}

func findCommand(m *pluginv1.Manifest, name string) *pluginv1.Command {
	for _, c := range m.GetCommands() {
		if c.GetName() == name && goodName(name) {
			return c
		}
	}
	return nil
}

// above decides for the root and for a group, which no word left.
func (o *Outcome) above(r *reading) {
	version := o.Manifest == nil && r.given[1].last() == "true"
	help := r.given[0].last() == "true"
	if version && help {
		version = r.given[1].at < r.given[0].at
	}
	switch {
	case version:
		o.Kind = ShowVersion
		return
	case r.wantsHelp():
		o.Kind = ShowHelp
		return
	}
	o.Kind = SyntaxError
	words, names := r.words, r.unknown
	if o.Manifest != nil {
		words = words[1:]
	} else {
		names = slices.DeleteFunc(slices.Clone(names), func(n string) bool {
			return n == versionOption.name || n == versionOption.alias
		})
	}
	if len(words) == 0 {
		o.Error = noCommand
		return
	}
	bad := unknownOptions(names)
	for i, w := range words {
		if o.isName(w) {
			continue
		}
		if o.unknown.word == "" {
			o.unknown.word = w
		}
		bad = append(bad, wordText(w, len(words)-i <= r.literal))
	}
	o.Error = unknownArguments(bad)
}

// isName says that the word would be known in front of others.
func (o *Outcome) isName(word string) bool {
	if o.Manifest == nil {
		return findManifest(o.manifests, word) != nil
	}
	return findCommand(o.Manifest, word) != nil
}

// atCommand decides for a command.
func (o *Outcome) atCommand(args []string) {
	options := commandOptions(o.Command)
	r := read(args, options)
	if r.wantsHelp() {
		o.Kind = ShowHelp
		return
	}
	ch := checker{command: o.Command, options: options, reading: r}
	if text := ch.check(); text != "" {
		o.Kind, o.Error = SyntaxError, text
		if len(r.unknown) > 0 {
			o.unknown.option = r.unknown[0]
		}
		return
	}
	o.Kind = RunCommand
	o.Invocation = invocation(o.Manifest, o.Command, options, r)
}

// unknownOptions lists names as the peer does: whole numbers first.
func unknownOptions(names []string) []string {
	var numbers []uint64
	var rest []string
	for _, n := range names {
		u, err := strconv.ParseUint(n, 10, 32)
		if err == nil && u < 1<<32-1 && strconv.FormatUint(u, 10) == n {
			numbers = append(numbers, u)
			continue
		}
		rest = append(rest, printable(n))
	}
	slices.SortFunc(numbers, cmp.Compare)
	all := make([]string, 0, len(names))
	for _, u := range numbers {
		all = append(all, strconv.FormatUint(u, 10))
	}
	return append(all, rest...)
}

func unknownArguments(bad []string) string {
	if len(bad) == 1 {
		return "Unknown argument: " + bad[0]
	}
	return "Unknown arguments: " + strings.Join(bad, ", ")
}
