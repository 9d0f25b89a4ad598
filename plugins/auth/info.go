package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/view"
)

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows the login that applies in the current directory.",
	Examples: []string{"impt auth info --output json"},
	Needs:    view.LoginNeeds,
	Run: func(ctx context.Context, c *sdk.Call) error {
		login, err := view.Login(ctx, c)
		switch {
		case err == nil:
			return c.Show(ctx, login)
		case login == nil:
			return err
		default:
			return c.Failed(ctx, login, err)
		}
	},
}
