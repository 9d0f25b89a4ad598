package verb

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

// DevicesOf are the devices of a group; it says so if there are none.
func DevicesOf(ctx context.Context, c *sdk.Call, g entity.Entity) ([]entity.Entity, error) {
	devices, err := c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "devicegroup.id", Value: g.ID})
	if err == nil && len(devices) == 0 {
		err = c.Say(ctx, "%s does not have assigned Devices.", g)
	}
	return devices, err
}

// RestartGroup restarts the devices of a group, conditionally if the option
// says so, and returns them.
func RestartGroup(ctx context.Context, c *sdk.Call, g entity.Entity) ([]entity.Entity, error) {
	devices, err := DevicesOf(ctx, c, g)
	if err != nil || len(devices) == 0 {
		return nil, err
	}
	if err := c.Cloud.Restart(ctx, g, option.Conditional.Of(c)); err != nil {
		return nil, err
	}
	text := RestartRequest(c) + " for Devices assigned to " + g.String() + " is successful:"
	return devices, c.SayItems(ctx, text, entity.Device.Noun(), view.BriefList(devices))
}

// RestartRequest is what messages call the request that the options ask for.
func RestartRequest(c *sdk.Call) string {
	if option.Conditional.Of(c) {
		return "Conditional restart request"
	}
	return "Restart request"
}
