// Command impt-plugin-auth is the group `impt auth`.
package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "auth",
	Synopsis: "Logging in and out.",
	Commands: []sdk.Command{info, login, logout},
}

var local = option.NewFlag("local", "l", "For the current directory alone.")

// scope is the auth file that the command is about.
func scope(c *sdk.Call) sdk.Scope {
	if local.Of(c) {
		return sdk.Local
	}
	return sdk.Global
}
