package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var one = option.NewArgument("plugin", "<PLUGIN>", "vendor/name, or the name alone.").Required()

var rollback = sdk.Command{
	Name:     "rollback",
	Synopsis: "Returns to the version of a plugin that was used before.",
	Details:  "That version is still there: nothing is fetched.",
	Examples: []string{"impt plugin rollback acme/fleet"},
	Options:  sdk.Options{one},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := c.RollbackPlugin(ctx, one.Of(c))
		if err != nil {
			return err
		}
		return done(ctx, c, p, "used again")
	},
}
