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
	g, c := reach(args, upper, manifests)
	o := Outcome{branch: g, member: c, manifests: manifests}
	if g != nil {
		o.Manifest = g.manifest
	}
	if c != nil {
		o.Manifest, o.Command = c.manifest, c.Command
		o.atCommand(args)
		return o
	}
	o.above(upper)
	return o
}

// reach finds the deepest level that the words lead to.
func reach(args []string, upper *reading, all []*pluginv1.Manifest) (*branch, *member) {
	g := findGroup(all, upper.words)
	if g != nil && len(upper.words) > g.words() {
		if c := g.find(upper.words[g.words()]); c != nil {
			return g, c
		}
	}
	if fg, fc := reachPastFlags(args, all); fc != nil {
		return fg, fc
	}
	return g, nil
}

// maxPairs bounds the search of reachPastFlags on absurd lines.
const maxPairs = 32

// reachPastFlags finds the command of a line like `-q product delete`, where
// only the command tells that -q takes no value: a group and a command of it
// that are the first two words in the eyes of that very command.
func reachPastFlags(args []string, all []*pluginv1.Manifest) (*branch, *member) {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	pairs := 0
	for i := range args {
		g := findGroup(all, args[i:])
		if g == nil {
			continue
		}
		n := g.words()
		for j := i + n; j < len(args); j++ {
			c := g.find(args[j])
			if c == nil {
				continue
			}
			if pairs++; pairs > maxPairs {
				return nil, nil
			}
			p := read(args, commandOptions(c.Command)).places
			if len(p) > n && p[0] == i && p[n-1] == i+n-1 && p[n] == j {
				return g, c
			}
		}
	}
	return nil, nil
}

// above decides for the root and for a group, which no word left.
func (o *Outcome) above(r *reading) {
	version := o.branch == nil && r.given[1].last() == "true"
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
	if o.branch != nil {
		words = words[o.branch.words():]
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
	if o.branch == nil {
		return findGroup(o.manifests, []string{word}) != nil
	}
	return o.branch.find(word) != nil
}

// atCommand decides for a command.
func (o *Outcome) atCommand(args []string) {
	options := commandOptions(o.Command)
	r := read(args, options)
	r.level = o.branch.words() + 1
	if r.wantsHelp() {
		o.Kind = ShowHelp
		return
	}
	r.arguments(options)
	ch := checker{command: o.Command, options: options, reading: r}
	if text := ch.check(); text != "" {
		o.Kind, o.Error = SyntaxError, text
		if len(r.unknown) > 0 {
			o.unknown.option = r.unknown[0]
		}
		return
	}
	o.Kind = RunCommand
	o.Invocation = invocation(o.member, options, r)
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
