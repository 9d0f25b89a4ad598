package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	entities = option.NewFlag("entities", "e", "Deletes the project's Device Group with its builds, its targets and its Product too, unless others use them.")
	files    = option.NewFlag("files", "f", "Deletes the source files too.")
	all      = option.NewFlag("all", "a", "The same as --entities --files.")
)

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the project in the current directory.",
	Details:  "Without options, only the project file is deleted. Shows what will be changed, and asks for a confirmation.",
	Examples: []string{"impt project delete --all --confirmed"},
	Options:  sdk.Options{entities, files, all, option.Confirmed},
	Needs:    verb.DeleteNeeds().And(sdk.Write(entity.Product)).And(sdk.ChangeProject).And(verb.UnfinishedNeeds),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := c.ProjectFile(ctx)
		if err == nil && !p.Exists {
			return c.Say(ctx, "There is no %s File in the current directory.", noun)
		}
		// A file that cannot be understood can be deleted all the same.
		if err != nil && !fault.Is(err, fault.CorruptedFileKind) {
			return err
		}
		var d verb.Deletion
		if err == nil && (entities.Of(c) || all.Of(c)) {
			if err := collect(ctx, c, p.DeviceGroupID, &d); err != nil {
				return err
			}
		}
		sources, err := existing(ctx, c, p)
		if err != nil {
			return err
		}
		if err := c.Confirm(ctx, plan(d, sources)); err != nil {
			return err
		}
		if len(sources) > 0 {
			d.Then = append(d.Then, deletion(sources))
		}
		d.Then = append(d.Then, deletion(nil))
		if err := d.Do(ctx, c); err != nil {
			return err
		}
		return deleteFiles(ctx, c, sources)
	},
}

// plan is what is shown before the question.
func plan(d verb.Deletion, sources []string) sdk.Plan {
	p := d.Plan()
	if len(sources) > 0 {
		p.Affected = append(p.Affected, sdk.Affected{
			Heading: "The following files will be deleted:",
			Items:   document.List{document.Object{{Key: "Device/agent source files", Value: sources}}},
		})
	}
	p.Affected = append(p.Affected, sdk.Affected{
		Lines: []string{noun + " File in the current directory will be deleted."},
	})
	return p
}

// deleteFiles deletes the source files, then the project file.
func deleteFiles(ctx context.Context, c *sdk.Call, sources []string) error {
	var err error
	gone := 0
	for gone < len(sources) && err == nil {
		if err = c.DeleteFile(ctx, sources[gone]); err == nil {
			gone++
		}
	}
	if gone > 0 {
		sayErr := c.Did(ctx, deletion(sources), "%s are deleted successfully.", named(sources[:gone]))
		if err == nil {
			err = sayErr
		} else {
			c.Intend(deletion(sources[gone:]))
		}
	}
	if err != nil {
		return err
	}
	if err := c.DeleteProject(ctx); err != nil {
		return err
	}
	return c.Did(ctx, deletion(nil), "%s is deleted successfully.", noun)
}
