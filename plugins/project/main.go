// Command impt-plugin-project is the group `impt project`.
package main

import (
	"context"
	"fmt"

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

// sourceNouns are what messages call the source files.
var sourceNouns = [2]string{"Device source file", "Agent source file"}

// sources are the source files of a project, in the order of their nouns.
func sources(p sdk.ProjectFile) []string { return []string{p.DeviceFile, p.AgentFile} }

// prepare finds out whether the files of a project can be written, before
// anything is changed, and leaves no trace of that. It returns what making the
// source files is announced as.
func prepare(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) ([]string, error) {
	var changes []string
	for i, path := range sources(p) {
		if path == "" {
			continue
		}
		existed, err := c.CreateFile(ctx, path)
		if err == nil && !existed {
			changes = append(changes, "create "+source(i, path))
			err = c.DeleteFile(ctx, path)
		}
		if err != nil {
			return nil, err
		}
	}
	old, err := c.ProjectFile(ctx)
	switch {
	case err != nil:
		return changes, nil //nolint:nilerr // whoever goes on replaces it
	case old.Exists:
		return changes, c.SaveProject(ctx, old, true)
	}
	if err := c.SaveProject(ctx, old, false); err != nil {
		return nil, err
	}
	return changes, c.DeleteProject(ctx)
}

func source(i int, path string) string { return fmt.Sprintf("%s \"%s\"", sourceNouns[i], path) }

// createSources makes the source files that do not exist.
func createSources(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) error {
	for i, path := range sources(p) {
		if path == "" {
			continue
		}
		existed, err := c.CreateFile(ctx, path)
		if err != nil {
			return err
		}
		if existed {
			continue
		}
		what := source(i, path)
		if err := c.Did(ctx, "create "+what, "%s is created successfully.", what); err != nil {
			return err
		}
	}
	return nil
}

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
	var tail []document.Field
	if full {
		if tail, err = view.GroupTail(ctx, c, groups[0]); err != nil {
			return nil, err
		}
	}
	shown, err := view.Info(ctx, c, groups[0], tail...)
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

// needs is what showing a project reads.
var needs = view.InfoNeeds(entity.DeviceGroup).And(sdk.ChangeProject)
