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
	Synopsis: "Restarts the specified Device.",
	Details:  "Returns once the restart is requested, not when the Device is back; --log shows what it logs then.",
	Examples: []string{"impt device restart --device meter-7 --log"},
	Options:  sdk.Options{device, option.Conditional, option.Log},
	Needs:    sdk.Write(entity.Device).And(sdk.Logs),
	Run: func(ctx context.Context, c *sdk.Call) error {
		d, err := device.Of(ctx, c)
		if err != nil {
			return err
		}
		if err := c.Cloud.Restart(ctx, d, option.Conditional.Of(c)); err != nil {
			return err
		}
		if err := c.Did(ctx, "", "%s for %s is successful.", verb.RestartRequest(c), d); err != nil {
			return err
		}
		if !option.Log.Of(c) {
			return nil
		}
		return c.ShowStream(ctx, d.ID)
	},
}
