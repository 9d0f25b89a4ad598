package impcentral

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// rawAnswer is the cause of an APIKind fault. Its text never holds the body,
// which may have secrets.
type rawAnswer struct {
	status int
	body   []byte
}

func (a *rawAnswer) Error() string { return fmt.Sprintf("HTTP/%d", a.status) }

// apiFault is an answer of a status that means failure.
func apiFault(a answer) *fault.Fault {
	f := &fault.Fault{
		Kind:   fault.APIKind,
		Status: a.status,
		Cause:  &rawAnswer{a.status, a.body},
	}
	if body, err := document.ParseObject(a.body); err == nil {
		f.Problems = problems(body, "errors", strconv.Itoa(a.status))
	}
	if len(f.Problems) == 0 {
		f.Sentence = fmt.Sprintf("impCentral API error HTTP/%d.", a.status)
	}
	return f
}

// Warnings are the problems that the body of a successful answer reports:
// those of its resource, then those of the document. Usually none.
func Warnings(body []byte) []*fault.Problem {
	doc, err := document.ParseObject(body)
	if err != nil {
		return nil
	}
	return append(problems(doc.Object("data"), "meta", ""), problems(doc, "meta", "")...)
}

// problems reads the usable error objects of a list: those that say what is
// wrong. status stands in for a missing one.
func problems(holder document.Object, key, status string) []*fault.Problem {
	value, _ := holder.Get(key)
	list, _ := value.(document.List)
	var found []*fault.Problem
	for _, e := range list {
		entry, ok := e.(document.Object)
		if !ok {
			continue
		}
		title, hasTitle := text(entry, "title")
		detail, hasDetail := text(entry, "detail")
		if !hasTitle || !hasDetail {
			continue
		}
		p := &fault.Problem{Title: title, Detail: detail, Status: status, Code: entry.Text("code")}
		if s, ok := text(entry, "status"); ok {
			p.Status = s
		}
		p.Places = places(entry)
		found = append(found, p)
	}
	return found
}

// text is a member that is a scalar, as it prints; null too has a text.
func text(o document.Object, key string) (string, bool) {
	v, ok := o.Get(key)
	if !ok {
		return "", false
	}
	switch v := v.(type) {
	case string:
		return v, true
	case document.Object, document.List:
		return "", false
	default:
		return string(document.Encode(v)), true
	}
}

func places(entry document.Object) []*fault.Place {
	value, _ := entry.Get("meta")
	list, _ := value.(document.List)
	var found []*fault.Place
	for _, e := range list {
		o, ok := e.(document.Object)
		if !ok {
			continue
		}
		row, hasRow := number(o, "row")
		column, hasColumn := number(o, "column")
		what, hasText := text(o, "text")
		kind, hasType := text(o, "type")
		file, hasFile := text(o, "file")
		if hasRow && hasColumn && hasText && hasType && hasFile {
			found = append(found, &fault.Place{File: file, Type: kind, Row: row, Column: column, Text: what})
		}
	}
	return found
}

func number(o document.Object, key string) (int64, bool) {
	s, ok := text(o, key)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(s, 64)
		return int64(f), err == nil
	}
	return n, true
}

// Body is what impCentral answered, when err is such a failure, else nil. It
// may hold secrets.
func Body(err error) []byte {
	f, ok := fault.Of(err)
	if !ok {
		return nil
	}
	if a, ok := f.Cause.(*rawAnswer); ok { //nolint:errorlint // set by apiFault itself, never wrapped
		return a.body
	}
	return nil
}

// checkShape refuses successful answers that callers could not read.
func checkShape(r Request, a answer) error {
	if r.Method != http.MethodGet && len(a.body) == 0 {
		return nil
	}
	if r.Method != http.MethodGet || r.isLogin() {
		if json.Valid(a.body) {
			return nil
		}
		return unexpected(fmt.Errorf("HTTP/%d with a body that is no JSON", a.status))
	}
	var doc struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(a.body, &doc); err != nil {
		return unexpected(fmt.Errorf("reading the answer: %w", err))
	}
	if doc.Data == nil || string(doc.Data) == "null" {
		return unexpected(fmt.Errorf("HTTP/%d without data", a.status))
	}
	return nil
}

func unexpected(cause error) *fault.Fault {
	return fault.UnexpectedAnswer(cause)
}
