// Command impt-plugin-dg is the group `impt dg`.
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
	Name:     "dg",
	Synopsis: "Device Groups, the Devices that run the same build.",
	Commands: []sdk.Command{builds, create, remove, info, list, reassign, restart, unassign, update},
}

var dg = option.DeviceGroup

var info = verb.InfoFull(
	dg,
	option.Full.Help("Shows the Devices, the Webhooks and the fixtures of the Device Group too."),
	view.GroupTail,
).WithExamples("impt dg info --dg Kitchen --full")

var list = verb.List(entity.DeviceGroup,
	verb.ByEntity(option.Owners, "owner.id"),
	verb.ByEntity(option.Products, "product.id"),
	verb.ByText(option.GroupTypes.Help("Only Device Groups of this type."), "type", entity.GroupResource),
).WithExamples("impt dg list --product Fridge --dg-type development")
