// Package app is the program: it finds the plugins, has the command line read,
// runs one command and turns its end into an exit code.
package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/completion"
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
	a := app{world: w, vars: readVariables(w), running: &running{}}
	return a.heed(w.Context, a.main)
}

type app struct {
	world   World
	vars    variables
	running *running
}

func (a app) main(ctx context.Context) int {
	if len(a.world.Args) > 0 && a.world.Args[0] == completion.Word {
		return a.complete(ctx, a.world.Args[1:])
	}
	a.workshop(nil).Refresh(ctx, a.remark)
	index, err := plugin.Load(ctx, a.loading())
	if err != nil {
		return a.fail(err)
	}
	manifests, broken := read(ctx, index, a.world.Args)
	outcome := cli.Parse(a.world.Args, manifests)
	if err := broken[outcome.Manifest]; err != nil {
		return a.fail(err)
	}
	return cli.Dispatch(ctx, cli.Input{
		Version:   Version,
		Manifests: manifests,
		Width:     a.world.Stdout.Columns,
		Out:       a.world.Stdout,
		Err:       a.world.Stderr,
		Suggest:   a.world.Stdout.Terminal && a.world.Stderr.Terminal,
		Run: func(ctx context.Context, i *cli.Invocation) int {
			if i.Manifest.GetName() == completion.GroupName {
				return a.script(i.Command.GetName())
			}
			p := index.Plugins[slices.Index(manifests, i.Manifest)]
			configFile := i.Manifest.GetConfigFile()
			if !index.Owns(p) {
				configFile = nil // that of the plugin whose name it is
			}
			return a.run(ctx, index, p, configFile, i)
		},
	}, outcome)
}

// read returns the manifests of all plugins, whole for those that the
// arguments may mean. A broken plugin keeps its name, so that whoever types it
// is told what is wrong, and hides nothing else.
func read(ctx context.Context, index *plugin.Index, args []string) ([]*pluginv1.Manifest, map[*pluginv1.Manifest]error) {
	manifests := make([]*pluginv1.Manifest, len(index.Plugins), len(index.Plugins)+1)
	broken := map[*pluginv1.Manifest]error{}
	for i, p := range index.Plugins {
		manifests[i] = outline(p)
		if !meant(p, args) {
			continue
		}
		index.Look(ctx, p)
		if m, err := p.Manifest(); err == nil {
			manifests[i] = m
		} else {
			broken[manifests[i]] = err
		}
	}
	manifests = append(manifests, completion.Group())
	return manifests, broken
}

// meant tells whether the arguments may lead to a command of the plugin.
func meant(p *plugin.Plugin, args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		return arg == p.Name || arg == p.Qualified() && arg != "" || slices.Contains(p.Groups, arg)
	})
}

// outline is as much of a manifest as a list of groups needs.
func outline(p *plugin.Plugin) *pluginv1.Manifest {
	m := &pluginv1.Manifest{Name: p.Name, Synopsis: p.Synopsis}
	for _, g := range p.Groups {
		if g == p.Name {
			g = ""
		}
		m.Commands = append(m.Commands, &pluginv1.Command{Group: g})
	}
	return m
}

// remark says something on the way to a command, and nothing that scripts read.
func (a app) remark(text string) {
	_, _ = fmt.Fprintln(a.world.Stderr, output.Escape(text))
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

// fail says why there is nothing to run.
func (a app) fail(err error) int {
	p := a.printer(modeOf(a.world.Args))
	defer p.Close()
	return finish(p, err, false)
}

// modeOf is the mode that a command would have read out of the arguments, had
// there been one.
func modeOf(args []string) output.Mode {
	for i, a := range args {
		name, value, joined := strings.Cut(a, "=")
		if name != "--output" && name != "-z" {
			continue
		}
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		if mode, ok := output.ParseMode(value); ok {
			return mode
		}
	}
	return output.Text
}
