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
		flagged, d, err := toTidy(ctx, c, g)
		if err != nil {
			return err
		}
		if unflag.Of(c) || unflagOld.Of(c) {
			if err := takeFlags(ctx, c, g, flagged, &d); err != nil {
				return err
			}
		}
		if removeUnflagged.Of(c) {
			if err := removeOld(ctx, c, g, &d); err != nil {
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

// toTidy finds the builds that lose their flag, and those that are deleted
// then.
func toTidy(ctx context.Context, c *sdk.Call, g entity.Entity) (flagged []entity.Entity, d verb.Deletion, err error) {
	taking, deleting := unflag.Of(c) || unflagOld.Of(c), removeUnflagged.Of(c)
	if !taking && !deleting {
		return nil, d, nil
	}
	old := func(entity.Entity) bool { return true }
	if !unflag.Of(c) || deleting {
		if old, err = unsupported(ctx, c, g); err != nil {
			return nil, d, err
		}
	}
	filters := []entity.Filter{ofGroup(g)}
	switch {
	case !deleting:
		filters = append(filters, verb.Flagged)
	case !taking:
		filters = append(filters, verb.Unflagged)
	}
	all, err := c.Cloud.List(ctx, entity.Deployment, filters...)
	for _, b := range all {
		loses := taking && b.Truth("flagged") && (unflag.Of(c) || old(b))
		if loses {
			flagged = append(flagged, b)
		}
		if deleting && old(b) && (loses || !b.Truth("flagged")) {
			b.Attributes = slices.Clone(b.Attributes)
			b.Attributes.Set("flagged", false) // as it is shown before the question
			d.Delete = append(d.Delete, b)
		}
	}
	return flagged, d, err
}

func takeFlags(ctx context.Context, c *sdk.Call, g entity.Entity, flagged []entity.Entity, next *verb.Deletion) error {
	if len(flagged) == 0 {
		return c.Say(ctx, "No \"flagged\" Deployments are found for %s.", g)
	}
	return verb.UpdateAll(ctx, c, flagged, document.Object{{Key: "flagged", Value: false}}, next)
}

func removeOld(ctx context.Context, c *sdk.Call, g entity.Entity, d *verb.Deletion) error {
	if len(d.Delete) == 0 {
		return c.Say(ctx, "No Deployments that can be deleted are found for %s.", g)
	}
	return d.Run(ctx, c)
}
