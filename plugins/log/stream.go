package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var (
	devices = option.Device.Many().Help("Device whose logs are shown: its id, MAC address, agent id or name.")
	groups  = option.DeviceGroup.Many().Help("Device Group of whose Devices the logs are shown: its id or name. Default: the project's, if no Device is given.")
)

var stream = sdk.Command{
	Name:     "stream",
	Synopsis: "Shows the logs of Devices as they come, until Ctrl-C.",
	Examples: []string{"impt log stream --dg Kitchen --device meter-7"},
	Options:  sdk.Options{devices, groups, lineMap},
	Needs:    sdk.Logs.And(sdk.Read(entity.Device)).And(sdk.Project),
	Run: func(ctx context.Context, c *sdk.Call) error {
		code, err := runs(ctx, c)
		if err != nil {
			return err
		}
		watched, err := devices.Each(ctx, c)
		if err != nil {
			return err
		}
		of, err := groupsOf(ctx, c)
		if err != nil {
			return err
		}
		inGroups := make([][]entity.Entity, len(of))
		err = sdk.Each(ctx, len(of), func(ctx context.Context, i int) error {
			var err error
			inGroups[i], err = c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "devicegroup.id", Value: of[i].ID})
			return err
		})
		if err != nil {
			return err
		}
		watched = entity.Unique(append([][]entity.Entity{watched}, inGroups...)...)
		if len(watched) == 0 {
			return fault.NoIdentifier(entity.Device)
		}
		return c.ShowStreamOf(ctx, code, entity.IDs(watched)...)
	},
}

// groupsOf are the groups to watch: those given, or the project's if nothing
// was given.
func groupsOf(ctx context.Context, c *sdk.Call) ([]entity.Entity, error) {
	if groups.Given(c) || devices.Given(c) {
		return groups.Each(ctx, c)
	}
	p, err := c.ProjectFile(ctx)
	if err != nil || !p.Exists {
		return nil, err
	}
	return c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true})
}
