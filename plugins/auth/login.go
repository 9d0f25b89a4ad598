package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var (
	endpoint = option.NewText("endpoint", "e", "<endpoint_url>", "Endpoint of the impCentral API, for a private impCloud.").Default("https://api.electricimp.com/v5")
	user     = option.NewText("user", "u", "<user_id>", "User name or email address of the account.")
	password = option.NewSecret("pwd", "w", "<password>", "Password of the account; asked for if it is left out.").OrEmpty()
	loginKey = option.NewSecret("lk", "k", "<login_key_id>", "Login Key.")
	temp     = option.NewFlag("temp", "t", "Stores nothing that renews the access token, so that the login ends with it, usually after an hour.")
)

var login = sdk.Command{
	Name:     "login",
	Synopsis: "Logs in, by an account's password or by a Login Key.",
	Details:  "What is missing is asked for, a one-time password too. Neither user name nor password are stored.",
	Examples: []string{
		"impt auth login --user demo --pwd demo",
		"impt auth login --local --lk 7d8e6670aa285e9d --temp",
	},
	Options: sdk.Options{local, endpoint, user, password, loginKey, temp, option.Confirmed},
	Rules:   []sdk.Rule{sdk.Exclusive(user, loginKey), sdk.Requires(password, user)},
	Needs:   sdk.Login,
	Run: func(ctx context.Context, c *sdk.Call) error {
		with := sdk.Credentials{
			Scope:     scope(c),
			Endpoint:  endpoint.Of(c),
			Temporary: temp.Of(c),
			User:      user.Of(c),
			Password:  password.Of(c),
			LoginKey:  loginKey.Of(c),
		}
		if err := overwrite(ctx, c, with.Scope); err != nil {
			return err
		}
		if err := complete(ctx, c, &with); err != nil {
			return err
		}
		if err := c.Login(ctx, with); err != nil {
			return err
		}
		return c.Say(ctx, "%s login is successful.", with.Scope)
	},
}

// overwrite asks whether an existing auth file may be replaced.
func overwrite(ctx context.Context, c *sdk.Call, s sdk.Scope) error {
	there, err := c.LoginState(ctx, s)
	if err != nil || !there.Exists {
		return err
	}
	return c.Confirm(ctx, sdk.Plan{Messages: []string{
		fmt.Sprintf("The %s Auth File already exists. It will be overwritten.", s),
	}})
}

// complete asks for what was not given.
func complete(ctx context.Context, c *sdk.Call, with *sdk.Credentials) (err error) {
	byKey := false
	if with.User == "" && with.LoginKey == nil {
		method, err := c.Choose(ctx, user, "Choose authentication method:", "User/Password", "Login Key")
		if err != nil {
			return err
		}
		if byKey = method == 1; !byKey {
			if with.User, err = c.Ask(ctx, user, "username or email address"); err != nil {
				return err
			}
		}
	}
	switch {
	case byKey:
		with.LoginKey, err = c.AskSecret(ctx, loginKey, "Login Key")
	case with.LoginKey == nil && with.Password == nil:
		with.Password, err = c.AskSecret(ctx, password, "password")
	}
	return err
}
