// Command impt-plugin-fleet is an example of a group that does not come with
// impt: `impt fleet`.
package main

import "github.com/electricimp/impt/sdk"

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "fleet",
	Synopsis: "The Devices of a Product as a whole.",
	Vendor:   "example",
	Version:  "1.0.0",
	Commands: []sdk.Command{census, label},
}
