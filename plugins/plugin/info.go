package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/fault"
)

var info = sdk.Command{
	Name:     "info",
	Synopsis: "Shows a plugin: where it comes from, why it is trusted, and what it may do.",
	Examples: []string{"impt plugin info device"},
	Options:  sdk.Options{one},
	Needs:    sdk.ReadPlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		plugins, err := c.Plugins(ctx)
		if err != nil {
			return err
		}
		for _, p := range plugins {
			if p.Name == one.Of(c) || identity(p) == one.Of(c) {
				return c.Show(ctx, full(p))
			}
		}
		return fault.NoPlugin(one.Of(c))
	},
}
