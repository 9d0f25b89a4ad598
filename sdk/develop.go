package sdk

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// CreatePlugin writes the first files of a plugin into a directory that it
// makes. With checkout it is built with the impt in that directory. Needs
// ChangePlugins, as all that is for authors of plugins.
func (c *Call) CreatePlugin(ctx context.Context, name, vendor, checkout string) (directory string, files []string, err error) {
	a, err := c.host.CreatePlugin(ctx, &pluginv1.CreatePluginRequest{Name: name, Vendor: vendor, Sdk: checkout})
	return a.GetDirectory(), a.GetFiles(), err
}

// DevelopPlugin uses the plugin in a directory from its source, or with undo no
// longer, and returns its name.
func (c *Call) DevelopPlugin(ctx context.Context, directory string, undo bool) (string, error) {
	return c.host.DevelopPlugin(ctx, &pluginv1.DevelopPluginRequest{Directory: directory, Undo: undo})
}

// AttachPlugin has the next run of a plugin wait for a debugger.
func (c *Call) AttachPlugin(ctx context.Context, name string) error {
	return c.host.AttachPlugin(ctx, name)
}

// Finding is what came of one check of a plugin.
type Finding struct {
	// Expected is what the plugin should do.
	Expected string
	// Missed is what it did instead, Skipped why nothing was tried; both are
	// empty when it did as expected.
	Missed, Skipped string
}

// CheckPlugin tells what an executable misses of the contract.
func (c *Call) CheckPlugin(ctx context.Context, path string) ([]Finding, error) {
	found, err := c.host.CheckPlugin(ctx, path)
	all := make([]Finding, len(found))
	for i, f := range found {
		all[i] = Finding{f.GetExpected(), f.GetMissed(), f.GetSkipped()}
	}
	return all, err
}
