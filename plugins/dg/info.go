package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

var full = option.Full.Help("Shows the Devices, the Webhooks and the fixtures of the Device Group too.")

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows the specified Device Group.",
	Examples: []string{"impt dg info --dg Kitchen --full"},
	Options:  sdk.Options{dg, full},
	Needs:    view.InfoNeeds(entity.DeviceGroup).And(view.TreeNeeds()),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.FullOf(ctx, c)
		if err != nil {
			return err
		}
		var tail []document.Field
		if full.Of(c) {
			if tail, err = view.GroupTail(ctx, c, g); err != nil {
				return err
			}
		}
		return view.ShowInfo(ctx, c, g, tail...)
	},
}
