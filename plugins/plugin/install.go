package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var (
	origin = option.NewArgument("source", "<SOURCE>", "vendor/name with or without @version, of an index; a folder or archive; a URL; or oci://host/repository with or without :version.")
	index  = option.NewText("index", "i", "<index>", "Index to look it up in: a folder, a URL, or git+https://... Default: the one that IMPT_PLUGIN_INDEX names.")
	frozen = option.NewFlag("frozen", "f", "Installs exactly what impt-plugins.lock has.")
	bundle = option.NewText("bundle", "b", "<bundle_file>", "With --frozen: a file that impt plugin bundle has written.")
)

var install = sdk.Command{
	Name:     "install",
	Synopsis: "Installs a plugin.",
	Details:  "You are asked what it may do. The key of its publisher is expected of all that follows. Nothing changes unless everything is in order.",
	Examples: []string{"impt plugin install fleet.tar.gz --unsigned --grant all"},
	Options:  append(sdk.Options{origin, index, frozen, bundle}, how...),
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		switch {
		case frozen.Of(c) && origin.Given(c):
			return fault.Exclusive("source", "frozen")
		case frozen.Of(c):
			return installLocked(ctx, c)
		case !origin.Given(c):
			return fault.OptionRequired("frozen")
		}
		p, err := c.InstallPlugin(ctx, origin.Of(c), index.Of(c), installation(c))
		if err != nil {
			return err
		}
		return done(ctx, c, p, "installed")
	},
}

func installLocked(ctx context.Context, c *sdk.Call) error {
	all, err := c.InstallLocked(ctx, bundle.Of(c), installation(c))
	if err != nil {
		return err
	}
	return eachDone(ctx, c, all, "installed")
}

// done tells what was done to a plugin.
func done(ctx context.Context, c *sdk.Call, p sdk.Plugin, what string) error {
	return eachDone(ctx, c, []sdk.Plugin{p}, what)
}

func eachDone(ctx context.Context, c *sdk.Call, all []sdk.Plugin, what string) error {
	shown := document.List{}
	for _, p := range all {
		if err := c.Say(ctx, "Plugin \"%s\" %s (%s) is %s.", identity(p), p.Version, p.Level, what); err != nil {
			return err
		}
		shown = append(shown, brief(p))
	}
	return c.ShowPrograms(ctx, shown)
}
