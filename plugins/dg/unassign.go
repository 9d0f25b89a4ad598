package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

var unassign = sdk.Command{
	Name:     "unassign",
	Synopsis: "Takes all Devices out of a Device Group.",
	Details:  "Fails for a production Device Group without its unbond key.",
	Examples: []string{"impt dg unassign --dg Kitchen"},
	Options:  sdk.Options{dg, option.UnbondKey},
	Needs:    sdk.Write(entity.DeviceGroup).And(sdk.Read(entity.Device)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		devices, err := verb.DevicesOf(ctx, c, g)
		if err != nil || len(devices) == 0 {
			return err
		}
		if err := c.Cloud.Unassign(ctx, g, devices, option.UnbondHeader(c)...); err != nil {
			return verb.EachDone(ctx, c, err, g, devices, "unassigned")
		}
		text := "The following Devices are unassigned successfully from " + g.String() + ":"
		return c.SayItems(ctx, text, entity.Device.Noun(), view.BriefList(devices))
	},
}
