package main

import (
	"context"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
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
	Needs:    verb.DeleteNeeds().And(sdk.Write(entity.Product)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.Of(ctx, c)
		if err != nil {
			return err
		}
		d := verb.Deletion{Delete: []entity.Entity{p}}
		ofProduct := entity.Filter{Name: "product.id", Value: p.ID}
		if force.Of(c) {
			groups, err := c.Cloud.List(ctx, entity.DeviceGroup, ofProduct)
			if err != nil {
				return err
			}
			d.Delete = append(d.Delete, groups...)
			if err := d.Include(ctx, c, groups...); err != nil {
				return err
			}
		}
		if builds.Of(c) {
			all, err := c.Cloud.List(ctx, entity.Deployment, ofProduct)
			if err != nil {
				return err
			}
			d.Delete = append(d.Delete, all...)
			if err := d.UnflagZombies(all, force.Of(c)); err != nil {
				return err
			}
			if !force.Of(c) && slices.ContainsFunc(all, func(b entity.Entity) bool { return b.Related("devicegroup") == "" }) {
				groups, err := c.Cloud.List(ctx, entity.DeviceGroup, ofProduct)
				if err != nil {
					return err
				}
				d.Refused = len(groups) > 0
			}
		}
		return d.Run(ctx, c)
	},
}
