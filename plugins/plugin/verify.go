package main

import (
	"context"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

var verify = sdk.Command{
	Name:     "verify",
	Synopsis: "Tells whether installed plugins are still what was installed.",
	Details:  "Every file is hashed and every signature verified again. Fails if one is not in order.",
	Examples: []string{"impt plugin verify"},
	Options:  sdk.Options{some},
	Needs:    sdk.ReadPlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		all, err := c.VerifyPlugins(ctx, some.Of(c))
		if err != nil {
			return err
		}
		var bad []string
		shown := document.List{}
		for _, p := range all {
			if p.Problem != "" {
				bad = append(bad, identity(p))
			}
			shown = append(shown, brief(p))
		}
		if len(bad) > 0 {
			return c.Failed(ctx, shown, fault.PluginsDamaged(strings.Join(bad, ", ")))
		}
		return c.Show(ctx, shown)
	},
}
