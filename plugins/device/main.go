// Command impt-plugin-device is the group `impt device`.
package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "device",
	Synopsis: "Devices and what becomes of them.",
	Commands: []sdk.Command{assign, info, list, remove, restart, unassign, update},
}

var device = option.Device.Required()

var info = verb.Info(device).WithExamples("impt device info --device meter-7")

var list = verb.List(entity.Device,
	verb.ByEntity(option.Owners, "owner.id"),
	verb.ByEntity(option.Products, "product.id"),
	verb.ByEntity(option.DeviceGroups, "devicegroup.id"),
	verb.ByText(option.GroupTypes, "devicegroup.type", entity.GroupResource),
	verb.Keeping(
		option.NewFlag("unassigned", "u", "Only Devices that are in no Device Group."),
		option.NewFlag("assigned", "a", "Only Devices that are in a Device Group."),
		func(d entity.Entity) bool { return d.Related("devicegroup") == "" },
	),
	verb.Keeping(
		option.NewFlag("online", "n", "Only Devices that are online."),
		option.NewFlag("offline", "f", "Only Devices that are offline."),
		func(d entity.Entity) bool { return d.Truth("device_online") },
	),
).WithExamples("impt device list --product Fridge --offline", "impt device list --unassigned --output json")
