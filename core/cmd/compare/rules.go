package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// peerCommands are the groups and commands of the peer.
var peerCommands = strings.Split(
	"account,account info,account list,"+
		"auth,auth info,auth login,auth logout,"+
		"build,build cleanup,build copy,build delete,build deploy,build get,build info,build list,build run,build update,"+
		"device,device assign,device info,device list,device remove,device restart,device unassign,device update,"+
		"dg,dg builds,dg create,dg delete,dg info,dg list,dg reassign,dg restart,dg unassign,dg update,"+
		"log,log get,log stream,"+
		"loginkey,loginkey create,loginkey delete,loginkey info,loginkey list,loginkey update,"+
		"product,product create,product delete,product info,product list,product update,"+
		"project,project create,project delete,project info,project link,project update,"+
		"test,test create,test delete,test github,test info,test run,test update,"+
		"webhook,webhook create,webhook delete,webhook info,webhook list,webhook update", ",")

// rule turns what the peer did into what impt is to do, wherever it applies,
// and tells whether it changed anything.
type rule struct {
	entry string
	apply func(x *exchange) bool
}

// exchange is what a rule works on: a case, what is expected of impt, which is
// at first what the peer did, and what it did.
type exchange struct {
	*session
	c                *Case
	expected, actual *Observation
	// inText is what the peer prints for the same without a mode.
	inText func() string
}

// anyOrder is the entry about cases with lines in any order.
const anyOrder = "O8"

// rulebook knows which entries of the document were needed.
type rulebook struct {
	entries map[string]string // title by number
	order   []string
	mu      sync.Mutex
	used    map[string]int // by number, of rules and of cases
	rules   []rule
	matched []int
}

var entryLine = regexp.MustCompile(`^### ([A-Z]\d+)\. (.+)$`)

func newRulebook(doc string) (*rulebook, error) {
	text, err := os.ReadFile(doc)
	if err != nil {
		return nil, err
	}
	b := &rulebook{entries: map[string]string{}, used: map[string]int{}, rules: generalRules()}
	b.matched = make([]int, len(b.rules))
	for line := range strings.SplitSeq(string(text), "\n") {
		if m := entryLine.FindStringSubmatch(line); m != nil {
			if b.entries[m[1]] != "" {
				return nil, fmt.Errorf("%s: %s is there twice", doc, m[1])
			}
			b.entries[m[1]] = m[2]
			b.order = append(b.order, m[1])
		}
	}
	return b, nil
}

// apply applies the general rules and returns the entries that were needed.
func (b *rulebook) apply(x *exchange) []string {
	b.prepare(x.c, x.expected, x.actual)
	var cited []string
	for i, r := range b.rules {
		if !r.apply(x) {
			continue
		}
		b.mu.Lock()
		b.matched[i]++
		b.used[r.entry]++
		b.mu.Unlock()
		if r.entry != "" {
			cited = append(cited, r.entry)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if x.c.Want.Entry != "" {
		b.used[x.c.Want.Entry]++
	}
	if x.c.AnyOrder {
		b.used[anyOrder]++
	}
	b.finish(x.c, x.expected, x.actual)
	return cited
}

func (b *rulebook) applyQuietly(x *exchange) {
	b.prepare(x.c, x.expected, x.actual)
	for _, r := range b.rules {
		r.apply(x)
	}
	b.finish(x.c, x.expected, x.actual)
}

func (b *rulebook) prepare(c *Case, both ...*Observation) {
	for _, o := range both {
		if masked := maskHelp(o.Out); masked != o.Out {
			o.help, o.Out = o.Out, masked
		}
		if c.mode() == "debug" && o.Dumps == nil {
			o.Out, o.Dumps = takeDumps(o.Out)
		}
	}
}

func (b *rulebook) finish(c *Case, both ...*Observation) {
	if !c.AnyOrder {
		return
	}
	for _, o := range both {
		lines := strings.Split(o.Out, "\n")
		slices.Sort(lines)
		o.Out = strings.Join(lines, "\n")
	}
}

// report says which rules were not needed; that is an error.
func (b *rulebook) report(out io.Writer) bool {
	ok := true
	for i, r := range b.rules {
		if b.matched[i] == 0 && r.entry != "" {
			fmt.Fprintf(out, "the rule for %s (%s) matches nothing\n", r.entry, b.entries[r.entry])
			ok = false
		}
	}
	for number := range b.used {
		if number != "" && b.entries[number] == "" {
			fmt.Fprintf(out, "there is no entry %s\n", number)
			ok = false
		}
	}
	b.reportUnused(out, "")
	return ok
}

// reportUnused says which entries that begin so were not needed.
func (b *rulebook) reportUnused(out io.Writer, prefix string) bool {
	ok := true
	for _, number := range b.order {
		if b.used[number] == 0 && strings.HasPrefix(number, prefix) {
			fmt.Fprintf(out, "no case or rule needs %s (%s)\n", number, b.entries[number])
			ok = false
		}
	}
	return ok
}

// apply puts what a case says of impt in the place of what the peer did.
func (w Want) apply(c *Case, expected, actual *Observation) {
	// Addresses and directories are masked in what was observed.
	fill := func(text string) string {
		for _, masked := range []string{"@endpoint", "@work", "@home", "@host"} {
			text = strings.ReplaceAll(text, masked, "\x00"+masked[1:])
		}
		return strings.ReplaceAll(actual.expand(text), "\x00", "@")
	}
	switch {
	case w.Syntax != nil:
		expected.Exit, expected.Err = 1, ""
		help := "<help>"
		if i := strings.Index(actual.Out, "</help>\n"); i >= 0 {
			help = actual.Out[:i] + "</help>"
		}
		expected.Out = help + "\nError: " + *w.Syntax + "\nIMPT COMMAND FAILS\n"
	case w.Error != nil:
		expected.Exit, expected.Err = 1, ""
		expected.Out = failure(c.mode(), fill(*w.Error))
	}
	if w.Out != nil {
		expected.Out, expected.Err = fill(strings.Join(*w.Out, "\n"))+"\n", ""
	}
	if w.Err != nil {
		expected.Err = fill(strings.Join(*w.Err, "\n")) + "\n"
	}
	if w.Exit != nil {
		expected.Exit = *w.Exit
	}
	if w.State == "begin" || w.Syntax != nil {
		expected.State = expected.Before
	}
	if w.Files == "begin" || w.Syntax != nil {
		expected.Files = expected.filesBefore
	}
	if w.Requests == "none" || w.Syntax != nil {
		expected.Requests = nil
	}
}

func failure(mode, text string) string {
	switch mode {
	case "json":
		b, err := json.MarshalIndent(map[string]string{"Error": text}, "", "  ")
		if err != nil {
			return err.Error()
		}
		return string(b) + "\n"
	case "minimal":
		return "Error: " + text + "\n"
	}
	return "Error: " + text + "\nIMPT COMMAND FAILS\n"
}
