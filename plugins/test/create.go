package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var dg = option.DeviceGroup.Required().Help("Device Group whose Devices run the tests: its id or name.")

var create = sdk.Command{
	Name:     "create",
	Synopsis: "Makes a test configuration in the current directory.",
	Details:  "Asks for a confirmation if there is one. Deletes the libraries that an earlier one has kept.",
	Examples: []string{"impt test create --dg Bench --device-file device.nut --timeout 60"},
	Options: sdk.Options{
		dg, deviceFile, agentFile, timeout.Default("30"),
		stopOnFail.Default(false), allowDisconnect.Default(false), builderCache.Default(false),
		testFiles.Default("*.test.nut", "tests/**/*.test.nut"), githubConfig, builderConfig, option.Confirmed,
	},
	Needs: needs,
	Run: func(ctx context.Context, c *sdk.Call) error {
		_, exists, err := c.Config(ctx)
		if err != nil && !fault.Is(err, fault.CorruptedFileKind) {
			return err
		}
		if exists || err != nil {
			message := fmt.Sprintf("The current directory already contains %s File. It will be overwritten.", noun)
			if err := c.Confirm(ctx, sdk.Plan{Messages: []string{message}}); err != nil {
				return err
			}
		}
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		if err := cache.remove(ctx, c); err != nil {
			return err
		}
		if err := check(ctx, c); err != nil {
			return err
		}
		o := document.Object{{Key: groupKey, Value: g.ID}}
		set(c, &o, true)
		if err := c.SaveConfig(ctx, o); err != nil {
			return err
		}
		return show(ctx, c, o, g, "created")
	},
}
