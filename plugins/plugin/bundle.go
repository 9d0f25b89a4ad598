package main

import (
	"context"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var bundleFile = option.NewArgument("file", "<FILE>", "File to write.").Required()

var bundled = sdk.Command{
	Name:     "bundle",
	Synopsis: "Writes impt-plugins.lock and all its plugins to one file.",
	Details:  "With impt plugin install --frozen --bundle they are installed on machines without a network.",
	Examples: []string{"impt plugin bundle plugins.tar"},
	Options:  sdk.Options{bundleFile},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		file, names, err := c.BundlePlugins(ctx, bundleFile.Of(c))
		if err != nil {
			return err
		}
		return c.Say(ctx, "\"%s\" has %s.", file, strings.Join(names, ", "))
	},
}
