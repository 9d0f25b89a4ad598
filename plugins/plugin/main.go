// Command impt-plugin-plugin is the group `impt plugin`.
package main

import "github.com/electricimp/impt/sdk"

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "plugin",
	Synopsis: "Groups of commands that do not come with impt.",
	Commands: []sdk.Command{attach, bundled, check, create, dev, info, install, list, pack, remove, rollback, update, verify},
}
