package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

var (
	toDevice   = option.NewOutputFile("device-file", "x", "<device_file>", "File for the code of the Devices. Default: the project's.")
	toAgent    = option.NewOutputFile("agent-file", "y", "<agent_file>", "File for the code of the agents. Default: the project's.")
	deviceOnly = option.NewFlag("device-only", "i", "Only the code of the Devices.")
	agentOnly  = option.NewFlag("agent-only", "j", "Only the code of the agents.")
)

var get = sdk.Command{
	Name:     "get",
	Synopsis: "Downloads the code of a build into files.",
	Details:  "Asks for a confirmation before it replaces a file.",
	Examples: []string{"impt build get --build v1 --device-file device.nut --agent-file agent.nut"},
	Options:  sdk.Options{option.Build, toDevice, toAgent, deviceOnly, agentOnly, option.Confirmed},
	Needs:    sdk.ChangeProject.And(view.InfoNeeds(entity.Deployment)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		if deviceOnly.Of(c) && agentOnly.Of(c) {
			return fault.Exclusive(deviceOnly.Spec().Name, agentOnly.Spec().Name)
		}
		b, err := option.Build.FullOf(ctx, c)
		if err != nil {
			return err
		}
		sides, err := targets(ctx, c)
		if err != nil {
			return err
		}
		if err := confirm(ctx, c, sides); err != nil {
			return err
		}
		for i, s := range sides {
			if err := c.WriteFile(ctx, s.path, []byte(b.Text(s.attribute))); err != nil {
				return restore(ctx, c, sides[:i], err)
			}
		}
		if err := c.Say(ctx, "%s source file(s) are downloaded successfully.", b); err != nil {
			return err
		}
		return view.ShowInfo(ctx, c, b)
	},
}

func targets(ctx context.Context, c *sdk.Call) ([]side, error) {
	var project sdk.ProjectFile
	if toDevice.Of(c) == "" || toAgent.Of(c) == "" {
		var err error
		if project, err = c.ProjectFile(ctx); err != nil {
			return nil, err
		}
	}
	var sides []side
	for _, s := range []struct {
		attribute string
		file      option.File
		fallback  string
		skip      bool
	}{
		{"device_code", toDevice, project.DeviceFile, agentOnly.Of(c)},
		{"agent_code", toAgent, project.AgentFile, deviceOnly.Of(c)},
	} {
		if s.skip {
			continue
		}
		path := s.file.Of(c)
		if path == "" {
			path = s.fallback
		}
		if path == "" {
			return nil, fault.OptionRequired(s.file.Spec().Name)
		}
		sides = append(sides, side{attribute: s.attribute, path: path})
	}
	return sides, nil
}
