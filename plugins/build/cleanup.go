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
	ofProduct = option.Product.Help("Only builds of this Product: its id or name. Default: all of yours.")
	unflag    = option.NewFlag("unflag", "u", "Deletes flagged builds too.")
)

var cleanup = sdk.Command{
	Name:     "cleanup",
	Synopsis: "Deletes the builds whose Device Group is gone.",
	Details:  "Shows what will be deleted, and asks for a confirmation.",
	Examples: []string{"impt build cleanup --unflag --confirmed"},
	Options:  sdk.Options{ofProduct, unflag, option.Confirmed},
	Needs:    sdk.Write(entity.Deployment),
	Run: func(ctx context.Context, c *sdk.Call) error {
		zombies, err := zombies(ctx, c)
		if err != nil {
			return err
		}
		if len(zombies) == 0 {
			return c.Say(ctx, "No %ss are found.", entity.Deployment.Noun())
		}
		d := verb.Deletion{Delete: zombies}
		if err := d.UnflagZombies(zombies, unflag.Of(c)); err != nil {
			return err
		}
		return d.Run(ctx, c)
	},
}

// zombies are the builds that have lost their group.
func zombies(ctx context.Context, c *sdk.Call) ([]entity.Entity, error) {
	var filters []entity.Filter
	if !unflag.Of(c) {
		filters = append(filters, verb.Unflagged)
	}
	if !ofProduct.Given(c) {
		all, err := c.Cloud.List(ctx, entity.Deployment, filters...)
		return slices.DeleteFunc(all, grouped), err
	}
	products, err := ofProduct.Matching(ctx, c)
	if err != nil {
		return nil, err
	}
	lists := make([][]entity.Entity, len(products))
	err = sdk.Each(ctx, len(products), func(ctx context.Context, i int) error {
		filter := entity.Filter{Name: "product.id", Value: products[i].ID}
		var err error
		lists[i], err = c.Cloud.List(ctx, entity.Deployment, append([]entity.Filter{filter}, filters...)...)
		return err
	})
	return slices.DeleteFunc(entity.Unique(lists...), grouped), err
}

func grouped(b entity.Entity) bool { return b.Related("devicegroup") != "" }
