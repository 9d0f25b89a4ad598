package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var force = option.Force.Help("Unassigns the Devices of the Device Group and unflags its builds first.")

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the specified Device Group.",
	Details:  "Without --force, fails if it has Devices or flagged builds. Shows what will be changed, and asks for a confirmation.",
	Examples: []string{"impt dg delete --dg Kitchen --force --confirmed"},
	Options:  sdk.Options{dg, force, option.Confirmed},
	Needs:    verb.DeleteNeeds(),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		d := verb.Deletion{Delete: []entity.Entity{g}}
		if force.Of(c) {
			if err := d.Include(ctx, c, g); err != nil {
				return err
			}
		}
		return d.Run(ctx, c)
	},
}
