package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/view"
)

var shownNeeds = view.GroupNeeds()

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows the test configuration in the current directory, and its Devices.",
	Examples: []string{"impt test info"},
	Needs:    shownNeeds.And(sdk.ReadConfig),
	Run: func(ctx context.Context, c *sdk.Call) error {
		o, err := mustExist(ctx, c)
		if err != nil {
			return err
		}
		g, err := groupOf(ctx, c, o)
		if err != nil {
			return err
		}
		return show(ctx, c, o, g, "")
	},
}
