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
		if err := updateGroup(ctx, c); err != nil {
			return err
		}
		if path := deviceFile.Of(c); path != "" {
			p.DeviceFile = path
		}
		if path := agentFile.Of(c); path != "" {
			p.AgentFile = path
		}
		if err := createSources(ctx, c, p); err != nil {
			return err
		}
		if err := c.SaveProject(ctx, p, true); err != nil {
			return err
		}
		return show(ctx, c, p, noun+" is updated successfully.")
	},
}

// updateGroup changes the project's group, if an option asks for it.
func updateGroup(ctx context.Context, c *sdk.Call) error {
	groups, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true})
	if err != nil {
		return err
	}
	g := groups[0]
	attributes := verb.Given(c, otherName, descr)
	var relations document.Object
	product := entity.Entity{ID: g.Related("product")}
	if err := option.AddTargets(ctx, c, &relations, product, g.GroupType(), target, dut); err != nil {
		return err
	}
	if len(attributes) == 0 && len(relations) == 0 {
		return nil
	}
	if err := c.Cloud.Change(ctx, g, attributes, relations); err != nil {
		return err
	}
	return verb.Said(ctx, c, g, "updated")
}
