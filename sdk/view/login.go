package view

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// LoginNeeds is what Login reads.
var LoginNeeds = sdk.LoginStatus.And(sdk.Read(entity.Account))

// Login shows the login that applies, and whose it is. With an error it holds
// what is known nevertheless, nil if nobody is logged in.
func Login(ctx context.Context, c *sdk.Call) (document.Object, error) {
	state, err := c.LoginState(ctx, sdk.Applying)
	switch {
	case err != nil:
		return nil, err
	case state.Err != nil && (!state.Exists || state.Endpoint == ""):
		return nil, state.Err
	case !state.Exists:
		return nil, fault.NotLoggedIn()
	}
	shown := describe(state)
	err = state.Err
	if err == nil && (state.Renewable || !state.Expired) {
		var me entity.Entity
		if me, err = c.Cloud.Me(ctx); err == nil {
			shown.Set("Username", me.Text("username"))
			shown.Set("Email", me.Text("email"))
			shown.Set("Account id", me.ID)
		}
	}
	return under("Auth", shown), err
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
