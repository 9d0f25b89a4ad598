package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
)

var logout = sdk.Command{
	Name:     "logout",
	Synopsis: "Logs out by deleting the auth file.",
	Details:  "A Login Key, and other logins of the account, stay valid.",
	Examples: []string{"impt auth logout --local"},
	Options:  sdk.Options{local},
	Needs:    sdk.Login,
	Run: func(ctx context.Context, c *sdk.Call) error {
		if err := c.Logout(ctx, scope(c)); err != nil {
			return err
		}
		return c.Say(ctx, "%s logout is successful.", scope(c))
	},
}
