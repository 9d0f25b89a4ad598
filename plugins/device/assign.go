package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var toGroup = option.DeviceGroup.Help("Device Group to assign to: its id or name. Default: the project's Device Group.")

var assign = sdk.Command{
	Name:     "assign",
	Synopsis: "Assigns the specified Device to a Device Group.",
	Details:  "Asks for a confirmation if the Device is in another one.",
	Examples: []string{"impt device assign --device meter-7 --dg Kitchen"},
	Options:  sdk.Options{device, toGroup, option.Confirmed},
	Needs:    sdk.Write(entity.DeviceGroup, entity.Device),
	Run: func(ctx context.Context, c *sdk.Call) error {
		d, err := device.Of(ctx, c)
		if err != nil {
			return err
		}
		g, err := toGroup.Of(ctx, c)
		if err != nil {
			return err
		}
		switch d.Related("devicegroup") {
		case g.ID:
			return c.Say(ctx, "%s is already assigned to %s.", d, g)
		case "":
		default:
			question := fmt.Sprintf("%s is assigned to another Device Group. It will be reassigned to %s.", d, g)
			if err := c.Confirm(ctx, sdk.Plan{Messages: []string{question}}); err != nil {
				return err
			}
		}
		if err := c.Cloud.Assign(ctx, g, d); err != nil {
			return err
		}
		return c.Say(ctx, "%s is assigned successfully to %s.", d, g)
	},
}
