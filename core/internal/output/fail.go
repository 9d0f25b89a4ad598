package output

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// Fail says why the command failed. Every failure says something, but a
// canceled command in minimal output.
func (p *Printer) Fail(err error) {
	f := understand(err)
	if f.Kind == fault.CanceledKind {
		p.canceled(f)
		return
	}
	if p.mode == JSON {
		p.emit(p.out, p.failJSON(f))
		return
	}
	p.halfway(f)
	p.broken(f)
	t := p.tree(p.out)
	if p.mode == Debug {
		t.document(details(f, err))
	}
	if f.Sentence == "" {
		t.problems(f, p.informs())
	} else {
		t.line("Error: " + f.Sentence)
	}
	t.document(candidates(f))
	if p.informs() {
		for _, h := range f.Hints {
			t.line(h)
		}
		t.line(fails)
	}
	p.emit(p.out, t.buf)
}

// halfway tells on standard error, where no script is surprised by it, what a
// command left undone; and what it had done, where that was not said before.
func (p *Printer) halfway(f *fault.Fault) {
	if len(f.Done) == 0 {
		return
	}
	t := p.tree(p.err)
	if !p.informs() || f.Broken != nil { // a broken plugin may not have told
		t.line("Done: " + strings.Join(f.Done, " "))
	}
	if len(f.Undone) > 0 {
		t.line("Not done: " + strings.Join(f.Undone, "; ") + ".")
	}
	if len(f.Undone) > 0 && len(f.Hints) == 0 {
		t.line("Run the same command again to go on.")
	}
	p.emit(p.err, t.buf)
}

// untouched says that a broken plugin has done no harm.
const untouched = "Nothing was changed on the server."

// broken tells on standard error what is known of a plugin that has failed by
// itself.
func (p *Printer) broken(f *fault.Fault) {
	if f.Broken == nil {
		return
	}
	t := p.tree(p.err)
	if len(f.Done) == 0 && f.Broken.Writes {
		t.line(untouched)
	}
	if len(f.Broken.Words) > 0 {
		t.line("The last lines of the plugin:")
	}
	for _, line := range f.Broken.Words {
		t.line("  " + line)
	}
	p.emit(p.err, t.buf)
}

// canceled says little, unless something was done before the question.
func (p *Printer) canceled(f *fault.Fault) {
	switch more := addHalfway(known(f), f); {
	case p.mode == JSON && len(more) > 0:
		p.emit(p.out, p.json(append(document.Object{{Key: "Error", Value: f.Error()}}, more...)))
	case p.mode == JSON:
		p.nothing()
	case !p.informs():
		p.halfway(f)
	}
	text := or(f.Sentence, fault.Canceled().Sentence)
	p.Info(strings.Join(append([]string{text}, f.Hints...), "\n") + "\n" + fails)
}

// Warn shows the warnings of an answer of impCentral that is no failure.
func (p *Printer) Warn(problems []*fault.Problem) {
	if !p.informs() {
		return
	}
	t := p.tree(p.out)
	for _, w := range problems {
		t.problem("", w)
	}
	p.emit(p.out, t.buf)
}

// problems appends what impCentral answered: its errors, and for readers its
// warnings too.
func (t *tree) problems(f *fault.Fault, warnings bool) {
	all := wrong(f)
	for _, p := range f.Problems {
		switch {
		case all || isError(p):
			t.problem("Error: ", p)
		case warnings:
			t.problem("", p)
		}
	}
	if len(f.Problems) == 0 {
		t.line("Error: " + f.Error())
	}
}

func (t *tree) problem(before string, p *fault.Problem) {
	t.line(before + p.GetTitle() + ": " + p.GetDetail())
	for _, place := range p.GetPlaces() {
		t.line(where(place))
	}
}

// where is a line about a place in source code.
func where(p *fault.Place) string {
	return fmt.Sprintf("%s %s (line %d, column %d): %s",
		p.GetFile(), p.GetType(), p.GetRow(), p.GetColumn(), p.GetText())
}

// wrong tells whether all problems count as errors: none is one by itself,
// but the request failed.
func wrong(f *fault.Fault) bool {
	for _, p := range f.Problems {
		if isError(p) {
			return false
		}
	}
	return true
}

// isError tells errors from warnings, whose status is a success, or no number.
func isError(p *fault.Problem) bool {
	s := strings.TrimSpace(p.GetStatus())
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	if end >= 0 {
		s = s[:end]
	}
	n, err := strconv.Atoi(s)
	return err == nil && (n < 200 || n >= 300)
}

// failJSON is one object per message, for compile errors one per place.
func (p *Printer) failJSON(f *fault.Fault) []byte {
	if f.Sentence != "" || len(f.Problems) == 0 {
		o := document.Object{{Key: "Error", Value: f.Error()}}
		if c := candidates(f); len(c) > 0 {
			o.Set("Candidates", c)
		}
		return p.json(append(addHalfway(o, f), known(f)...))
	}
	var told []document.Object
	all := wrong(f)
	for _, problem := range f.Problems {
		if !all && !isError(problem) {
			continue
		}
		message := problem.GetTitle() + ": " + problem.GetDetail()
		if len(problem.GetPlaces()) == 0 {
			told = append(told, document.Object{{Key: "Error", Value: message}})
		}
		for _, place := range problem.GetPlaces() {
			told = append(told, document.Object{{Key: "Error", Value: message + " " + where(place)}})
		}
	}
	var text []byte
	for i, o := range told {
		if i == len(told)-1 {
			o = addHalfway(o, f)
		}
		text = append(text, p.json(o)...)
	}
	return text
}

// addHalfway adds what a command had done and what it had not to its failure.
func addHalfway(o document.Object, f *fault.Fault) document.Object {
	if len(f.Done) > 0 {
		o.Set("Done", f.Done)
	}
	if len(f.Done) > 0 && len(f.Undone) > 0 {
		o.Set("Not done", f.Undone)
	}
	if f.Broken != nil && len(f.Done) == 0 && f.Broken.Writes {
		o.Set("Done", []string{})
	}
	if f.Broken != nil && len(f.Broken.Words) > 0 {
		o.Set("Last lines", f.Broken.Words)
	}
	return o
}

// known is what is known of the result. What cannot be read is left out, because
// the failure itself has to be told.
func known(f *fault.Fault) document.Object {
	v, err := read(f.Result)
	if err != nil {
		return nil
	}
	o, _ := v.(document.Object)
	return o
}

// candidates are what an ambiguous identifier may mean. What cannot be read is
// left out, because the failure itself has to be told.
func candidates(f *fault.Fault) document.List {
	if len(f.Candidates) == 0 {
		return nil
	}
	l, err := readList(f.Candidates)
	if err != nil {
		return nil
	}
	return l
}

// details is what debug output tells beyond the sentence.
func details(f *fault.Fault, err error) document.Object {
	var o document.Object
	add := func(key, text string) {
		if text != "" {
			o.Set(key, text)
		}
	}
	if f.Kind != fault.Other {
		add("kind", strings.TrimPrefix(f.Kind.String(), "FAULT_KIND_"))
	}
	add("entity", f.Entity)
	add("identifier", f.Identifier)
	if f.Status != 0 {
		o.Set("status", f.Status)
	}
	if around := plainText(err); around != f.Error() && around != plainText(f.Cause) {
		add("context", around)
	}
	if f.Cause != nil {
		// With its stack, which is for who reads debug output.
		add("cause", rpc.ReplaceAllString(f.Cause.Error(), ""))
	}
	var codesOf document.List
	for _, p := range f.Problems {
		if p.GetCode() != "" {
			codesOf = append(codesOf, p.GetCode())
		}
	}
	if len(codesOf) > 0 {
		o.Set("codes", codesOf)
	}
	if len(o) == 0 {
		return nil
	}
	return document.Object{{Key: "Failure", Value: o}}
}

// understand makes a fault of every error.
func understand(err error) *fault.Fault {
	if f, ok := fault.Of(err); ok {
		return f
	}
	code := status.Code(err)
	switch {
	case err == nil:
		return &fault.Fault{Sentence: "Internal error: Unexpected state."}
	case errors.Is(err, context.Canceled), code == codes.Canceled:
		return fault.Canceled()
	case errors.Is(err, context.DeadlineExceeded), code == codes.DeadlineExceeded:
		return &fault.Fault{Sentence: "The operation took too long.", Cause: err}
	case code == codes.Unavailable:
		return &fault.Fault{Sentence: "The plugin ended before the command was done.", Cause: err}
	}
	return &fault.Fault{Sentence: sentence(plainText(err)), Cause: err}
}

var (
	// rpc is what gRPC puts before the text of an error.
	rpc = regexp.MustCompile(`rpc error: code = \w+ desc = `)
	// stack is what follows the text of a panic.
	stack = regexp.MustCompile(`(?s)\n*goroutine \d+ \[.*`)
)

// plainText is the text of an error without what only its maker understands.
func plainText(err error) string {
	if err == nil {
		return ""
	}
	return stack.ReplaceAllString(rpc.ReplaceAllString(err.Error(), ""), "")
}

// sentence makes one sentence of the text of an error: its first line, from a
// capital to a full stop.
func sentence(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	text = strings.TrimSpace(text)
	if text == "" {
		return "Internal error: Unexpected state."
	}
	word, _, _ := strings.Cut(text, " ")
	if isWord(word) {
		r, n := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(r)) + text[n:]
	}
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// isWord tells words from names and paths, whose letters must not change.
func isWord(s string) bool {
	for _, r := range strings.TrimSuffix(s, ":") {
		if !unicode.IsLower(r) {
			return false
		}
	}
	return s != ""
}
