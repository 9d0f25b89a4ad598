// Package app is the program: it finds the plugins, has the command line read,
// runs one command and turns its end into an exit code.
package app

import (
	"context"
	"errors"
	"slices"

	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/core/internal/plugin"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Version is the program's.
const Version = "3.0.0"

// Main runs one command line and returns the exit code: 0 for success, 1 for
// failure, 128 and the number of the signal that ended it.
func Main(w World) int {
	// Without it a plugin could read the host's memory and environment; where
	// the system has no such fence, docs/security.md says so.
	_ = plugin.Harden()
	ctx, cancel := context.WithCancelCause(w.Context)
	defer cancel(nil)

	a := app{world: w, vars: readVariables(w)}
	index, err := plugin.Load(ctx, a.loading())
	if err != nil {
		p := a.printer(output.Text)
		defer p.Close()
		p.Fail(err)
		return 1
	}
	return a.dispatch(ctx, cancel, index)
}

type app struct {
	world World
	vars  variables
}

func (a app) printer(mode output.Mode) *output.Printer {
	return output.New(output.Options{
		Mode:    mode,
		Stdin:   a.world.Stdin,
		Stdout:  a.world.Stdout,
		Stderr:  a.world.Stderr,
		Term:    a.vars.term,
		NoColor: a.vars.noColor,
		OpenTTY: a.world.OpenTTY,
	})
}

func (a app) dispatch(ctx context.Context, cancel context.CancelCauseFunc, index *plugin.Index) int {
	manifests, broken := read(index, a.world.Args)
	outcome := cli.Parse(a.world.Args, manifests)
	if fault := broken[outcome.Manifest.GetName()]; outcome.Manifest != nil && fault != nil {
		p := a.printer(output.Text)
		defer p.Close()
		p.Fail(fault)
		return 1
	}
	return cli.Dispatch(ctx, cli.Input{
		Version: Version,
		Width:   a.world.Stdout.Columns,
		Out:     a.world.Stdout,
		Err:     a.world.Stderr,
		Suggest: a.world.Stdout.Terminal && a.world.Stderr.Terminal,
		Run: func(ctx context.Context, i *cli.Invocation) int {
			found, _ := index.Find(ctx, i.Manifest.GetName())
			return a.run(ctx, cancel, found, i)
		},
		Manifests: manifests,
	}, outcome)
}

// read returns the manifests of all plugins, whole for those that the
// arguments may mean. A broken plugin keeps its name, so that whoever types it
// is told what is wrong, and hides nothing else.
func read(index *plugin.Index, args []string) ([]*pluginv1.Manifest, map[string]error) {
	manifests := make([]*pluginv1.Manifest, len(index.Plugins))
	broken := map[string]error{}
	for i, p := range index.Plugins {
		manifests[i] = &pluginv1.Manifest{Name: p.Name, Synopsis: p.Synopsis}
		if !slices.Contains(args, p.Name) {
			continue
		}
		if m, err := p.Manifest(); err == nil {
			manifests[i] = m
		} else {
			broken[p.Name] = err
		}
	}
	return manifests, broken
}

// errInterrupted is the cause of a run that a signal has ended.
type errInterrupted struct{ code int }

func (errInterrupted) Error() string { return "interrupted" }

// code is the exit code that an error stands for.
func code(err error) int {
	if i, ok := errors.AsType[errInterrupted](err); ok {
		return i.code
	}
	if err != nil {
		return 1
	}
	return 0
}
