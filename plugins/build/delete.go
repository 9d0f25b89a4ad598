package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	build = option.Build.Required().Help("Build: its id, sha, tag or origin.")
	force = option.Force.Help("Takes the flag from the build first.")
)

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the specified build.",
	Details:  "Fails if Devices may run it, and, without --force, if it is flagged. Asks for a confirmation.",
	Examples: []string{"impt build delete --build v1 --confirmed"},
	Options:  sdk.Options{build, force, option.Confirmed},
	Needs:    sdk.Write(entity.Deployment),
	Run: func(ctx context.Context, c *sdk.Call) error {
		b, err := build.Of(ctx, c)
		if err != nil {
			return err
		}
		if err := unneeded(ctx, c, b); err != nil {
			return err
		}
		d := verb.Deletion{Delete: []entity.Entity{b}}
		if force.Of(c) && b.Truth("flagged") {
			d.Unflag = []entity.Entity{b}
		}
		return d.Run(ctx, c)
	},
}

// unneeded fails if devices of the build's group may run it. A group that is
// gone needs nothing.
func unneeded(ctx context.Context, c *sdk.Call, b entity.Entity) error {
	id := b.Related("devicegroup")
	if id == "" {
		return nil
	}
	groups, err := c.Cloud.Fetch(ctx, entity.DeviceGroup, id)
	if err != nil {
		return err
	}
	g := groups[id]
	oldest, err := verb.OldestSupported(ctx, c, g)
	if err != nil || oldest.ID == "" {
		return err
	}
	if b.Text("created_at") >= oldest.Text("created_at") {
		return fault.StillSupported(b, g)
	}
	return nil
}
