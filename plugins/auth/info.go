package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows the login that applies in the current directory.",
	Examples: []string{"impt auth info --output json"},
	Needs:    sdk.LoginStatus.And(sdk.Read(entity.Account)),
	Run: func(ctx context.Context, c *sdk.Call) error {
		state, err := c.LoginState(ctx, sdk.Applying)
		if err != nil {
			return err
		}
		if !state.Exists {
			return fault.NotLoggedIn()
		}
		shown := describe(state)
		err = state.Err
		if err == nil && !state.Expired {
			var me entity.Entity
			if me, err = c.Cloud.Me(ctx); err == nil {
				shown = append(shown,
					document.Field{Key: "Username", Value: me.Text("username")},
					document.Field{Key: "Email", Value: me.Text("email")},
					document.Field{Key: "Account id", Value: me.ID},
				)
			}
		}
		result := document.Object{{Key: "Auth", Value: shown}}
		if err != nil {
			return c.Failed(ctx, result, err)
		}
		return c.Show(ctx, result)
	},
}

func describe(state sdk.LoginState) document.Object {
	shown := document.Object{
		{Key: "Auth type", Value: state.Source},
		{Key: "impCentral API endpoint", Value: state.Endpoint},
		{Key: "Access token auto refresh", Value: state.Renewable},
	}
	switch {
	case state.Renewable && state.LoginKey:
		shown.Set("Login method", "Login Key")
	case state.Renewable:
		shown.Set("Login method", "User/Password")
	case state.Expired:
		shown.Set("Access token", "expired")
	case state.Err == nil:
		shown.Set("Access token", fmt.Sprintf("expires in %d minutes", state.MinutesLeft))
	}
	return shown
}
