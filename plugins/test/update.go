package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var otherDG = option.DeviceGroup.Help("Device Group whose Devices run the tests from now on: its id or name.")

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the test configuration in the current directory.",
	Details:  "An option for a file without a value takes the file out.",
	Examples: []string{"impt test update --timeout 60 --agent-file"},
	Options: sdk.Options{
		otherDG, deviceFile.Optional(), agentFile.Optional(), timeout, stopOnFail, allowDisconnect, builderCache,
		testFiles.Help("Files with tests, instead of those until now: a path below the current directory, in which *, ** and ? stand for anything."),
		githubConfig.Optional(), builderConfig.Optional(),
	},
	Needs: needs,
	Run: func(ctx context.Context, c *sdk.Call) error {
		o, err := mustExist(ctx, c)
		if err != nil {
			return err
		}
		var g entity.Entity
		if otherDG.Given(c) {
			g, err = otherDG.Of(ctx, c)
		} else {
			g, err = groupOf(ctx, c, o)
		}
		if err != nil {
			return err
		}
		if builderCache.Given(c) && !builderCache.Of(c) {
			if err := cache.remove(ctx, c); err != nil {
				return err
			}
		}
		if err := check(ctx, c); err != nil {
			return err
		}
		o.Set(groupKey, g.ID)
		set(c, &o, false)
		if err := c.SaveConfig(ctx, o); err != nil {
			return err
		}
		return show(ctx, c, o, g, "updated")
	},
}
