// Command impt-plugin-product is the group `impt product`.
package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
	"github.com/electricimp/impt/sdk/view"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "product",
	Synopsis: "Products, the families of devices.",
	Commands: []sdk.Command{create, remove, info, list, update},
}

var (
	product = option.Product
	name    = option.NewText("name", "n", "<product_name>", "Name of the Product, unlike that of any other Product of its owner.")
	descr   = option.NewText("descr", "s", "<product_description>", "Description of the Product.").OrEmpty()
)

var info = verb.InfoFull(
	product,
	option.Full.Help("Shows the Device Groups of the Product too, with their builds, Webhooks and Devices."),
	view.ProductTree,
).WithExamples("impt product info --product Fridge --full")

var list = verb.List(entity.Product, verb.ByEntity(option.Owners, "owner.id")).WithExamples(
	"impt product list --owner me",
)
