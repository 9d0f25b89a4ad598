package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var name = option.NewText("name", "n", "<device_name>", "Name of the Device; empty for none.").Required().OrEmpty()

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Names the specified Device.",
	Examples: []string{"impt device update --device 234776801163a9ee --name meter-7"},
	Options:  sdk.Options{device, name},
	Needs:    sdk.Write(entity.Device),
	Run: func(ctx context.Context, c *sdk.Call) error {
		d, err := device.Of(ctx, c)
		if err != nil {
			return err
		}
		return verb.Update(ctx, c, d, verb.Given(c, name))
	},
}
