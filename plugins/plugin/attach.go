package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var attached = option.NewArgument("plugin", "<plugin>", "Name of the plugin, or <vendor>/<name>.").Required()

var attach = sdk.Command{
	Name:     "attach",
	Synopsis: "Has the next run of a plugin wait for a debugger.",
	Details:  "The plugin's process is started, and its command called when you have attached a debugger to it and pressed Enter.",
	Examples: []string{"impt plugin attach device"},
	Options:  sdk.Options{attached},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		if err := c.AttachPlugin(ctx, attached.Of(c)); err != nil {
			return err
		}
		return c.Say(ctx, "The next run of plugin \"%s\" waits for a debugger.", attached.Of(c))
	},
}
