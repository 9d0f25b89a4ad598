package sdk

import (
	"context"
	"os"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/internal/serve"
	"github.com/electricimp/impt/sdk/internal/wire"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Serve is all that main of a plugin does. It serves the group to the host
// that started the process, and exits when the host lets go of it.
func Serve(g Group) {
	code := serve.Serve(serve.Group{
		Name:    g.Name,
		Version: g.Version,
		Describe: func(context.Context, *pluginv1.DescribeRequest) (*pluginv1.Manifest, error) {
			return g.manifest(), nil
		},
		Run: g.run,
	})
	os.Exit(code) //nolint:forbidigo // so that an author's main is one statement
}

func (g Group) run(ctx context.Context, client pluginv1.HostClient, r *pluginv1.RunRequest) error {
	for _, command := range g.Commands {
		if command.Name == r.GetCommand() && command.Group == r.GetGroup() {
			c := newCall(client, r)
			return c.halfway(command.Run(ctx, c))
		}
	}
	return fault.NoCommand(g.Name, r.GetCommand())
}

func newCall(client pluginv1.HostClient, r *pluginv1.RunRequest) *Call {
	host := wire.Host{Client: client}
	c := &Call{Cloud: entity.NewClient(host), host: host, values: map[string]*pluginv1.OptionValue{}}
	for _, v := range r.GetOptions() {
		c.values[v.GetName()] = v
	}
	return c
}
