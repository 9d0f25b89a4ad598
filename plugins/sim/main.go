// Command impt-plugin-sim is the group `impt sim`.
package main

import "github.com/electricimp/impt/sdk"

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "sim",
	Synopsis: "An impCloud on this machine, to try and to test with.",
	Commands: []sdk.Command{start},
}
