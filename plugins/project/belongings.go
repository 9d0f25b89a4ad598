package main

import (
	"context"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/verb"
)

// collect finds what belongs to the group of the project alone. One that is
// gone has what an earlier run has left.
func collect(ctx context.Context, c *sdk.Call, id string, d *verb.Deletion) error {
	found, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true})
	if fault.Is(err, fault.NotFoundKind) {
		_, err = d.Resume(ctx, c, id)
		return err
	}
	if err != nil {
		return err
	}
	g := found[0]
	d.Leads = g
	ofProduct := entity.Filter{Name: "product.id", Value: g.Related("product")}
	siblings, err := c.Cloud.List(ctx, entity.DeviceGroup, ofProduct)
	if err != nil {
		return err
	}
	groups := append(ownTargets(g, siblings), g)
	if len(siblings) == len(groups) && (len(groups) == 1 || len(groups) == 3) {
		products, err := c.Cloud.Fetch(ctx, entity.Product, g.Related("product"))
		if err != nil {
			return err
		}
		for _, p := range products {
			d.Delete = append(d.Delete, p)
		}
	}
	d.Delete = append(d.Delete, groups...)
	if err := d.Include(ctx, c, groups...); err != nil {
		return err
	}
	return d.IncludeBuilds(ctx, c, groups...)
}

// ownTargets are the targets of a group that no other group of its product
// uses in the same way.
func ownTargets(g entity.Entity, siblings []entity.Entity) []entity.Entity {
	var own []entity.Entity
	for _, relation := range []string{"production_target", "dut_target"} {
		id := g.Related(relation)
		shared := slices.ContainsFunc(siblings, func(s entity.Entity) bool {
			return s.ID != g.ID && s.Related(relation) == id
		})
		if id == "" || shared {
			continue
		}
		for _, s := range siblings {
			if s.ID == id {
				own = append(own, s)
			}
		}
	}
	return own
}
