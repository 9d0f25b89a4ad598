package cli

import "fmt"

// Suggestion asks whether a known command or option was meant in place of the
// first unknown one. It is empty when nothing is near, and no part of what
// scripts see: show it to people only.
func (o Outcome) Suggestion() string {
	switch {
	case o.Command != nil && o.unknown.option != "":
		n := nearest{typed: o.unknown.option}
		n.consider("help")
		for _, p := range o.Command.GetOptions() {
			if !p.GetPositional() {
				n.consider(p.GetName())
			}
		}
		return n.sentence("--")
	case o.branch != nil && o.unknown.word != "":
		n := nearest{typed: o.unknown.word}
		for _, c := range o.branch.members {
			n.consider(c.label)
		}
		return n.sentence("impt " + o.branch.name + " ")
	case o.unknown.word != "":
		return o.suggestGroup()
	}
	return ""
}

func (o Outcome) suggestGroup() string {
	n := nearest{typed: o.unknown.word}
	for _, m := range o.manifests {
		if ownGroup(m) {
			n.consider(m.GetName())
		}
	}
	return n.sentence("impt ")
}

// nearest finds the name of the smallest distance to what was typed.
type nearest struct {
	typed, name string
	distance    int
}

func (n *nearest) consider(name string) {
	// A third of the letters may be wrong: more is another word.
	limit := max(1, min(len(n.typed), len(name))/3)
	if len(n.typed) < 2 || len(n.typed) > maxName+limit || !goodName(name) {
		return
	}
	d := distance(n.typed, name, limit)
	if d <= limit && (n.name == "" || d < n.distance) {
		n.name, n.distance = name, d
	}
}

func (n *nearest) sentence(prefix string) string {
	if n.name == "" {
		return ""
	}
	return fmt.Sprintf("Did you mean \"%s%s\"?", prefix, n.name)
}

// distance counts the letters to add, to drop, to change, or to swap with the
// next one; beyond limit any answer greater than limit will do.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
