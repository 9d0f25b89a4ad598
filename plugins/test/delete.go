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
	withGithub   = option.NewFlag("github-config", "i", "Deletes the file with the GitHub credentials too.")
	withBuilder  = option.NewFlag("builder-config", "j", "Deletes the file with the variables for Builder too.")
	withEntities = option.NewFlag("entities", "e", "Deletes the Device Group with its builds too, and its Product if that has no other one.")
	all          = option.NewFlag("all", "a", "The same as --github-config --builder-config --entities.")
)

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the test configuration in the current directory, and what Builder has left there.",
	Details:  "Shows what will be changed, and asks for a confirmation.",
	Examples: []string{"impt test delete --all --confirmed"},
	Options:  sdk.Options{withGithub, withBuilder, withEntities, all, option.Confirmed},
	Needs:    verb.DeleteNeeds().And(sdk.Write(entity.Product)).And(sdk.ChangeConfig).And(sdk.Builder).And(verb.UnfinishedNeeds),
	Run: func(ctx context.Context, c *sdk.Call) error {
		o, exists, err := c.Config(ctx)
		if err == nil && !exists {
			return c.Say(ctx, "There is no %s File in the current directory.", noun)
		}
		// A file that cannot be understood can be deleted all the same.
		if err != nil && !fault.Is(err, fault.CorruptedFileKind) {
			return err
		}
		var d verb.Deletion
		if withEntities.Of(c) || all.Of(c) {
			if err := collect(ctx, c, o.Text(groupKey), &d); err != nil {
				return err
			}
		}
		l, err := findLeft(ctx, c, o)
		if err != nil {
			return err
		}
		plan := d.Plan()
		plan.Affected = append(plan.Affected, sdk.Affected{Lines: l.lines()})
		if err := c.Confirm(ctx, plan); err != nil {
			return err
		}
		d.Then = l.deletions()
		if err := d.Do(ctx, c); err != nil {
			return err
		}
		return l.remove(ctx, c)
	},
}

// collect finds what is to be deleted with the group. One that is gone has what
// an earlier run has left.
func collect(ctx context.Context, c *sdk.Call, id string, d *verb.Deletion) error {
	if id == "" {
		return nil
	}
	found, err := c.Cloud.Fetch(ctx, entity.DeviceGroup, id)
	if err != nil {
		return err
	}
	g, ok := found[id]
	if !ok {
		_, err = d.Resume(ctx, c, id)
		return err
	}
	d.Leads = g
	product := g.Related("product")
	siblings, err := c.Cloud.List(ctx, entity.DeviceGroup, entity.Filter{Name: "product.id", Value: product})
	if err != nil {
		return err
	}
	if len(siblings) == 1 {
		products, err := c.Cloud.Fetch(ctx, entity.Product, product)
		if err != nil {
			return err
		}
		if p, ok := products[product]; ok {
			d.Delete = append(d.Delete, p)
		}
	}
	d.Delete = append(d.Delete, g)
	if err := d.Include(ctx, c, g); err != nil {
		return err
	}
	return d.IncludeBuilds(ctx, c, g)
}
