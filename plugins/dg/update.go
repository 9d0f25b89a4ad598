package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	otherName    = option.NewText("name", "n", "<device_group_name>", "New name of the Device Group, unlike that of any other in its Product.")
	loadBlessed  = option.NewBool("load-code-after-blessing", "l", "Whether Devices load the code at their blessing, or at their first start with their owner. For production and pre-production Device Groups.")
	minSupported = option.Build.Named("min-supported-deployment", "m").Help("Oldest build that the Devices may run: its id, sha, tag or origin. Not older than the one before.")
)

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the specified Device Group.",
	Details:  "The oldest supported build is changed first; it stays changed if a later step fails.",
	Examples: []string{"impt dg update --dg Kitchen --min-supported-deployment v2"},
	Options:  sdk.Options{dg, otherName, descr, dut, target, loadBlessed, minSupported, option.Output, env},
	Needs:    sdk.Write(entity.DeviceGroup),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		attributes := verb.Given(c, otherName, descr)
		var relations document.Object
		product := entity.Entity{ID: g.Related("product")}
		if err := option.AddTargets(ctx, c, &relations, product, g.GroupType(), target, dut); err != nil {
			return err
		}
		if loadBlessed.Given(c) {
			if !g.ForProduction() {
				return fault.OptionNotFor(loadBlessed.Spec().Name, g.GroupType(), "pre-production", "production")
			}
			attributes.Set("load_code_after_blessing", loadBlessed.Of(c))
		}
		if err := verb.SetEnv(c, &attributes, env); err != nil {
			return err
		}
		verb.IntendUpdate(c, g)
		if minSupported.Given(c) {
			if err := setOldest(ctx, c, g); err != nil {
				return err
			}
		}
		if err := c.Cloud.Change(ctx, g, attributes, relations); err != nil {
			return err
		}
		return verb.Said(ctx, c, g, "updated")
	},
}

// setOldest makes a build of the group the oldest that its devices may run.
func setOldest(ctx context.Context, c *sdk.Call, g entity.Entity) error {
	b, err := minSupported.Of(ctx, c)
	if err != nil {
		return err
	}
	if b.Related("devicegroup") != g.ID {
		return fault.BuildOfOtherGroup(b, g)
	}
	oldest, err := verb.OldestSupported(ctx, c, g)
	if err != nil {
		return err
	}
	if b.Text("created_at") < oldest.Text("created_at") {
		return fault.OlderThanSupported()
	}
	return verb.SetMinSupported(ctx, c, g, b)
}
