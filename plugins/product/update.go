package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/verb"
)

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the name or the description of a Product.",
	Details:  "Fails if its owner has another Product of that name.",
	Examples: []string{`impt product update --product Fridge --descr ""`},
	Options:  sdk.Options{product, name, descr},
	Needs:    sdk.Write(entity.Product),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.Of(ctx, c)
		if err != nil {
			return err
		}
		return verb.Update(ctx, c, p, verb.Given(c, name, descr))
	},
}
