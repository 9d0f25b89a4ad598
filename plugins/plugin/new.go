package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var (
	newName  = option.NewArgument("name", "<name>", "Name of the group.").Required()
	vendor   = option.NewText("vendor", "v", "<vendor>", "Who publishes the plugin.").Default("example")
	checkout = option.NewText("sdk", "s", "<directory>",
		"A checkout of impt to build with. Default: the one in which impt was built.")
)

var create = sdk.Command{
	Name:     "new",
	Synopsis: "Begins a plugin of your own.",
	Details:  "Writes a plugin with two commands and their tests, in Go, into the directory impt-plugin-<name>.",
	Examples: []string{"impt plugin new stamp --vendor acme --sdk ../impt"},
	Options:  sdk.Options{newName, vendor, checkout},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		directory, files, err := c.CreatePlugin(ctx, newName.Of(c), vendor.Of(c), checkout.Of(c))
		if err != nil {
			return err
		}
		if err := c.ShowPrograms(ctx, document.Object{{Key: "Plugin", Value: document.Object{
			{Key: "directory", Value: directory}, {Key: "files", Value: files},
		}}}); err != nil {
			return err
		}
		return c.Say(ctx, "A plugin is begun in the directory \"%s\". Its README.md says how to go on; first: make.", directory)
	},
}
