package main

import (
	"context"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

var (
	unflag          = option.NewFlag("unflag", "u", "Takes the flag from all builds of the Device Group.")
	unflagOld       = option.NewFlag("unflag-old", "o", "Takes the flag from the builds that Devices may no longer run.")
	removeUnflagged = option.NewFlag("remove", "r", "Deletes the builds without a flag that Devices may no longer run. Asks for a confirmation.")
)

var builds = sdk.Command{
	Name:     "builds",
	Synopsis: "Tidies and shows the builds of a Device Group.",
	Details:  "Flags are taken first, then builds are deleted, then what is left is shown.",
	Examples: []string{"impt dg builds --dg Kitchen --unflag-old --remove --confirmed"},
	Options:  sdk.Options{dg, unflag, unflagOld, removeUnflagged, option.Confirmed},
	Needs:    sdk.Write(entity.Deployment).And(view.ListNeeds(entity.Deployment)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		old := func(entity.Entity) bool { return true }
		if unflagOld.Of(c) && !unflag.Of(c) || removeUnflagged.Of(c) {
			if old, err = unsupported(ctx, c, g); err != nil {
				return err
			}
		}
		if unflag.Of(c) || unflagOld.Of(c) {
			if err := takeFlags(ctx, c, g, old); err != nil {
				return err
			}
		}
		if removeUnflagged.Of(c) {
			if err := removeOld(ctx, c, g, old); err != nil {
				return err
			}
		}
		left, err := c.Cloud.List(ctx, entity.Deployment, ofGroup(g))
		if err != nil {
			return err
		}
		return view.ShowList(ctx, c, entity.Deployment, left)
	},
}

func ofGroup(g entity.Entity) entity.Filter {
	return entity.Filter{Name: "devicegroup.id", Value: g.ID}
}

// unsupported tells which builds of a group its devices may no longer run; all
// of them, if the group has no oldest supported one.
func unsupported(ctx context.Context, c *sdk.Call, g entity.Entity) (func(entity.Entity) bool, error) {
	oldest, err := verb.OldestSupported(ctx, c, g)
	return func(b entity.Entity) bool {
		return oldest.ID == "" || b.Text("created_at") < oldest.Text("created_at")
	}, err
}

func takeFlags(ctx context.Context, c *sdk.Call, g entity.Entity, old func(entity.Entity) bool) error {
	flagged, err := c.Cloud.List(ctx, entity.Deployment, ofGroup(g), verb.Flagged)
	if err != nil {
		return err
	}
	if !unflag.Of(c) {
		flagged = slices.DeleteFunc(flagged, func(b entity.Entity) bool { return !old(b) })
	}
	if len(flagged) == 0 {
		return c.Say(ctx, "No \"flagged\" Deployments are found for %s.", g)
	}
	return verb.UpdateAll(ctx, c, flagged, document.Object{{Key: "flagged", Value: false}})
}

func removeOld(ctx context.Context, c *sdk.Call, g entity.Entity, old func(entity.Entity) bool) error {
	removable, err := c.Cloud.List(ctx, entity.Deployment, ofGroup(g), verb.Unflagged)
	if err != nil {
		return err
	}
	d := verb.Deletion{Delete: slices.DeleteFunc(removable, func(b entity.Entity) bool { return !old(b) })}
	if len(d.Delete) == 0 {
		return c.Say(ctx, "No Deployments that can be deleted are found for %s.", g)
	}
	return d.Run(ctx, c)
}
