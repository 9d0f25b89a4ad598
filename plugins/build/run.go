package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

var run = sdk.Command{
	Name:     "run",
	Synopsis: "Makes a build of the code, deploys it and restarts the Devices of the Device Group.",
	Details:  "The build becomes the oldest that the Devices may run. A step that fails leaves what was done before it.",
	Examples: []string{"impt build run --dg Kitchen --device-file device.nut --log"},
	Options: append(sdk.Options{
		dg, deviceFile, agentFile, descr, origin, tags, flagged, option.Conditional, option.Log,
	}, deployProcessing...),
	Needs: sdk.Write(entity.Deployment, entity.DeviceGroup).And(sdk.Read(entity.Device)).And(sdk.Project).
		And(sdk.Logs).And(preprocess.Needs),
	Run: func(ctx context.Context, c *sdk.Call) error {
		code, err := source(ctx, c)
		if err != nil {
			return err
		}
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		verb.IntendRun(c, g)
		b, err := code.create(ctx, c, g)
		if err != nil {
			return err
		}
		if err := verb.Said(ctx, c, b, "created"); err != nil {
			return err
		}
		if err := verb.SetMinSupported(ctx, c, g, b); err != nil {
			return err
		}
		if err := verb.Update(ctx, c, g, document.Object{}); err != nil {
			return err
		}
		devices, err := verb.RestartGroup(ctx, c, g)
		if err != nil {
			return err
		}
		if !option.Log.Of(c) || len(devices) == 0 {
			return c.ShowPrograms(ctx, view.Brief(b))
		}
		if err := c.Say(ctx, "%s is run successfully.", b); err != nil {
			return err
		}
		return c.ShowStreamOf(ctx, code.lines, entity.IDs(devices)...)
	},
}
