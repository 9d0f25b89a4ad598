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
	newName = name.Required()
	forWhom = option.Owner.Help("Owner of the new Product: the id, email address or user name of an account. Default: your own account.")
)

var create = sdk.Command{
	Name:     "create",
	Synopsis: "Creates a Product.",
	Details:  "Fails if its owner has a Product of that name.",
	Examples: []string{`impt product create --name Freezer --descr "Keeps things cold"`},
	Options:  sdk.Options{newName, descr, forWhom},
	Needs:    sdk.Write(entity.Product),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p := entity.New{Type: entity.Product, Attributes: verb.Given(c, newName, descr)}
		if forWhom.Given(c) {
			owner, err := forWhom.Of(ctx, c)
			if err != nil {
				return err
			}
			p.Relations = document.Object{{Key: "owner", Value: owner.Ref()}}
		}
		return verb.Create(ctx, c, p, newName.Of(c))
	},
}
