package verb

import (
	"context"
	"net/http"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
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
	return devices, c.DidItems(ctx, restartIntent(g), text, entity.Device.Noun(), view.BriefList(devices))
}

// EachDone tells of every device whether a request about several was carried
// out, which it may have been for some of them although it failed: those that
// are no longer in the group that they were to leave.
func EachDone(ctx context.Context, c *sdk.Call, failure error, g entity.Entity, devices []entity.Entity, did string) error {
	if f, ok := fault.Of(failure); !ok || f.Status != http.StatusBadRequest {
		return failure
	}
	left, err := c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "devicegroup.id", Value: g.ID})
	if err != nil {
		return failure
	}
	for _, d := range devices {
		c.Intend(intent(d, did))
	}
	for _, d := range devices {
		if slices.ContainsFunc(left, func(e entity.Entity) bool { return e.ID == d.ID }) {
			continue
		}
		if err := Said(ctx, c, d, did); err != nil {
			return err
		}
	}
	return failure
}

// RestartRequest is what messages call the request that the options ask for.
func RestartRequest(c *sdk.Call) string {
	if option.Conditional.Of(c) {
		return "Conditional restart request"
	}
	return "Restart request"
}
