package sdk

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Plugin is a plugin that impt has found.
type Plugin struct {
	// Name of its group.
	Name string
	// Vendor publishes it; empty for bundled ones.
	Vendor  string
	Version string
	// Level is why it may be started, in words.
	Level    string
	Synopsis string
	// Path of the file that is started, SHA256 its digest in hexadecimal
	// digits.
	Path, SHA256 string
	// Problem is why it cannot be used; empty if it can be.
	Problem string
}

var levels = map[pluginv1.TrustLevel]string{
	pluginv1.TrustLevel_TRUST_LEVEL_BUNDLED:     "bundled",
	pluginv1.TrustLevel_TRUST_LEVEL_SIGNED:      "signed",
	pluginv1.TrustLevel_TRUST_LEVEL_UNSIGNED:    "unsigned",
	pluginv1.TrustLevel_TRUST_LEVEL_DEVELOPMENT: "development",
	pluginv1.TrustLevel_TRUST_LEVEL_PLACED:      "placed by hand",
}

// Plugins are all plugins by the names of their groups. Needs ReadPlugins.
func (c *Call) Plugins(ctx context.Context) ([]Plugin, error) {
	found, err := c.host.ListPlugins(ctx)
	all := make([]Plugin, len(found))
	for i, p := range found {
		all[i] = pluginOf(p)
	}
	return all, err
}

func pluginOf(p *pluginv1.InstalledPlugin) Plugin {
	return Plugin{
		Name:     p.GetName(),
		Vendor:   p.GetVendor(),
		Version:  p.GetVersion(),
		Level:    levels[p.GetLevel()],
		Synopsis: p.GetSynopsis(),
		Path:     p.GetPath(),
		SHA256:   p.GetSha256(),
		Problem:  p.GetProblem(),
	}
}
