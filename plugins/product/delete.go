package main

import (
	"context"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	builds = option.NewFlag("builds", "b", "Deletes the builds of the Product too. Flagged ones need --force as well.")
	force  = option.Force.Help("Deletes the Device Groups of the Product first, and for that unassigns their Devices and unflags their builds.")
)

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the specified Product.",
	Details:  "Without --force, fails if the Product has Device Groups. Shows what will be changed, and asks for a confirmation.",
	Examples: []string{"impt product delete --product Fridge --force --confirmed"},
	Options:  sdk.Options{product, builds, force, option.Confirmed},
	Needs:    verb.DeleteNeeds().And(sdk.Write(entity.Product)).And(sdk.Project).And(verb.UnfinishedNeeds),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.Of(ctx, c)
		if fault.Is(err, fault.NotFoundKind) && !product.Given(c) && force.Of(c) {
			return resume(ctx, c, err)
		}
		if err != nil {
			return err
		}
		d := verb.Deletion{Delete: []entity.Entity{p}}
		if force.Of(c) {
			if err := includeGroups(ctx, c, &d, p); err != nil {
				return err
			}
		}
		if builds.Of(c) {
			if err := includeBuilds(ctx, c, &d, p); err != nil {
				return err
			}
		}
		return d.Run(ctx, c)
	},
}

// resume goes on with what an earlier run has left that had deleted the
// project's group, or fails with gone.
func resume(ctx context.Context, c *sdk.Call, gone error) error {
	p, err := c.ProjectFile(ctx)
	if err != nil {
		return err
	}
	var d verb.Deletion
	found, err := d.Resume(ctx, c, p.DeviceGroupID)
	if err != nil {
		return err
	}
	if !found {
		return gone
	}
	return d.Run(ctx, c)
}

func ofProduct(p entity.Entity) entity.Filter { return entity.Filter{Name: "product.id", Value: p.ID} }

func includeGroups(ctx context.Context, c *sdk.Call, d *verb.Deletion, p entity.Entity) error {
	groups, err := c.Cloud.List(ctx, entity.DeviceGroup, ofProduct(p))
	if err != nil {
		return err
	}
	d.Delete = append(d.Delete, groups...)
	if !product.Given(c) {
		leads, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true})
		if err != nil {
			return err
		}
		d.Leads = leads[0]
	}
	return d.Include(ctx, c, groups...)
}

func includeBuilds(ctx context.Context, c *sdk.Call, d *verb.Deletion, p entity.Entity) error {
	all, err := c.Cloud.List(ctx, entity.Deployment, ofProduct(p))
	if err != nil {
		return err
	}
	d.Delete = append(d.Delete, all...)
	if err := d.UnflagZombies(all, force.Of(c)); err != nil {
		return err
	}
	isZombie := func(b entity.Entity) bool { return b.Related("devicegroup") == "" }
	if force.Of(c) || !slices.ContainsFunc(all, isZombie) {
		return nil
	}
	groups, err := c.Cloud.List(ctx, entity.DeviceGroup, ofProduct(p))
	d.Refused = len(groups) > 0
	return err
}
