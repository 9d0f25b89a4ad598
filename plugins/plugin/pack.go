package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var (
	folder  = option.NewArgument("folder", "<FOLDER>", "Folder with the executables, as linux-amd64/impt-plugin-NAME, and what shall go along.").Required()
	to      = option.NewText("to", "t", "<file>", "Archive to write. Default: VENDOR-NAME-VERSION.tar.gz in the current directory.")
	signKey = option.NewText("sign", "s", "<key_file>", "File with your secret key, in minisign's form. Without one the archive has no signature.")
	newKey  = option.NewFlag("new-key", "n", "Makes the key file first, and beside it the public key.")
)

var pack = sdk.Command{
	Name:     "pack",
	Synopsis: "Makes an archive of a plugin, to be installed by others.",
	Details:  "Name, version and needs are asked of the executable for this system.",
	Examples: []string{"impt plugin pack dist --sign publisher.key"},
	Options:  sdk.Options{folder, to, signKey, newKey},
	Rules:    []sdk.Rule{sdk.Requires(newKey, signKey)},
	Needs:    sdk.ChangePlugins,
	Run: func(ctx context.Context, c *sdk.Call) error {
		a, err := c.PackPlugin(ctx, folder.Of(c), to.Of(c), signKey.Of(c), newKey.Of(c))
		if err != nil {
			return err
		}
		shown := document.Object{
			{Key: "name", Value: identity(a.Plugin)},
			{Key: "version", Value: a.Plugin.Version},
			{Key: "file", Value: a.File},
			{Key: "sha256", Value: a.SHA256},
			{Key: "may", Value: a.Plugin.May},
		}
		if a.Plugin.Key != "" {
			shown.Set("key", a.Plugin.Key)
		}
		return c.Show(ctx, document.Object{{Key: "Archive", Value: shown}})
	},
}
