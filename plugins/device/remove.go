package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var force = option.Force.Help("Takes the Device out of its Device Group first.")

var remove = sdk.Command{
	Name:     "remove",
	Synopsis: "Removes the specified Device from your account.",
	Details:  "Without --force, fails if the Device is in a Device Group. Asks for a confirmation.",
	Examples: []string{"impt device remove --device meter-7 --confirmed"},
	Options:  sdk.Options{device, force, option.Confirmed},
	Needs:    sdk.Write(entity.Device, entity.DeviceGroup),
	Run: func(ctx context.Context, c *sdk.Call) error {
		d, err := device.Of(ctx, c)
		if err != nil {
			return err
		}
		plan := verb.Deletion{Remove: []entity.Entity{d}}
		if force.Of(c) && d.Related("devicegroup") != "" {
			plan.Unassign = plan.Remove
		}
		return plan.Run(ctx, c)
	},
}
