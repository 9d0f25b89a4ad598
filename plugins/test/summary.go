package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/electricimp/impt/plugins/test/session"
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// fileResult is what came of a file with tests.
type fileResult struct {
	file       testFile
	deployment string
	skipped    bool     // it has none of the selected tests
	errors     []string // why it could not be run
	sessions   []*sessionResult
}

// sessionResult is what came of its tests on a device.
type sessionResult struct {
	session.Result
	device entity.Entity
}

func (r *fileResult) failed() bool {
	for _, s := range r.sessions {
		if s.Failed() {
			return true
		}
	}
	return len(r.errors) > 0
}

func (b *bench) failed() bool {
	for _, r := range b.results {
		if r.failed() {
			return true
		}
	}
	return false
}

// wasWhole tells whether the last file was run on all devices, or cannot be.
func (b *bench) wasWhole() bool {
	r := b.results[len(b.results)-1]
	return len(r.errors) > 0 || len(r.sessions) == len(b.devices)
}

func (b *bench) counts() session.Counts {
	var all session.Counts
	for _, r := range b.results {
		for _, s := range r.sessions {
			all.Add(s.Counted)
		}
	}
	return all
}

// conclude says what came of everything. Ended is why it ended early, or nil.
func (b *bench) conclude(ctx context.Context, ended error) error {
	if err := b.c.Progress(ctx, ""); err != nil {
		return err
	}
	if err := b.summary(ctx, ended); err != nil {
		return err
	}
	if err := b.report(ctx); err != nil {
		return err
	}
	results := b.document()
	switch {
	case ended != nil:
		return &fault.Fault{Kind: fault.CanceledKind, Sentence: "Testing was interrupted.", Result: document.Encode(results)}
	case b.failed():
		return &fault.Fault{Sentence: "Testing failed", Result: document.Encode(results)}
	}
	return b.c.ShowPrograms(ctx, results)
}

func (b *bench) summary(ctx context.Context, ended error) error {
	lines := []sdk.Line{{Level: sdk.Bare}}
	info := func(tone sdk.Tone, format string, args ...any) {
		lines = append(lines, sdk.Line{Level: sdk.Info, Tone: tone, Text: fmt.Sprintf(format, args...)})
	}
	blank := func() { lines = append(lines, sdk.Line{Level: sdk.Bare}) }
	info(sdk.Ordinary, "-------------TEST SUMMARY-------------")
	blank()
	n := 0
	for _, r := range b.results {
		for _, f := range r.failures() {
			n++
			info(sdk.Ordinary, "%d) %s", n, f.what)
			info(sdk.Ordinary, "at %s", f.where)
			info(sdk.Ordinary, "Error: %s", f.why)
			blank()
		}
	}
	total := b.counts()
	tone := sdk.Ordinary
	info(tone, "%s", total)
	info(sdk.Ordinary, "--------------------------------------")
	blank()
	if total.Tests == 0 && b.selection.tests() && !b.failed() {
		lines = append(lines, sdk.Line{Level: sdk.Warning, Text: fmt.Sprintf("No test matches \"%s\"", b.selection.given)})
	}
	if len(b.left) > 0 {
		lines = append(lines, sdk.Line{Level: sdk.Warning, Text: "Not run to the end: " + strings.Join(b.leftNames(), ", ")})
	}
	switch {
	case ended != nil || b.failed():
		info(sdk.Bad, "Testing failed")
	default:
		info(sdk.Good, "Testing succeeded")
	}
	for _, l := range lines {
		if err := b.c.Report(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// failure is an entry of the summary.
type failure struct{ what, where, why string }

func (r *fileResult) failures() []failure {
	var all []failure
	if len(r.errors) > 0 {
		all = append(all, failure{"Deployment", r.file.name, strings.Join(r.errors, "\n")})
	}
	for _, s := range r.sessions {
		where := r.file.name
		if len(r.sessions) > 1 {
			where += " on " + named(s.device)
		}
		for _, t := range s.Tests {
			if t.Outcome == session.Failed {
				all = append(all, failure{t.Name, where, t.Message})
			}
		}
		for _, e := range s.Errors {
			all = append(all, failure{"Session", where, e})
		}
	}
	return all
}

func (b *bench) leftNames() []string {
	names := make([]string, len(b.left))
	for i, f := range b.left {
		names[i] = f.name
	}
	return names
}
