package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

var (
	copyTo  = option.DeviceGroup.Required().Help("Device Group to copy to: its id or name.")
	copyAll = option.NewFlag("all", "a", "Copies the description, the origin, the flag and the tags too, and not the code alone.")
)

var copyBuild = sdk.Command{
	Name:     "copy",
	Synopsis: "Copies a build to another Device Group.",
	Examples: []string{"impt build copy --build v1 --dg Cellar --all"},
	Options:  sdk.Options{option.Build, copyTo, copyAll},
	Needs:    sdk.Write(entity.Deployment),
	Run: func(ctx context.Context, c *sdk.Call) error {
		b, err := option.Build.FullOf(ctx, c)
		if err != nil {
			return err
		}
		g, err := copyTo.Of(ctx, c)
		if err != nil {
			return err
		}
		names := []string{"device_code", "agent_code"}
		if copyAll.Of(c) {
			names = append(names, "description", "origin", "flagged", "tags")
		}
		made, err := c.Cloud.Create(ctx, entity.New{
			Type:       entity.Deployment,
			Attributes: pick(b, names),
			Relations:  document.Object{{Key: "devicegroup", Value: g.Ref()}},
		})
		if err != nil {
			return err
		}
		if err := verb.Said(ctx, c, made, "created"); err != nil {
			return err
		}
		if err := c.Say(ctx, "%s is copied successfully to %s.", b, made); err != nil {
			return err
		}
		return c.ShowPrograms(ctx, view.Brief(made))
	},
}

// pick returns attributes of a build; an origin cannot be sent empty.
func pick(b entity.Entity, names []string) document.Object {
	var picked document.Object
	for _, name := range names {
		v, ok := b.Attributes.Get(name)
		if ok && (v != nil || name != "origin") {
			picked.Set(name, v)
		}
	}
	return picked
}
