package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// shown is how many lines of a difference are.
const shown = 12

// Difference is one thing in which a run of impt is not as expected.
type Difference struct {
	What             string
	Expected, Actual string
}

// compare finds the differences between what was expected of impt and what it
// did.
func compare(c *Case, expected, actual *Observation) []Difference {
	var all []Difference
	differ := func(what, expected, actual string) {
		if expected != actual {
			all = append(all, Difference{what, expected, actual})
		}
	}
	differ("standard output", expected.Out, actual.Out)
	differ("standard error", expected.Err, actual.Err)
	_, dumps := requestDiff(expected.Dumps, actual.Dumps)
	if len(dumps) > 0 && c.Want.Requests != "any" {
		near := slices.DeleteFunc(slices.Clone(expected.Dumps), func(d string) bool { return slices.Contains(actual.Dumps, d) })
		differ("debug dumps", strings.Join(near, ""), strings.Join(dumps, ""))
	}
	differ("exit code", fmt.Sprint(expected.Exit), fmt.Sprint(actual.Exit))
	if c.Want.Files != "any" {
		for _, name := range slices.Sorted(maps.Keys(union(expected.Files, actual.Files))) {
			differ("file "+name, orAbsent(expected.Files, name), orAbsent(actual.Files, name))
		}
	}
	if c.Want.State != "any" {
		differ("state of impCentral", expected.State, actual.State)
	}
	if c.Want.Requests != "any" {
		missing, extra := requestDiff(expected.Requests, actual.Requests)
		differ("requests", strings.Join(missing, "\n"), strings.Join(extra, "\n"))
	}
	return all
}

func union(a, b map[string]string) map[string]string {
	u := maps.Clone(a)
	if u == nil {
		u = map[string]string{}
	}
	maps.Copy(u, b)
	return u
}

func orAbsent(m map[string]string, key string) string {
	if v, ok := m[key]; ok {
		return v
	}
	return "(absent)"
}

// requestDiff returns what is missing, reads not counted, and what is too much.
// Another read of a collection is not too much where impt reads no more of it
// than the peer: it may know more from one and less from the other.
func requestDiff(expected, actual []string) (missing, extra []string) {
	left := slices.Clone(expected)
	for _, a := range actual {
		if i := slices.Index(left, a); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			extra = append(extra, a)
		}
	}
	extra = slices.DeleteFunc(extra, func(r string) bool {
		return ordinaryRead.MatchString(r) && count(actual, collection(r)) <= count(expected, collection(r))
	})
	for _, l := range left {
		if !strings.HasPrefix(l, "GET ") {
			missing = append(missing, l)
		}
	}
	return missing, extra
}

// ordinaryRead is a page of a list or an entity by its id.
var ordinaryRead = regexp.MustCompile(`^GET /[a-z]+(/[0-9a-f-]{36})?( (page\[|filter\[[a-z.]+\.id\])\S+)*$`)

// collection is the begin that reads of the same collection have in common.
func collection(read string) string {
	words := strings.FieldsFunc(read, func(r rune) bool { return r == '/' || r == ' ' })
	return words[0] + " /" + words[1]
}

func count(requests []string, begin string) int {
	n := 0
	for _, r := range requests {
		if r == begin || strings.HasPrefix(r, begin+"/") || strings.HasPrefix(r, begin+" ") {
			n++
		}
	}
	return n
}

// show writes a difference for people: only lines that differ, with one around.
func (d Difference) show() string {
	a, b := strings.Split(d.Expected, "\n"), strings.Split(d.Actual, "\n")
	var out strings.Builder
	fmt.Fprintf(&out, "  %s:\n", d.What)
	lines := lineDiff(a, b)
	if len(lines) > shown {
		lines = append(lines[:shown], fmt.Sprintf("… %d more lines", len(lines)-shown))
	}
	for _, l := range lines {
		out.WriteString("    " + strings.ReplaceAll(l, "\x1b", "ESC") + "\n")
	}
	return out.String()
}

// lineDiff marks lines of a alone with - and of b alone with +; of the common
// ones only those next to a mark stay.
func lineDiff(a, b []string) []string {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var all []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = append(all, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = append(all, "- "+a[i])
			i++
		default:
			all = append(all, "+ "+b[j])
			j++
		}
	}
	marked := func(k int) bool { return k >= 0 && k < len(all) && all[k][0] != ' ' }
	var near []string
	for k, l := range all {
		if marked(k) || marked(k-1) || marked(k+1) {
			near = append(near, l)
		}
	}
	return near
}
