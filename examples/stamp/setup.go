package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var (
	by  = option.NewText("by", "y", "<name>", "Who approves builds here.").Required()
	key = option.NewSecret("key", "k", "<key>", "The company's key for approvals. It is asked for if it is not given.")
)

var setup = sdk.Command{
	Name:     "setup",
	Synopsis: "Says who approves builds, and keeps the key that proves it.",
	Examples: []string{"impt stamp setup --by ann --key correct-horse"},
	Options:  sdk.Options{by, key},
	Needs:    sdk.ChangeSettings,
	Run: func(ctx context.Context, c *sdk.Call) error {
		secret := key.Of(c)
		if secret == nil {
			var err error
			if secret, err = c.AskSecret(ctx, key, "key"); err != nil {
				return err
			}
		}
		settings, err := c.Settings(ctx)
		if err != nil {
			return err
		}
		settings.Set("by", by.Of(c))
		if err := c.SaveSettings(ctx, settings); err != nil {
			return err
		}
		if err := c.KeepSecret(ctx, keyName, secret); err != nil {
			return err
		}
		return c.Show(ctx, document.Object{{Key: "Approver", Value: settings}})
	},
}
