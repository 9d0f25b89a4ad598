package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	product      = option.Product.Required().Help("Product of the project: its id or name.")
	makeProduct  = option.NewFlag("create-product", "c", "Creates the Product if it does not exist.")
	name         = option.NewText("name", "n", "<device_group_name>", "Name of the project's Device Group, unlike that of any other in its Product.").Required()
	newDevice    = deviceFile.Default("device.nut")
	newAgent     = agentFile.Default("agent.nut")
	preFactory   = option.NewFlag("pre-factory", "f", "Makes a Device Group of the type pre-factory, and not development.")
	makeDUT      = option.NewFlag("create-dut", "w", "Creates the Device Group for the devices under test if it does not exist.")
	makeTarget   = option.NewFlag("create-target", "r", "Creates the Device Group that blessed Devices go to if it does not exist.")
	projectTypes = map[bool]string{false: "development", true: "pre-factory"}
)

var create = sdk.Command{
	Name:     "create",
	Synopsis: "Makes the current directory the project of a new Device Group.",
	Details:  "Asks for a confirmation if the directory has a project.",
	Examples: []string{"impt project create --product Freezer --create-product --name Garage"},
	Options: sdk.Options{
		product, makeProduct, name, descr, newDevice, newAgent, preFactory,
		dut, makeDUT, target, makeTarget, option.Confirmed,
	},
	Rules: []sdk.Rule{sdk.Together(preFactory, target), sdk.Together(preFactory, dut)},
	Needs: needs.And(sdk.Write(entity.Product, entity.DeviceGroup)).And(verb.UnfinishedNeeds),
	Run: func(ctx context.Context, c *sdk.Call) error {
		if err := replaceExisting(ctx, c); err != nil {
			return err
		}
		p, makesProduct, err := findProduct(ctx, c)
		if err != nil {
			return err
		}
		groups, err := findTargets(ctx, c, p)
		if err != nil {
			return err
		}
		files := sdk.ProjectFile{DeviceFile: newDevice.Of(c), AgentFile: newAgent.Of(c)}
		sources, err := prepare(ctx, c, files)
		if err != nil {
			return err
		}
		intendCreation(c, makesProduct, groups, sources)
		if makesProduct {
			if p, err = made(ctx, c, product.Typed(c), entity.New{Type: entity.Product}); err != nil {
				return err
			}
		}
		n, err := newGroup(ctx, c, p, groups)
		if err != nil {
			return err
		}
		g, err := createGroup(ctx, c, n)
		if isRefusal(err) {
			return err
		}
		if err == nil {
			files.DeviceGroupID = g.ID
			err = makeProject(ctx, c, files)
		}
		return repeatable(ctx, c, n, err)
	},
}

// makeProject makes the directory a project.
func makeProject(ctx context.Context, c *sdk.Call, files sdk.ProjectFile) error {
	if err := createSources(ctx, c, files); err != nil {
		return err
	}
	if err := c.SaveProject(ctx, files, false); err != nil {
		return err
	}
	return creation.show(ctx, c, files)
}

// intendCreation announces all that is going to be made, in its order.
func intendCreation(c *sdk.Call, makesProduct bool, targets []targetGroup, sources []string) {
	if makesProduct {
		verb.IntendCreate(c, entity.Product, product.Typed(c))
	}
	for _, t := range targets {
		if t.ref == nil {
			verb.IntendCreate(c, entity.DeviceGroup, t.name)
		}
	}
	verb.IntendCreate(c, entity.DeviceGroup, name.Of(c))
	creation.intend(c, sources)
}
