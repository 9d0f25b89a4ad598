package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

var full = option.Full.Help("Shows the Devices, the Webhooks and the fixtures of the Device Group too, and the login.")

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows the project in the current directory.",
	Examples: []string{"impt project info --full"},
	Options:  sdk.Options{full},
	Needs:    view.InfoNeeds(entity.DeviceGroup).And(sdk.Project).And(view.TreeNeeds()).And(view.LoginNeeds),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := mustExist(ctx, c)
		if err != nil {
			return err
		}
		o, err := describe(ctx, c, p, full.Of(c))
		if err != nil {
			return err
		}
		if full.Of(c) {
			login, err := view.Login(ctx, c)
			if err != nil {
				return err
			}
			o = append(o, login...)
		}
		return view.Shortened(ctx, c, o)
	},
}
