// Command impt-plugin-fleet is a plugin for the transcripts.
package main

import (
	"context"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// version and wants are set when it is built: later versions want more, and one
// wants what others have: "more", or the group and the command, as in
// "device/list".
var version, wants = "1.0.0", ""

func main() {
	needs := sdk.Read(entity.Device)
	if wants == "more" {
		needs = sdk.Write(entity.Device)
	}
	group, name, taken := strings.Cut(wants, "/")
	if !taken {
		group, name = "", "count"
	}
	sdk.Serve(sdk.Group{
		Name: "fleet", Vendor: "acme", Version: version,
		Synopsis: "Devices all in all.",
		Commands: []sdk.Command{{
			Name: name, Group: group, Synopsis: "Counts Devices.", Needs: needs,
			Run: func(ctx context.Context, c *sdk.Call) error {
				devices, err := c.Cloud.List(ctx, entity.Device)
				if err != nil {
					return err
				}
				return c.Show(ctx, document.Object{
					{Key: "version", Value: version}, {Key: "devices", Value: len(devices)},
				})
			},
		}, {
			Name: "reach", Synopsis: "Reads what it may not.",
			Run: func(ctx context.Context, c *sdk.Call) error {
				_, err := c.Cloud.List(ctx, entity.Product)
				return err
			},
		}},
	})
}
