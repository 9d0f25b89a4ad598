package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

var (
	from = option.DeviceGroup.Named("from", "f").Required().Help("Device Group whose Devices are reassigned: its id or name.")
	to   = option.DeviceGroup.Named("to", "t").Help("Device Group that they are reassigned to: its id or name. Default: the project's Device Group.")
)

var reassign = sdk.Command{
	Name:     "reassign",
	Synopsis: "Assigns all Devices of a Device Group to another one.",
	Examples: []string{"impt dg reassign --from Kitchen --to Cellar"},
	Options:  sdk.Options{from, to},
	Needs:    sdk.Write(entity.DeviceGroup).And(sdk.Read(entity.Device)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		next, err := to.Of(ctx, c)
		if err != nil {
			return err
		}
		last, err := from.Of(ctx, c)
		if err != nil {
			return err
		}
		devices, err := verb.DevicesOf(ctx, c, last)
		if err != nil || len(devices) == 0 {
			return err
		}
		if err := c.Cloud.Assign(ctx, next, devices...); err != nil {
			return verb.EachDone(ctx, c, err, last, devices, "reassigned")
		}
		text := fmt.Sprintf("The following Devices assigned to %s are reassigned successfully to %s:", last, next)
		return c.SayItems(ctx, text, entity.Device.Noun(), view.BriefList(devices))
	},
}
