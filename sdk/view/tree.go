package view

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

const devicesKey = "Devices"

// TreeNeeds is what ProductTree and GroupTail read.
func TreeNeeds() sdk.Needs {
	return sdk.Read(entity.DeviceGroup, entity.Deployment, entity.Webhook, entity.Device)
}

// ProductTree shows the groups of a product with all that belongs to them; no
// field without groups. It is More of a product.
func ProductTree(ctx context.Context, c *sdk.Call, p entity.Entity) ([]document.Field, error) {
	groups, err := c.Cloud.List(ctx, entity.DeviceGroup, entity.Filter{Name: "product.id", Value: p.ID})
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	var all *related
	tails := make([][]document.Field, len(groups))
	err = sdk.Each(ctx, len(groups)+1, func(ctx context.Context, i int) error {
		var err error
		if i == 0 {
			all, err = read(ctx, c.Cloud, groups, inTree)
		} else {
			tails[i-1], err = tail(ctx, c.Cloud, groups[i-1], groups)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	list := make(document.List, len(groups))
	var gone []corrupted
	for i, g := range groups {
		o := g.Brief()
		gone = append(gone, all.add(&o, g, inTree)...)
		list[i] = under(g.Type.Noun(), append(o, tails[i]...))
	}
	if err := report(ctx, c, gone); err != nil {
		return nil, err
	}
	return []document.Field{{Key: "Device Groups", Value: list}}, nil
}

// Group shows a group as a list does, with what ProductTree shows at its end.
// It tells the user what is corrupted.
func Group(ctx context.Context, c *sdk.Call, g entity.Entity) (document.Object, error) {
	list, gone, err := listDocuments(ctx, c.Cloud, g.Type, []entity.Entity{g})
	if err != nil {
		return nil, err
	}
	tail, err := GroupTail(ctx, c, g)
	if err != nil {
		return nil, err
	}
	if err := report(ctx, c, gone); err != nil {
		return nil, err
	}
	shown, _ := list[0].(document.Object)
	return under(g.Type.Noun(), append(shown.Object(g.Type.Noun()), tail...)), nil
}

// GroupNeeds is what Group reads.
func GroupNeeds() sdk.Needs { return ListNeeds(entity.DeviceGroup).And(TreeNeeds()) }

// GroupTail shows what refers to a group: fixture groups that target it, its
// webhooks and its devices. It is More of a group.
func GroupTail(ctx context.Context, c *sdk.Call, g entity.Entity) ([]document.Field, error) {
	var siblings []entity.Entity
	if targeted(g) != nil {
		var err error
		siblings, err = c.Cloud.List(ctx, entity.DeviceGroup, entity.Filter{Name: "product.id", Value: g.Related("product")})
		if err != nil {
			return nil, err
		}
	}
	return tail(ctx, c.Cloud, g, siblings)
}

// targeted is the relation by which fixture groups may refer to g.
func targeted(g entity.Entity) *relation {
	switch g.GroupType() {
	case "pre-production", "production":
		return &production
	case "pre-dut", "dut":
		return &dut
	default:
		return nil
	}
}

func tail(ctx context.Context, cloud *entity.Client, g entity.Entity, siblings []entity.Entity) ([]document.Field, error) {
	filter := entity.Filter{Name: "devicegroup.id", Value: g.ID}
	types := []entity.Type{entity.Webhook, entity.Device}
	lists := make([][]entity.Entity, len(types))
	err := sdk.Each(ctx, len(types), func(ctx context.Context, i int) error {
		var err error
		lists[i], err = cloud.List(ctx, types[i], filter)
		return err
	})
	if err != nil {
		return nil, err
	}
	var fields []document.Field
	add := func(key string, entities []entity.Entity) {
		if len(entities) > 0 {
			fields = append(fields, document.Field{Key: key, Value: BriefList(entities)})
		}
	}
	if r := targeted(g); r != nil {
		var fixtures []entity.Entity
		for _, s := range siblings {
			if s.Related(r.name) == g.ID {
				fixtures = append(fixtures, s)
			}
		}
		add(r.label+" for", fixtures)
	}
	add("Webhooks", lists[0])
	add(devicesKey, lists[1])
	return fields, nil
}
