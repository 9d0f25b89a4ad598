// Command impt-plugin-log is the group `impt log`.
package main

import "github.com/electricimp/impt/sdk"

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "log",
	Synopsis: "Logs of Devices.",
	Commands: []sdk.Command{get, stream},
}
