// Command impt-plugin-account is the group `impt account`.
package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "account",
	Synopsis: "Accounts, your own and those of your collaborators.",
	Commands: []sdk.Command{info, list},
}

var info = verb.Info(option.Account.Default("me")).WithExamples(
	"impt account info",
	"impt account info --user bob --output json",
)

var list = verb.List(entity.Account).WithExamples("impt account list")
