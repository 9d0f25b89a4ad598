package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// generalRules are the differences that are not bound to single cases, in the
// order in which they apply.
func generalRules() []rule {
	return []rule{
		{"", withoutPending},
		{"H1", ownWording},
		{"H3", withOurs},
		{"H6", withOurOptions},
		{"H4", ownVersion},
		{"H5", withPreprocessing},
		{"O1", hideSecrets},
		{"O2", dropObjects},
		{"O3", apiErrorsInJSON},
		{"O4", fileErrorsInJSON},
		{"O13", halfway},
		{"O5", candidates},
		{"O10", newBuild},
		{"Q2", noTerminal},
		{"Q1", dialogAside},
		{"L1", privateFiles},
	}
}

// withoutPending takes commands that impt does not have yet out of help.
func withoutPending(x *exchange) bool {
	if !strings.HasPrefix(x.expected.Out, "<help>") {
		return false
	}
	changed := false
	var lines []string
	for line := range strings.SplitSeq(x.expected.Out, "\n") {
		if name, ok := strings.CutPrefix(line, "  impt "); ok && !x.commands[strings.TrimSuffix(name, " (no text)")] {
			changed = true
			continue
		}
		lines = append(lines, line)
	}
	x.expected.Out = strings.Join(lines, "\n")
	return changed
}

// ownWording notes that a help text has other words.
func ownWording(x *exchange) bool { return x.actual.help != "" && x.actual.help != x.expected.help }

// withOurs expects the groups that the peer does not have.
func withOurs(x *exchange) bool {
	out := x.expected.Out
	for _, after := range []struct{ peers, ours string }{{"build", "completion"}, {"loginkey", "plugin"}, {"project", "sim"}} {
		line := "\n  impt " + after.peers + "\n"
		out = strings.Replace(out, line, line+"  impt "+after.ours+"\n", 1)
	}
	changed := out != x.expected.Out
	x.expected.Out = out
	return changed
}

// withOurOptions expects the options of test run that the peer does not have.
func withOurOptions(x *exchange) bool {
	const usage, line = "impt test run [--tests <test_pattern>] [--clear-cache]", "\n  --clear-cache, -e [boolean]"
	if !strings.Contains(x.expected.Out, usage) {
		return false
	}
	x.expected.Out = strings.NewReplacer(
		usage, usage+" [--parallel] [--report <report_file>]",
		line, line+"\n  --parallel, -p [boolean]\n  --report, -r [string]",
	).Replace(x.expected.Out)
	return true
}

func ownVersion(x *exchange) bool {
	if x.expected.Out != "2.6.1\n" || !versionNumber.MatchString(x.actual.Out) {
		return false
	}
	x.expected.Out = x.actual.Out
	return true
}

var versionNumber = regexp.MustCompile(`^[3-9]\d*\.\d+\.\d+\S*\n$`)

func hideSecrets(x *exchange) bool {
	changed := false
	for i, d := range x.expected.Dumps {
		hidden := withoutSecrets(d)
		changed = changed || hidden != d
		x.expected.Dumps[i] = hidden
	}
	return changed
}

// dropObjects drops the peer's error objects, and impt's own words for them.
func dropObjects(x *exchange) bool {
	if x.c.mode() != "debug" {
		return false
	}
	out := withoutObject(x.expected.Out)
	changed := out != x.expected.Out
	x.expected.Out = out
	x.actual.Out = failing.ReplaceAllString(x.actual.Out, "")
	return changed
}

// apiErrorsInJSON expects as JSON what the peer says in text alone.
func apiErrorsInJSON(x *exchange) bool {
	if x.c.mode() != "json" || x.expected.Exit != 1 || x.expected.Out != "" || x.expected.Err != "" {
		return false
	}
	var out strings.Builder
	for line := range strings.SplitSeq(x.inText(), "\n") {
		if text, ok := strings.CutPrefix(line, "Error: "); ok {
			out.WriteString(failure("json", text))
		}
	}
	x.expected.Out = out.String()
	return out.Len() > 0
}

// fileErrorsInJSON expects as JSON what the peer finds before it knows the mode.
func fileErrorsInJSON(x *exchange) bool {
	if x.c.mode() != "json" {
		return false
	}
	text, ok := strings.CutPrefix(x.expected.Out, "Error: ")
	if !ok {
		return false
	}
	text, _, _ = strings.Cut(text, "\n")
	x.expected.Out = failure("json", text)
	return true
}

var undone = regexp.MustCompile(`^(Done: .+\n)?(Not done: .+\n)?Run the same command again to go on\.\n$`)

// halfway expects what was done and what was not: on standard error, and in
// JSON in the error too.
func halfway(x *exchange) bool {
	if x.expected.Exit != 1 {
		return false
	}
	changed := false
	if x.expected.Err == "" && undone.MatchString(x.actual.Err) {
		x.expected.Err = x.actual.Err
		changed = true
	}
	var actual map[string]any
	if json.Unmarshal([]byte(x.actual.Out), &actual) != nil || actual["Done"] == nil {
		return changed
	}
	if text, ok := actual["Error"].(string); ok && failure("json", text) == x.expected.Out {
		x.expected.Out = x.actual.Out
		changed = true
	}
	return changed
}

// candidates expects an ambiguous identifier in JSON with what it may mean:
// what the peer lists in text.
func candidates(x *exchange) bool {
	if x.c.mode() != "json" || !strings.HasPrefix(x.expected.Out, "{\n  \"Error\": \"Multiple ") {
		return false
	}
	var actual struct {
		Error      string
		Candidates []any
	}
	wrong := json.Unmarshal([]byte(x.actual.Out), &actual) != nil || len(actual.Candidates) == 0
	if wrong || x.expected.Out != failure("json", actual.Error) {
		return false
	}
	// Nothing but strings and true is in such a list.
	text := strings.Fields(strings.NewReplacer(",", " ", ":", ": ").Replace(x.inText()))
	for _, value := range leaves(actual.Candidates) {
		for _, word := range strings.Fields(strings.NewReplacer(",", " ", ":", ": ").Replace(value)) {
			i := slices.Index(text, word)
			if i < 0 {
				return false
			}
			text = slices.Delete(text, i, i+1)
		}
	}
	for _, word := range text {
		if strings.Count(word, "-") == 4 {
			return false // an id that is left over
		}
	}
	x.expected.Out = x.actual.Out
	return true
}

// newBuild expects a build that was made along the way in JSON.
func newBuild(x *exchange) bool {
	if x.c.mode() != "json" || !strings.HasPrefix(x.expected.Out, "{}\n") {
		return false
	}
	first, _, _ := strings.Cut(x.actual.Out, "\n}\n")
	var actual struct {
		Deployment struct{ ID, SHA string }
	}
	if json.Unmarshal([]byte(first+"\n}"), &actual) != nil || actual.Deployment.ID == "" {
		return false
	}
	// It is the one that was not there before.
	if !strings.Contains(x.expected.State, actual.Deployment.ID) || strings.Contains(x.expected.Before, actual.Deployment.ID) {
		return false
	}
	x.expected.Out = first + "\n}\n" + strings.TrimPrefix(x.expected.Out, "{}\n")
	return true
}

func leaves(v any) []string {
	var all []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			all = append(all, leaves(e)...)
		}
	case map[string]any:
		for _, e := range v {
			all = append(all, leaves(e)...)
		}
	case string:
		all = append(all, v)
	}
	return all
}

const noTTY = "ENXIO: no such device or address, open '/dev/tty'"

var terminalNeeded = regexp.MustCompile(`A terminal is needed to (confirm this|choose|enter the [^.]+)\.( Use the --[a-z-]+ option instead\.| Set the variable IMPT_[A-Z]+ instead\.)?`)

// noTerminal expects a sentence in the place of the system's words, and no
// question that nobody can answer.
func noTerminal(x *exchange) bool {
	if !strings.Contains(x.expected.Out, noTTY) {
		return false
	}
	sentence := terminalNeeded.FindString(x.actual.Out)
	if sentence == "" {
		return false
	}
	x.expected.Out = strings.Replace(x.expected.Out, noTTY, sentence, 1)
	x.expected.Out = strings.Replace(x.expected.Out, "Are you sure you want to continue?\n", "", 1)
	return true
}

var typed = regexp.MustCompile(`(?m)^(Enter .*: ).*$`)

// dialogAside expects questions, and what they are about, on standard error
// where standard output is for programs.
func dialogAside(x *exchange) bool {
	mode := x.c.mode()
	if mode != "json" && mode != "minimal" || x.actual.Err == "" || x.expected.Err != "" {
		return false
	}
	// What is typed appears on the terminal, and in the peer's output.
	expected, aside := x.expected.Out, typed.ReplaceAllString(x.actual.Err, "$1")
	if x.c.Terminal.on {
		expected = typed.ReplaceAllString(expected, "$1")
		aside = screen(strings.ReplaceAll(aside, "\n", "\r\n"))
		expected = screen(strings.ReplaceAll(expected, "\n", "\r\n"))
	}
	rest, ok := strings.CutPrefix(expected, aside)
	if !ok {
		return false
	}
	x.expected.Out, x.expected.Err = rest, x.actual.Err
	return true
}

// privateFiles expects that only the user may read a new auth file.
func privateFiles(x *exchange) bool {
	changed := false
	for name, content := range x.expected.Files {
		if text, ok := strings.CutPrefix(content, "-rw-r--r--\n"); ok && strings.HasSuffix(name, "/.impt.auth") {
			x.expected.Files[name] = "-rw-------\n" + text
			changed = true
		}
	}
	return changed
}
