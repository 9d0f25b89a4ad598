// A plugin of ten commands, whose group is named by its file: by links to it
// there can be many.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

func main() {
	file := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	group := sdk.Group{
		Name:     strings.TrimPrefix(file, "impt-plugin-"),
		Synopsis: "Manages things of one kind, and all that belongs to them.",
		Vendor:   "many",
		Version:  "1.0.0",
	}
	for i := range 10 {
		group.Commands = append(group.Commands, sdk.Command{
			Name:     fmt.Sprint("command-", i),
			Synopsis: "Does with things of this kind what has to be done with them.",
			Examples: []string{fmt.Sprint("impt ", group.Name, " command-", i, " --device meter-7")},
			Options:  sdk.Options{option.Device, option.DeviceGroup, option.Product, option.Confirmed},
			Run:      func(context.Context, *sdk.Call) error { return nil },
		})
	}
	sdk.Serve(group)
}
