package app

import (
	"context"
	"io"
	"time"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/completion"
	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// patience is how long a shell waits for the values of an option.
const patience = 300 * time.Millisecond

// complete answers a shell. It starts no plugin, asks nothing of the user, logs
// nobody in, and is silent about whatever is wrong: nobody would read it.
func (a app) complete(ctx context.Context, args []string) int {
	q, ok := completion.Read(args)
	if !ok {
		return 1
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	loading := a.loading()
	loading.OnlyKnown = true
	index, err := plugin.Load(ctx, loading)
	if err != nil {
		return 1
	}
	manifests, _ := read(ctx, index, q.Args)
	c := cli.Complete(q.Args, q.Current, manifests)
	if t := entity.Type(c.Option.GetEntity()); c.Option.GetRole() == pluginv1.ValueRole_VALUE_ROLE_ENTITY {
		for _, name := range a.names(ctx, t, q.Current[len(c.Before):]) {
			c.Candidates = append(c.Candidates, cli.Candidate{Word: name.Text, Help: name.About})
		}
	}
	if err := q.Answer(a.world.Stdout, c); err != nil {
		return 1
	}
	return 0
}

// names are entities of the account that is logged in.
func (a app) names(ctx context.Context, t entity.Type, begin string) []resolve.Name {
	nowhere := output.Stream{Writer: io.Discard}
	printer := output.New(output.Options{Mode: output.Minimal, Stdout: nowhere, Stderr: nowhere})
	defer printer.Close()
	login, err := auth.Find(a.environment(printer))
	if err != nil {
		return nil
	}
	client := a.connect(printer)(login.Endpoint(), login.Held())
	defer client.Close()
	return resolve.Beginning(ctx, resolve.New(resolve.Config{API: client}), t, begin)
}

// script prints what makes a shell complete.
func (a app) script(shell string) int {
	text, _ := completion.Script(shell)
	if _, err := io.WriteString(a.world.Stdout, text); err != nil {
		return 1
	}
	return 0
}
