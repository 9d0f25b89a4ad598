package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

var (
	dg     = option.DeviceGroup.Required()
	prefix = option.NewText("prefix", "x", "<prefix>", "What the names begin with.").Default("meter-")
)

var label = sdk.Command{
	Name:     "label",
	Synopsis: "Names the Devices of a Device Group by number.",
	Details:  "Asks for a confirmation.",
	Examples: []string{"impt fleet label --dg Kitchen --prefix kitchen- --confirmed"},
	Options:  sdk.Options{dg, prefix, option.Confirmed},
	Needs:    sdk.Write(entity.Device),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		devices, err := c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "devicegroup.id", Value: g.ID})
		if err != nil {
			return err
		}
		err = c.Confirm(ctx, sdk.Plan{Affected: []sdk.Affected{
			{Heading: "The following Devices will be named:", Items: view.BriefList(devices)},
		}})
		if err != nil {
			return err
		}
		return sdk.Each(ctx, len(devices), func(ctx context.Context, i int) error {
			name := fmt.Sprintf("%s%d", prefix.Of(c), i+1)
			if err := c.Cloud.Update(ctx, devices[i], document.Object{{Key: "name", Value: name}}); err != nil {
				return err
			}
			return c.Say(ctx, "%s is named \"%s\".", devices[i], name)
		})
	},
}
