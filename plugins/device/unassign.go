package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var unassign = sdk.Command{
	Name:     "unassign",
	Synopsis: "Takes the specified Device out of its Device Group.",
	Details:  "Fails for a production Device Group without its unbond key.",
	Examples: []string{"impt device unassign --device meter-7"},
	Options:  sdk.Options{device, option.UnbondKey},
	Needs:    sdk.Write(entity.DeviceGroup, entity.Device),
	Run: func(ctx context.Context, c *sdk.Call) error {
		d, err := device.Of(ctx, c)
		if err != nil {
			return err
		}
		g := entity.Entity{Type: entity.DeviceGroup, ID: d.Related("devicegroup")}
		if g.ID == "" {
			return c.Say(ctx, "%s is already unassigned.", d)
		}
		if err := c.Cloud.Unassign(ctx, g, []entity.Entity{d}, option.UnbondHeader(c)...); err != nil {
			return err
		}
		return c.Say(ctx, "%s is unassigned successfully.", d)
	},
}
