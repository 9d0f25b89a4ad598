package main

import (
	"context"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var build = option.Build.Required()

var approve = sdk.Command{
	Name:     "approve",
	Group:    "build",
	Synopsis: "Approves a build.",
	Details:  "Adds a tag that tells who approved it; impt stamp verify tells whether that is true.",
	Examples: []string{"impt build approve --build v1"},
	Options:  sdk.Options{build},
	Needs:    sdk.Write(entity.Deployment).And(sdk.ReadSettings),
	Run: func(ctx context.Context, c *sdk.Call) error {
		b, err := build.Of(ctx, c)
		if err != nil {
			return err
		}
		by, err := approver(ctx, c)
		if err != nil {
			return err
		}
		stamp, err := stampOf(ctx, c, b, by)
		if err != nil {
			return err
		}
		held := tags(b)
		if slices.Contains(held, stamp) {
			return c.Say(ctx, "%s is approved by %s already.", b, by)
		}
		if err := c.Cloud.Update(ctx, b, document.Object{{Key: "tags", Value: append(held, stamp)}}); err != nil {
			return err
		}
		return c.Say(ctx, "%s is approved by %s.", b, by)
	},
}
