// Command impt-plugin-stamp is an example of what a company once changed impt
// itself for: builds are approved, by a command that it adds to the group
// `build`, and approvals are verified. Who approves is a setting, and the key
// that proves it a secret, which stays in impt.
package main

import "github.com/electricimp/impt/sdk"

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "stamp",
	Synopsis: "Approvals of builds.",
	Vendor:   "example",
	Version:  "1.0.0",
	Commands: []sdk.Command{approve, setup, verify},
}
