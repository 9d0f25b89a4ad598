// Command impt-plugin-build is the group `impt build`.
package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "build",
	Synopsis: "Builds, the code that Device Groups run.",
	Commands: []sdk.Command{cleanup, copyBuild, remove, deploy, get, info, list, preprocess, run, update},
}

var info = verb.Info(option.Build).WithExamples("impt build info --build v1")
