// Command impt-plugin-test is the group `impt test`.
package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/view"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "test",
	Synopsis: "Unit tests that run on Devices, configured in the current directory.",
	Commands: []sdk.Command{create, remove, github, info, run, update},
	ConfigFile: &sdk.ConfigFile{Noun: noun, Files: map[string]sdk.Role{
		"deviceFile":    sdk.InputFile,
		"agentFile":     sdk.InputFile,
		"githubConfig":  sdk.SecretFile,
		"builderConfig": sdk.OutputFile,
	}},
}

// What messages call the configuration files.
const (
	noun        = "Test Configuration"
	githubNoun  = "GitHub credentials Configuration"
	builderNoun = "Builder Configuration"
)

// groupKey is the member of the configuration without which it is none.
const groupKey = "deviceGroupId"

// directory is something that Builder leaves behind.
type directory struct{ what, path string }

var (
	cache = directory{"Builder cache", ".builder-cache"}
	debug = directory{"Debug mode temporary", ".build"}
)

func (d directory) String() string { return fmt.Sprintf("%s %s directory", d.what, d.path) }

// remove deletes the directory, if there is one.
func (d directory) remove(ctx context.Context, c *sdk.Call) error {
	there, err := c.StatFile(ctx, d.path)
	if err != nil || !there.Exists {
		return err
	}
	if err := c.DeleteFile(ctx, d.path); err != nil {
		return err
	}
	return c.Did(ctx, deletion(d), "%s is deleted successfully.", d)
}

// deletion is how it is announced that something will be deleted.
func deletion(what any) string { return fmt.Sprintf("delete %s", what) }

// exists tells whether there is a configuration file at a path.
func exists(ctx context.Context, c *sdk.Call, path string) (bool, error) {
	there, err := c.StatFile(ctx, path)
	if there.Directory {
		err = fault.File(path, "EISDIR: illegal operation on a directory, read", nil)
	}
	return there.Exists, err
}

// mustExist is the configuration of the directory.
func mustExist(ctx context.Context, c *sdk.Call) (document.Object, error) {
	o, exists, err := c.Config(ctx)
	switch {
	case err != nil:
		return nil, err
	case !exists:
		return nil, fault.NoFileHere(noun)
	case o.Text(groupKey) == "":
		return nil, fault.CorruptedFile(noun, nil)
	}
	return o, nil
}

// groupOf is the Device Group that a configuration names.
func groupOf(ctx context.Context, c *sdk.Call, o document.Object) (entity.Entity, error) {
	id := o.Text(groupKey)
	found, err := c.Cloud.Fetch(ctx, entity.DeviceGroup, id)
	if err != nil {
		return entity.Entity{}, err
	}
	g, ok := found[id]
	if !ok {
		return g, fault.Outdated(entity.DeviceGroup, id, noun, "impt test delete")
	}
	return g, nil
}

// labels are what the members of a configuration are called, as they are shown.
var labels = []struct{ key, label string }{
	{"testFiles", "Test files"},
	{"deviceFile", "Device file"},
	{"agentFile", "Agent file"},
	{"stopOnFail", "Stop on failure"},
	{"timeout", "Timeout"},
	{"allowDisconnect", "Allow disconnect"},
	{"builderCache", "Builder cache"},
	{"githubConfig", "Github config"},
	{"builderConfig", "Builder config"},
}

// show shows a configuration and its group. What was done to it is said once
// everything is read, but also when that fails.
func show(ctx context.Context, c *sdk.Call, o document.Object, g entity.Entity, did string) error {
	shown, err := view.Group(ctx, c, g)
	if did != "" {
		if sayErr := c.Did(ctx, "", "%s is %s successfully.", noun, did); err == nil {
			err = sayErr
		}
	}
	if err != nil {
		return err
	}
	var all document.Object
	for _, l := range labels {
		if v, ok := o.Get(l.key); ok {
			all.Set(l.label, v)
		}
	}
	return view.Shortened(ctx, c, document.Object{{Key: noun, Value: append(all, shown...)}})
}
