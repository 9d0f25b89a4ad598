package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var (
	credentials = githubConfig.Required().Help("File for the credentials, which only you may read.")
	user        = option.NewText("user", "u", "<github_username>", "Name of the GitHub user; asked for if it is left out.")
	password    = option.NewSecret("pwd", "w", "<github_password>", "Password or personal access token; asked for if it is left out.").OrEmpty()
)

var github = sdk.Command{
	Name:     "github",
	Synopsis: "Stores GitHub credentials, with which Builder gets libraries from there.",
	Details:  "Asks for a confirmation before it replaces a file.",
	Examples: []string{"impt test github --github-config github.json --user octocat --pwd ghp_0123456789"},
	Options:  sdk.Options{credentials, user, password, option.Confirmed},
	Rules:    []sdk.Rule{sdk.Requires(password, user)},
	Run: func(ctx context.Context, c *sdk.Call) error {
		path := credentials.Of(c)
		there, err := exists(ctx, c, path)
		if err != nil {
			return err
		}
		if there {
			message := fmt.Sprintf("%s File %s already exists. It will be overwritten.", githubNoun, path)
			if err := c.Confirm(ctx, sdk.Plan{Messages: []string{message}}); err != nil {
				return err
			}
		}
		name, token := user.Of(c), password.Of(c)
		if !user.Given(c) {
			if name, err = c.Ask(ctx, user, "GitHub username"); err != nil {
				return err
			}
		}
		if token == nil {
			if token, err = c.AskSecret(ctx, password, "GitHub password or personal access token"); err != nil {
				return err
			}
		}
		content := document.Object{{Key: "githubUser", Value: name}, {Key: "githubToken", Value: token.Handle()}}
		if err := c.WriteSecretFile(ctx, path, content, token); err != nil {
			return err
		}
		if there {
			return c.Say(ctx, "%s is updated successfully.", githubNoun)
		}
		return c.Say(ctx, "%s is created successfully.", githubNoun)
	},
}
