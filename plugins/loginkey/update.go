package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/verb"
)

var newDescr = descr.Required()

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the description of a Login Key.",
	Examples: []string{`impt loginkey update --lk 7d8e6670aa285e9d --pwd demo --descr "For the night build"`},
	Options:  sdk.Options{key, password, newDescr},
	Needs:    sdk.Write(entity.LoginKey),
	Run: func(ctx context.Context, c *sdk.Call) error {
		header, err := authorize(ctx, c)
		if err != nil {
			return err
		}
		k, err := key.Of(ctx, c)
		if err != nil {
			return err
		}
		if err := c.Cloud.Change(ctx, k, verb.Given(c, newDescr), nil, header); err != nil {
			return err
		}
		return verb.Said(ctx, c, k, "updated")
	},
}
