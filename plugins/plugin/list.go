package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var all = option.NewFlag("all", "a", "Lists the groups that come with impt too.")

var list = sdk.Command{
	Name:     "list",
	Synopsis: "Lists the plugins, and why each of them is trusted.",
	Examples: []string{"impt plugin list --all"},
	Options:  sdk.Options{all},
	Needs:    sdk.ReadPlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		plugins, err := c.Plugins(ctx)
		if err != nil {
			return err
		}
		shown := document.List{}
		for _, p := range plugins {
			if p.Level != "bundled" || all.Of(c) {
				shown = append(shown, brief(p))
			}
		}
		return c.Show(ctx, shown)
	},
}
