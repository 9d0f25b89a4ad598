package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/verb"
)

var create = sdk.Command{
	Name:     "create",
	Synopsis: "Creates a Login Key.",
	Details:  "Fails if the account has ten of them.",
	Examples: []string{`impt loginkey create --pwd demo --descr "For the build server"`},
	Options:  sdk.Options{password, descr},
	Needs:    sdk.Write(entity.LoginKey),
	Run: func(ctx context.Context, c *sdk.Call) error {
		header, err := authorize(ctx, c)
		if err != nil {
			return err
		}
		return verb.Create(ctx, c, entity.New{
			Type:       entity.LoginKey,
			Attributes: verb.Given(c, descr),
			Secret:     []entity.SecretHeader{header},
		}, "")
	},
}
