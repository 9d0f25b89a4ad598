package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var remove = sdk.Command{
	Name:     "remove",
	Synopsis: "Removes an installed plugin.",
	Details:  "The key of its publisher is still expected when it is installed again.",
	Examples: []string{"impt plugin remove acme/fleet --confirmed"},
	Options:  sdk.Options{one, option.Confirmed},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		err := c.Confirm(ctx, sdk.Plan{Messages: []string{
			fmt.Sprintf("All versions of plugin \"%s\" will be removed.", one.Of(c)),
		}})
		if err != nil {
			return err
		}
		p, err := c.RemovePlugin(ctx, one.Of(c))
		if err != nil {
			return err
		}
		return done(ctx, c, p, "removed")
	},
}
