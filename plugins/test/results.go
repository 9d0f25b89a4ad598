package main

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/electricimp/impt/plugins/test/session"
	"github.com/electricimp/impt/sdk/document"
)

var outcomes = map[session.Outcome]string{
	session.Passed: "passed", session.Failed: "failed", session.Unfinished: "unfinished",
}

// document is what came of everything, for programs.
func (b *bench) document() document.Object {
	total := b.counts()
	files := document.List{}
	for _, r := range b.results {
		files = append(files, r.document())
	}
	results := document.Object{
		{Key: "Result", Value: passed(!b.failed() && len(b.left) == 0)},
		{Key: "Tests", Value: total.Tests}, {Key: "Assertions", Value: total.Assertions}, {Key: "Failures", Value: total.Failures},
		{Key: "Files", Value: files},
	}
	if len(b.left) > 0 {
		results.Set("Not run to the end", b.leftNames())
	}
	return document.Object{{Key: "Test Results", Value: results}}
}

func (r *fileResult) document() document.Object {
	o := document.Object{{Key: "File", Value: r.file.name}, {Key: "Side", Value: r.file.side()}}
	switch {
	case r.skipped:
		o.Set("Result", "skipped")
	default:
		o.Set("Result", passed(!r.failed()))
	}
	if r.deployment != "" {
		o.Set("Deployment", document.Object{{Key: "id", Value: r.deployment}})
	}
	if len(r.errors) > 0 {
		o.Set("Errors", r.errors)
	}
	sessions := document.List{}
	for _, s := range r.sessions {
		sessions = append(sessions, s.document())
	}
	if len(sessions) > 0 {
		o.Set("Sessions", sessions)
	}
	return o
}

func (s *sessionResult) document() document.Object {
	tests := document.List{}
	for _, t := range s.Tests {
		o := document.Object{
			{Key: "Name", Value: t.Name}, {Key: "Result", Value: outcomes[t.Outcome]}, {Key: "Seconds", Value: seconds(t.Took)},
		}
		if t.Message != "" {
			o.Set("Message", t.Message)
		}
		if len(t.Infos) > 0 {
			o.Set("Infos", t.Infos)
		}
		tests = append(tests, o)
	}
	o := document.Object{
		{Key: "Device", Value: document.Object{{Key: "id", Value: s.device.ID}, {Key: "name", Value: s.device.Text("name")}}},
		{Key: "Result", Value: passed(!s.Failed())},
		{Key: "Tests", Value: s.Counted.Tests}, {Key: "Assertions", Value: s.Counted.Assertions}, {Key: "Failures", Value: s.Counted.Failures},
		{Key: "Seconds", Value: seconds(s.Took)},
		{Key: "Methods", Value: tests},
	}
	if len(s.Errors) > 0 {
		o.Set("Errors", s.Errors)
	}
	return o
}

func passed(yes bool) string {
	if yes {
		return "passed"
	}
	return "failed"
}

// seconds are a time to the millisecond.
func seconds(d time.Duration) json.Number {
	return json.Number(strconv.FormatFloat(d.Round(time.Millisecond).Seconds(), 'f', 3, 64))
}
