package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var (
	source = option.NewArgument("directory", "<directory>", "Directory of the plugin's source.").Required()
	undo   = option.NewFlag("undo", "u", "The plugin is used from its source no longer.")
)

var dev = sdk.Command{
	Name:     "dev",
	Synopsis: "Uses a plugin from its source.",
	Details: "It is built now, and whenever its source has changed; each run says where it comes from. " +
		"In a directory without Go code an executable impt-plugin-<name> is used.",
	Examples: []string{"impt plugin dev fleet"},
	Options:  sdk.Options{source, undo},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		name, err := c.DevelopPlugin(ctx, source.Of(c), undo.Of(c))
		switch {
		case err != nil:
			return err
		case undo.Of(c):
			return c.Say(ctx, "Plugin \"%s\" is used from its source no longer.", name)
		default:
			return c.Say(ctx, "Plugin \"%s\" is used from its source now.", name)
		}
	},
}
