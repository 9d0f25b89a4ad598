package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var (
	linkTo       = option.DeviceGroup.Required().Help("Device Group of the project, of the type development or pre-factory: its id or name.")
	linkedDevice = deviceFile.Default("device.nut")
	linkedAgent  = agentFile.Default("agent.nut")
)

var link = sdk.Command{
	Name:     "link",
	Synopsis: "Makes the current directory the project of a Device Group.",
	Details:  "Asks for a confirmation if the directory has a project.",
	Examples: []string{"impt project link --dg Kitchen"},
	Options:  sdk.Options{linkTo, linkedDevice, linkedAgent, option.Confirmed},
	Needs:    needs,
	Run: func(ctx context.Context, c *sdk.Call) error {
		if err := replaceExisting(ctx, c); err != nil {
			return err
		}
		g, err := linkTo.Of(ctx, c)
		if err != nil {
			return err
		}
		if t := g.GroupType(); t != "development" && t != "pre-factory" {
			return fault.NoProjectGroup(t, "development", "pre-factory")
		}
		p := sdk.ProjectFile{DeviceGroupID: g.ID, DeviceFile: linkedDevice.Of(c), AgentFile: linkedAgent.Of(c)}
		made, err := prepare(ctx, c, p)
		if err != nil {
			return err
		}
		linking.intend(c, made)
		if err := createSources(ctx, c, p); err != nil {
			return err
		}
		if err := c.SaveProject(ctx, p, false); err != nil {
			return err
		}
		return linking.show(ctx, c, p)
	},
}
