package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the specified Login Key.",
	Details:  "Whoever logged in with it is logged out. Asks for a confirmation.",
	Examples: []string{"impt loginkey delete --lk 7d8e6670aa285e9d --pwd demo --confirmed"},
	Options:  sdk.Options{key, password, option.Confirmed},
	Needs:    sdk.Write(entity.LoginKey),
	Run: func(ctx context.Context, c *sdk.Call) error {
		k, err := key.Of(ctx, c)
		if err != nil {
			return err
		}
		d := verb.Deletion{Delete: []entity.Entity{k}}
		if err := c.Confirm(ctx, d.Plan()); err != nil {
			return err
		}
		header, err := authorize(ctx, c)
		if err != nil {
			return err
		}
		if err := c.Cloud.Delete(ctx, k, header); err != nil {
			return err
		}
		return verb.Said(ctx, c, k, "deleted")
	},
}
