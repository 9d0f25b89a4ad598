package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

var (
	unsigned  = option.NewFlag("unsigned", "u", "Takes a plugin without a signature: nobody can tell who made it.")
	acceptKey = option.NewFlag("accept-key", "k", "Takes another key of the publisher than the known one.")
	grants    = option.NewList("grant", "g", "<resource>", "Grants it without a question: a resource such as device, or device:write to change it too; all grants whatever the plugin wants.")
	downgrade = option.NewFlag("downgrade", "d", "Takes an older version than the installed one.")
	writeLock = option.NewFlag("lock", "l", "Writes impt-plugins.lock, even if there is none yet.")
)

// how is what all that install have.
var how = sdk.Options{unsigned, acceptKey, grants, downgrade, writeLock}

func installation(c *sdk.Call) sdk.Installation {
	return sdk.Installation{
		Unsigned:  unsigned.Of(c),
		AcceptKey: acceptKey.Of(c),
		Grants:    grants.Of(c),
		Downgrade: downgrade.Of(c),
		Lock:      writeLock.Of(c),
	}
}
