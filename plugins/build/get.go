package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

// side is the code of the devices or of the agents, and where it goes.
type side struct {
	attribute, path string
	// before is what is there, nil if there is nothing.
	before []byte
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

// confirm asks before files are replaced, and keeps what is in them.
func confirm(ctx context.Context, c *sdk.Call, sides []side) error {
	var existing []string
	for i, s := range sides {
		content, missing, err := c.ReadFile(ctx, s.path)
		if err != nil {
			return err
		}
		if !missing {
			existing = append(existing, s.path)
			sides[i].before = append([]byte{}, content...)
		}
	}
	if len(existing) == 0 {
		return nil
	}
	message := fmt.Sprintf("Source file(s) %s already exist. They will be overwritten.", strings.Join(existing, ", "))
	return c.Confirm(ctx, sdk.Plan{Messages: []string{message}})
}

// restore puts back what was there before a failure, so that the codes of two
// builds are not mixed.
func restore(ctx context.Context, c *sdk.Call, sides []side, failure error) error {
	for _, s := range sides {
		var err error
		if s.before == nil {
			err = c.DeleteFile(ctx, s.path)
		} else {
			err = c.WriteFile(ctx, s.path, s.before)
		}
		if err != nil {
			return errors.Join(failure, c.Did(ctx, "", "File %s is replaced all the same.", s.path))
		}
	}
	return failure
}
