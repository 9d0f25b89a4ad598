package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
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
	Needs: needs.And(sdk.Write(entity.Product, entity.DeviceGroup)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		if err := replaceExisting(ctx, c); err != nil {
			return err
		}
		p, err := productOf(ctx, c)
		if err != nil {
			return err
		}
		relations := document.Object{{Key: "product", Value: p.Ref()}}
		if err := targets(ctx, c, p, &relations); err != nil {
			return err
		}
		g, err := c.Cloud.Create(ctx, entity.New{
			Type:       entity.DeviceGroup,
			Resource:   entity.GroupResource(projectTypes[preFactory.Of(c)]),
			Attributes: verb.Given(c, name, descr),
			Relations:  relations,
		})
		if err != nil {
			return err
		}
		g.Typed = name.Of(c)
		if err := verb.Said(ctx, c, g, "created"); err != nil {
			return err
		}
		made := sdk.ProjectFile{DeviceGroupID: g.ID, DeviceFile: newDevice.Of(c), AgentFile: newAgent.Of(c)}
		if err := createSources(ctx, c, made); err != nil {
			return err
		}
		if err := c.SaveProject(ctx, made, false); err != nil {
			return err
		}
		return show(ctx, c, made, noun+" is created successfully.")
	},
}

// productOf is the product of the project, made if that is wanted.
func productOf(ctx context.Context, c *sdk.Call) (entity.Entity, error) {
	p, err := product.Of(ctx, c)
	f, _ := fault.Of(err)
	if err == nil || !makeProduct.Of(c) || f == nil || f.Kind != fault.NotFoundKind || f.Identifier != product.Typed(c) {
		return p, err
	}
	return made(ctx, c, product.Typed(c), entity.New{Type: entity.Product})
}

// targets puts the targets of a pre-factory group into its relations; those
// that do not exist are made if that is wanted.
func targets(ctx context.Context, c *sdk.Call, p entity.Entity, relations *document.Object) error {
	for _, t := range []struct {
		option   option.Entity
		make     option.Flag
		relation string
		resource string
	}{
		{target, makeTarget, "production_target", entity.GroupResource("pre-production")},
		{dut, makeDUT, "dut_target", entity.GroupResource("pre-dut")},
	} {
		err := option.AddTargets(ctx, c, relations, p, projectTypes[preFactory.Of(c)], t.option)
		if fault.Is(err, fault.NotFoundKind) && t.make.Of(c) {
			var g entity.Entity
			g, err = made(ctx, c, t.option.Typed(c), entity.New{
				Type:      entity.DeviceGroup,
				Resource:  t.resource,
				Relations: document.Object{{Key: "product", Value: p.Ref()}},
			})
			relations.Set(t.relation, g.Ref())
		}
		if err != nil {
			return fmt.Errorf("finding the targets: %w", err)
		}
	}
	return nil
}

// made creates an entity of a name, and says so.
func made(ctx context.Context, c *sdk.Call, name string, n entity.New) (entity.Entity, error) {
	n.Attributes = document.Object{{Key: "name", Value: name}}
	e, err := c.Cloud.Create(ctx, n)
	if err != nil {
		return e, err
	}
	e.Typed = name
	return e, verb.Said(ctx, c, e, "created")
}
