package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var checked = option.NewArgument("file", "<file>", "Executable of the plugin.").Required()

var check = sdk.Command{
	Name:     "check",
	Synopsis: "Tells what an executable misses of the contract of plugins.",
	Details:  "Starts it, asks for its manifest, and runs each of its commands, in any language, with a stand-in for impt.",
	Examples: []string{"impt plugin check fleet/impt-plugin-fleet"},
	Options:  sdk.Options{checked},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		found, err := c.CheckPlugin(ctx, checked.Of(c))
		if err != nil {
			return err
		}
		missed, shown := 0, document.List{}
		for _, f := range found {
			if f.Missed != "" {
				missed++
			}
			shown = append(shown, finding(f))
		}
		if err := c.Show(ctx, shown); err != nil || missed == 0 {
			return err
		}
		return fmt.Errorf("%d of %d expectations are missed", missed, len(found))
	},
}

func finding(f sdk.Finding) document.Object {
	o := document.Object{{Key: "expected", Value: f.Expected}, {Key: "result", Value: "met"}}
	switch {
	case f.Missed != "":
		o.Set("result", "missed")
		o.Set("instead", f.Missed)
	case f.Skipped != "":
		o.Set("result", "skipped")
		o.Set("reason", f.Skipped)
	}
	return document.Object{{Key: "Check", Value: o}}
}
