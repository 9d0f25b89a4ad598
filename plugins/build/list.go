package main

import (
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var list = verb.List(entity.Deployment,
	verb.ByEntity(option.Owners, "owner.id"),
	verb.ByEntity(option.Products, "product.id"),
	verb.ByEntity(option.DeviceGroups, "devicegroup.id"),
	verb.KeepingTexts(option.GroupTypes, entity.Entity.RelatedGroup),
	verb.ByText(option.NewList("sha", "s", "<deployment_sha>", "Only builds with this sha."), "sha", nil),
	verb.ByText(option.NewList("tag", "t", "<tag>", "Only builds with this tag."), "tags", nil),
	verb.ByFlags(
		option.NewFlag("flagged", "f", "Only builds with the flag that keeps them from being deleted."),
		option.NewFlag("unflagged", "u", "Only builds without that flag."),
		"flagged",
	),
	verb.Keeping(
		option.NewFlag("non-zombie", "n", "Only builds that belong to a Device Group."),
		option.NewFlag("zombie", "m", "Only builds whose Device Group is gone."),
		func(b entity.Entity) bool { return b.Related("devicegroup") != "" },
	),
).WithExamples("impt build list --dg Kitchen --flagged", "impt build list --tag v1 --tag v2 --output json")
