package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

var (
	dg         = option.DeviceGroup.Help("Device Group to deploy to: its id or name. Default: the project's Device Group.")
	deviceFile = option.NewInputFile("device-file", "x", "<device_file>", "File with the code of the Devices. Default: the project's, or no code.")
	agentFile  = option.NewInputFile("agent-file", "y", "<agent_file>", "File with the code of the agents. Default: the project's, or no code.")
	descr      = option.NewText("descr", "s", "<build_description>", "Description of the build.").OrEmpty()
	origin     = option.NewText("origin", "o", "<origin>", "Where the code comes from, for example a commit.").OrEmpty()
	tags       = option.NewList("tag", "t", "<tag>", "Tag of the build.")
	flagged    = option.NewBool("flagged", "f", "Keeps the build from being deleted.")
)

var deploy = sdk.Command{
	Name:     "deploy",
	Synopsis: "Makes a build of the code and deploys it to a Device Group.",
	Details:  "Fails, and shows the places, if the code does not compile. Devices run the build after their next restart.",
	Examples: []string{"impt build deploy --dg Kitchen --device-file device.nut --agent-file agent.nut --tag v1"},
	Options:  append(sdk.Options{dg, deviceFile, agentFile, descr, origin, tags, flagged}, deployProcessing...),
	Needs:    sdk.Write(entity.Deployment).And(sdk.Project).And(preprocess.Needs),
	Run: func(ctx context.Context, c *sdk.Call) error {
		code, err := source(ctx, c)
		if err != nil {
			return err
		}
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		b, err := code.create(ctx, c, g)
		if err != nil {
			return err
		}
		if err := verb.Said(ctx, c, b, "created"); err != nil {
			return err
		}
		return c.Show(ctx, view.Brief(b))
	},
}
