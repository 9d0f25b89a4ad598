package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
)

// brief is a plugin in a list.
func brief(p sdk.Plugin) document.Object {
	shown := document.Object{{Key: "name", Value: identity(p)}}
	if p.Version != "" {
		shown.Set("version", p.Version)
	}
	shown.Set("level", p.Level)
	if p.Problem != "" {
		shown.Set("problem", p.Problem)
	}
	return document.Object{{Key: "Plugin", Value: shown}}
}

// identity is vendor/name, or the name alone of what has no vendor.
func identity(p sdk.Plugin) string {
	if p.Vendor == "" {
		return p.Name
	}
	return p.Vendor + "/" + p.Name
}
