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
	// Source is where it was installed from, Key its publisher's, Previous the
	// version that a rollback returns to.
	Source, Key, Previous string
	// Grants are what it may do, May says so in a sentence.
	Grants []string
	May    string
	// Confinement is what keeps it in its place on this system; empty for
	// bundled ones.
	Confinement string
	// Denials are what it was denied of late, a sentence each.
	Denials []string
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
	return pluginsOf(found), err
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
		Source:   p.GetSource(),
		Key:      p.GetKey(),
		Previous: p.GetPrevious(),
		Grants:   p.GetGrants(),
		May:      p.GetMay(),

		Confinement: p.GetConfinement(),
		Denials:     p.GetDenials(),
	}
}

func pluginsOf(found []*pluginv1.InstalledPlugin) []Plugin {
	all := make([]Plugin, len(found))
	for i, p := range found {
		all[i] = pluginOf(p)
	}
	return all
}

// Installation is how plugins are installed.
type Installation struct {
	// Unsigned accepts that there is no signature, AcceptKey another key of
	// the publisher, Downgrade an older version.
	Unsigned, AcceptKey, Downgrade bool
	// Grants are granted without a question; "all" is whatever is wanted.
	Grants []string
	// Lock writes the lock file even if there is none yet.
	Lock bool
}

func (i Installation) wire() *pluginv1.InstallOptions {
	return &pluginv1.InstallOptions{
		Unsigned: i.Unsigned, AcceptKey: i.AcceptKey, Grants: i.Grants, Downgrade: i.Downgrade, Lock: i.Lock,
	}
}

// InstallPlugin installs what a source has. The host asks the user what the
// plugin may do. Needs ChangePlugins, as do all that follow but VerifyPlugins.
func (c *Call) InstallPlugin(ctx context.Context, source, index string, i Installation) (Plugin, error) {
	p, err := c.host.InstallPlugin(ctx, &pluginv1.InstallPluginRequest{Source: source, Index: index, Options: i.wire()})
	return pluginOf(p), err
}

// InstallLocked installs exactly what the lock file has; bundle may name a file
// with the archives.
func (c *Call) InstallLocked(ctx context.Context, bundle string, i Installation) ([]Plugin, error) {
	all, err := c.host.InstallLocked(ctx, &pluginv1.InstallLockedRequest{Bundle: bundle, Options: i.wire()})
	return pluginsOf(all), err
}

// UpdatePlugins installs newer versions of some plugins, or of all, and returns
// those that have one.
func (c *Call) UpdatePlugins(ctx context.Context, names []string, i Installation) ([]Plugin, error) {
	all, err := c.host.UpdatePlugins(ctx, &pluginv1.UpdatePluginsRequest{Plugins: names, Options: i.wire()})
	return pluginsOf(all), err
}

// RollbackPlugin returns to the version before.
func (c *Call) RollbackPlugin(ctx context.Context, name string) (Plugin, error) {
	p, err := c.host.RollbackPlugin(ctx, &pluginv1.RollbackPluginRequest{Plugin: name})
	return pluginOf(p), err
}

// RemovePlugin removes a plugin.
func (c *Call) RemovePlugin(ctx context.Context, name string) (Plugin, error) {
	p, err := c.host.RemovePlugin(ctx, &pluginv1.RemovePluginRequest{Plugin: name})
	return pluginOf(p), err
}

// VerifyPlugins looks at the files of some plugins, or of all. The Problem of
// one tells what is wrong with it.
func (c *Call) VerifyPlugins(ctx context.Context, names []string) ([]Plugin, error) {
	all, err := c.host.VerifyPlugins(ctx, &pluginv1.VerifyPluginsRequest{Plugins: names})
	return pluginsOf(all), err
}

// Archive is an archive of a plugin.
type Archive struct {
	File, SHA256 string
	Plugin       Plugin
}

// PackPlugin makes an archive of a folder; keyFile, which newKey makes first,
// has the publisher's secret key.
func (c *Call) PackPlugin(ctx context.Context, folder, to, keyFile string, newKey bool) (Archive, error) {
	a, err := c.host.PackPlugin(ctx, &pluginv1.PackPluginRequest{Folder: folder, To: to, KeyFile: keyFile, NewKey: newKey})
	return Archive{a.GetFile(), a.GetSha256(), pluginOf(a.GetPlugin())}, err
}

// BundlePlugins writes the lock file and its archives to one file, and returns
// its path and the names of the plugins.
func (c *Call) BundlePlugins(ctx context.Context, to string) (string, []string, error) {
	a, err := c.host.BundlePlugins(ctx, &pluginv1.BundlePluginsRequest{To: to})
	return a.GetFile(), a.GetPlugins(), err
}
