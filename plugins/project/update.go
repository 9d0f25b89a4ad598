package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var otherName = option.NewText("name", "n", "<device_group_name>", "New name of the project's Device Group, unlike that of any other in its Product.")

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the project and its Device Group.",
	Examples: []string{"impt project update --name Pantry --device-file pantry.device.nut"},
	Options:  sdk.Options{otherName, descr, deviceFile, agentFile, dut, target},
	Needs:    needs.And(sdk.Write(entity.DeviceGroup)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := mustExist(ctx, c)
		if err != nil {
			return err
		}
		g, attributes, relations, err := changesOfGroup(ctx, c)
		if err != nil {
			return err
		}
		if path := deviceFile.Of(c); path != "" {
			p.DeviceFile = path
		}
		if path := agentFile.Of(c); path != "" {
			p.AgentFile = path
		}
		made, err := prepare(ctx, c, p)
		if err != nil {
			return err
		}
		if len(attributes) > 0 || len(relations) > 0 {
			verb.IntendUpdate(c, g)
			updating.intend(c, made)
			if err := c.Cloud.Change(ctx, g, attributes, relations); err != nil {
				return err
			}
			if err := verb.Said(ctx, c, g, "updated"); err != nil {
				return err
			}
		} else {
			updating.intend(c, made)
		}
		if err := createSources(ctx, c, p); err != nil {
			return err
		}
		if err := c.SaveProject(ctx, p, true); err != nil {
			return err
		}
		return updating.show(ctx, c, p)
	},
}

// changesOfGroup are what the options ask for of the project's group.
func changesOfGroup(ctx context.Context, c *sdk.Call) (g entity.Entity, attributes, relations document.Object, err error) {
	groups, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true})
	if err != nil {
		return g, nil, nil, err
	}
	g = groups[0]
	product := entity.Entity{ID: g.Related("product")}
	err = option.AddTargets(ctx, c, &relations, product, g.GroupType(), target, dut)
	return g, verb.Given(c, otherName, descr), relations, err
}
