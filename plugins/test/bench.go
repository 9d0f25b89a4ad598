package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// bench is one run of the tests.
type bench struct {
	c         *sdk.Call
	settings  settings
	selection selection
	group     entity.Entity
	devices   []entity.Entity
	sources   builder.Settings
	results   []*fileResult
	left      []testFile // that were not run, or not to their end

	progress    string // how many files of how many
	introducing sync.Mutex
}

func newBench(ctx context.Context, c *sdk.Call, o document.Object, g entity.Entity) (*bench, error) {
	b := &bench{c: c, group: g, settings: readSettings(o), selection: parseSelection(tests.Of(c))}
	if p := b.settings.githubConfig; p != "" {
		there, err := exists(ctx, c, p)
		if err != nil {
			return nil, err
		}
		if !there {
			if err := c.Say(ctx, "%s", missing(githubNoun, p)); err != nil {
				return nil, err
			}
			b.settings.githubConfig = ""
		}
	}
	variables, err := b.variables(ctx)
	if err != nil {
		return nil, err
	}
	sources, err := c.OpenSources(ctx, sdk.SourceSettings{
		Cache: b.settings.builderCache, GithubCredentials: b.settings.githubConfig,
	})
	if err != nil {
		return nil, err
	}
	b.sources = builder.Settings{
		Reader: sources, Variables: variables, Environment: sources.Environment(ctx),
		Warn: func(w builder.Warning) { _ = c.Report(ctx, sdk.Line{Level: sdk.Warning, Text: w.Message}) },
	}
	return b, nil
}

// variables are those of the file for Builder. One that cannot be understood
// has none.
func (b *bench) variables(ctx context.Context) (map[string]any, error) {
	p := b.settings.builderConfig
	if p == "" {
		return nil, nil
	}
	content, absent, err := b.c.ReadFile(ctx, p)
	if err != nil || absent {
		if absent {
			err = b.c.Say(ctx, "%s", missing(builderNoun, p))
		}
		return nil, err
	}
	var variables map[string]any
	if err := json.Unmarshal(content, &variables); err != nil {
		return nil, b.c.Say(ctx, "%s File %s is no JSON object and has no effect.", builderNoun, p)
	}
	return variables, nil
}

// run finds the tests and runs them.
func (b *bench) run(ctx context.Context) error {
	if err := tell(ctx, b.c, "Started at %s", time.Now().Format("02 Jan 2006 15:04:05 GMT-0700")); err != nil {
		return err
	}
	files, err := findTests(ctx, b.c, b.settings.testFiles, b.selection)
	if err != nil {
		return err
	}
	if err := tell(ctx, b.c, "%s", listed(files)); err != nil {
		return err
	}
	if err := b.sourcesUsed(ctx); err != nil {
		return err
	}
	b.devices, err = b.c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "devicegroup.id", Value: b.group.ID})
	switch {
	case err != nil:
		return err
	case len(b.devices) == 0:
		return &fault.Fault{
			Kind:     fault.ConflictKind,
			Sentence: fmt.Sprintf("%s does not have assigned Devices.", b.group),
		}
	}
	work, interrupted := b.untilInterrupted(ctx)
	defer interrupted()
	for i, f := range files {
		b.left = files[i:]
		b.progress = fmt.Sprintf(" (file %d of %d)", i+1, len(files))
		if err := b.file(ctx, work, f); err != nil {
			if errors.Is(context.Cause(work), errInterrupted) {
				return errInterrupted
			}
			return err
		}
		if b.settings.stopOnFail && b.failed() {
			if b.wasWhole() {
				b.left = files[i+1:]
			}
			return detail(ctx, b.c, "Command was forced to stop")
		}
	}
	b.left = nil
	return nil
}

// sourcesUsed says which code is tested.
func (b *bench) sourcesUsed(ctx context.Context) error {
	for _, s := range []struct{ side, title, path string }{
		{"agent", "Agent", b.settings.agentFile}, {"device", "Device", b.settings.deviceFile},
	} {
		if s.path == "" {
			if err := tell(ctx, b.c, "Have no %s source file, using blank", s.side); err != nil {
				return err
			}
			continue
		}
		if err := tell(ctx, b.c, "Using %s source file: %s", s.side, s.path); err != nil {
			return err
		}
		there, err := b.c.StatFile(ctx, s.path)
		if err != nil {
			return err
		}
		if !there.Exists {
			return sentence(fmt.Sprintf("%s source file \"%s\" not found", s.title, s.path))
		}
	}
	return nil
}

// errInterrupted is that the user has pressed Ctrl-C.
var errInterrupted = errors.New("the user has interrupted the tests")

// untilInterrupted returns the context of what ends with Ctrl-C.
func (b *bench) untilInterrupted(ctx context.Context) (work context.Context, done func()) {
	work, cancel := context.WithCancelCause(ctx)
	go func() {
		if b.c.AwaitInterrupt(work) == nil {
			cancel(errInterrupted)
		}
	}()
	return work, func() { cancel(nil) }
}
