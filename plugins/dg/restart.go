package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var restart = sdk.Command{
	Name:     "restart",
	Synopsis: "Restarts the Devices of a Device Group.",
	Details:  "Returns once the restart is requested, not when the Devices are back; --log shows what they log then.",
	Examples: []string{"impt dg restart --dg Kitchen --log"},
	Options:  sdk.Options{dg, option.Conditional, option.Log},
	Needs:    sdk.Write(entity.DeviceGroup).And(sdk.Read(entity.Device)).And(sdk.Logs),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		devices, err := verb.RestartGroup(ctx, c, g)
		if err != nil || len(devices) == 0 || !option.Log.Of(c) {
			return err
		}
		return c.ShowStream(ctx, entity.IDs(devices)...)
	},
}
