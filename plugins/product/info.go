package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

var full = option.Full.Help("Shows the Device Groups of the Product too, with their builds, Webhooks and Devices.")

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows the specified Product.",
	Examples: []string{"impt product info --product Fridge --full"},
	Options:  sdk.Options{product, full},
	Needs:    view.InfoNeeds(entity.Product).And(view.TreeNeeds()),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.FullOf(ctx, c)
		if err != nil {
			return err
		}
		var tree []document.Field
		if full.Of(c) {
			if tree, err = view.ProductTree(ctx, c, p); err != nil {
				return err
			}
		}
		return view.ShowInfo(ctx, c, p, tree...)
	},
}
