package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var product = option.Product.Required()

var census = sdk.Command{
	Name:     "census",
	Synopsis: "Counts the Devices of a Product.",
	Examples: []string{"impt fleet census --product Fridge"},
	Options:  sdk.Options{product},
	Needs:    sdk.Read(entity.Device),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.Of(ctx, c)
		if err != nil {
			return err
		}
		devices, err := c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "product.id", Value: p.ID})
		if err != nil {
			return err
		}
		online := 0
		for _, d := range devices {
			if d.Truth("device_online") {
				online++
			}
		}
		return c.Show(ctx, document.Object{{Key: "Fleet", Value: document.Object{
			{Key: "product", Value: p.Text("name")},
			{Key: "devices", Value: len(devices)},
			{Key: "online", Value: online},
		}}})
	},
}
