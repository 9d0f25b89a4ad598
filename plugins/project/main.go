// Command impt-plugin-project is the group `impt project`.
package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "project",
	Synopsis: "The project in the current directory: a Device Group and its source files.",
	Commands: []sdk.Command{create, remove, info, link, update},
}

// noun is what messages call a project.
const noun = "Project"

var (
	descr      = option.NewText("descr", "s", "<device_group_description>", "Description of the project's Device Group.").OrEmpty()
	deviceFile = option.NewOutputFile("device-file", "x", "<device_file>", "File with the code of the Devices; made if it does not exist.")
	agentFile  = option.NewOutputFile("agent-file", "y", "<agent_file>", "File with the code of the agents; made if it does not exist.")
	target     = option.Target.Help("Device Group that blessed Devices go to, of the type pre-production: its id or name.")
	dut        = option.DUT.Help("Device Group for the devices under test, of the type pre-dut: its id or name.")
)

// change is what happens to a project, before and after.
type change struct{ verb, did string }

var (
	creation = change{"create", "created"}
	linking  = change{"link", "linked"}
	updating = change{"update", "updated"}
)

func (ch change) intend(c *sdk.Call, sources []string) {
	c.Intend(append(sources, ch.verb+" "+noun)...)
}

// replaceExisting asks whether an existing project file may be replaced.
func replaceExisting(ctx context.Context, c *sdk.Call) error {
	p, err := c.ProjectFile(ctx)
	if err == nil && !p.Exists {
		return nil
	}
	if err != nil && !fault.Is(err, fault.CorruptedFileKind) {
		return err
	}
	return c.Confirm(ctx, sdk.Plan{Messages: []string{
		"The current directory already contains " + noun + " File. It will be overwritten.",
	}})
}

// mustExist is the project of the directory.
func mustExist(ctx context.Context, c *sdk.Call) (sdk.ProjectFile, error) {
	p, err := c.ProjectFile(ctx)
	if err == nil && !p.Exists {
		err = fault.NoFileHere(noun)
	}
	return p, err
}

// describe is the project as it is shown.
func describe(ctx context.Context, c *sdk.Call, p sdk.ProjectFile, full bool) (document.Object, error) {
	groups, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true, Full: true})
	if err != nil {
		return nil, err
	}
	var more []view.More
	if full {
		more = append(more, view.GroupTail)
	}
	shown, err := view.Info(ctx, c, groups[0], more...)
	if err != nil {
		return nil, err
	}
	var o document.Object
	if p.DeviceFile != "" {
		o.Set("Device file", p.DeviceFile)
	}
	if p.AgentFile != "" {
		o.Set("Agent file", p.AgentFile)
	}
	return document.Object{{Key: noun, Value: append(o, shown...)}}, nil
}

// show shows the project after it was changed. That it was is said once
// everything is read, but also when that fails.
func (ch change) show(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) error {
	o, err := describe(ctx, c, p, false)
	if sayErr := c.Did(ctx, ch.verb+" "+noun, "%s is %s successfully.", noun, ch.did); err == nil {
		err = sayErr
	}
	if err != nil {
		return err
	}
	return c.Show(ctx, o)
}

// needs is what a command needs that changes a project and shows it.
var needs = view.InfoNeeds(entity.DeviceGroup).And(sdk.ChangeProject)
