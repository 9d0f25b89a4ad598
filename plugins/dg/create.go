package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	name      = option.NewText("name", "n", "<device_group_name>", "Name of the Device Group, unlike that of any other in its Product.").Required()
	groupType = option.NewText("dg-type", "y", "<device_group_type>", "Type of the Device Group.").Choices(entity.GroupTypes()...).Default("development")
	product   = option.Product.Help("Product of the Device Group: its id or name. Default: the product of the project's Device Group.")
	descr     = option.NewText("descr", "s", "<device_group_description>", "Description of the Device Group.").OrEmpty()
	dut       = option.DUT.Help("Device Group for the devices under test, of the type dut (or pre-dut). Factory (or pre-factory) groups need one.")
	target    = option.Target.Help("Device Group that blessed Devices go to, of the type production (or pre-production). Factory (or pre-factory) groups need one.")
	region    = option.NewText("region", "r", "<region_name>", "Region of a production or pre-production Device Group.").OrEmpty()
	env       = option.NewText("env-variable", "e", "", "Environment variables of the Device Group, as a JSON object.")
)

var create = sdk.Command{
	Name:     "create",
	Synopsis: "Creates a Device Group.",
	Details:  "Fails if its Product has a Device Group of that name.",
	Examples: []string{"impt dg create --name Pantry --product Fridge"},
	Options:  sdk.Options{name, groupType, product, descr, dut, target, region, option.Output, env},
	Rules: []sdk.Rule{
		sdk.RequiredFor(groupType, []string{"factory", "pre-factory"}, dut, target),
		sdk.OnlyFor(groupType, []string{"pre-production", "production"}, region),
	},
	Needs: sdk.Write(entity.DeviceGroup),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.Of(ctx, c)
		if err != nil {
			return err
		}
		relations := document.Object{{Key: "product", Value: p.Ref()}}
		if err := option.AddTargets(ctx, c, &relations, p, groupType.Of(c), target, dut); err != nil {
			return err
		}
		attributes := verb.Given(c, name, descr)
		if r := region.Of(c); r != "" {
			attributes.Set("region", r)
		}
		if err := verb.SetEnv(c, &attributes, env); err != nil {
			return err
		}
		return verb.Create(ctx, c, entity.New{
			Type:       entity.DeviceGroup,
			Resource:   entity.GroupResource(groupType.Of(c)),
			Attributes: attributes,
			Relations:  relations,
		}, name.Of(c))
	},
}
