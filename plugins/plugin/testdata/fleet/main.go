// Command impt-plugin-fleet is a plugin for the transcripts.
package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// version and wants are set when it is built: later versions want more, one
// wants what others have, and one a file beside it: "more", the group and the
// command, as in "device/list", or "beside".
var version, wants = "1.0.0", ""

func main() {
	needs := sdk.Read(entity.Device)
	if wants == "more" {
		needs = sdk.Write(entity.Device)
	}
	about := "Devices all in all."
	if wants == "beside" {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(os.Args[0]), "share", "about.txt"))
		if err != nil {
			panic(err)
		}
		about = string(text)
	}
	group, name, taken := strings.Cut(wants, "/")
	if !taken {
		group, name = "", "count"
	}
	sdk.Serve(sdk.Group{
		Name: "fleet", Vendor: "acme", Version: version,
		Synopsis: about,
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
