package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var some = option.NewArgument("plugin", "<PLUGIN>", "vendor/name, or the name alone. Default: all that are installed.").Many()

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Installs newer versions of plugins.",
	Details:  "Each comes from where it was installed from. The version before stays until the new one has answered, and for a rollback. You are asked if the new version wants more than the old one.",
	Examples: []string{"impt plugin update"},
	Options:  append(sdk.Options{some}, how...),
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		all, err := c.UpdatePlugins(ctx, some.Of(c), installation(c))
		if err != nil {
			return err
		}
		if len(all) == 0 {
			if err := c.Say(ctx, "There is nothing newer."); err != nil {
				return err
			}
		}
		return eachDone(ctx, c, all, "installed")
	},
}
