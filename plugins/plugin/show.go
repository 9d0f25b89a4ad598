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

// full is all that is known of a plugin.
func full(p sdk.Plugin) document.Object {
	shown := document.Object{{Key: "name", Value: identity(p)}}
	for _, f := range []document.Field{
		{Key: "version", Value: p.Version},
		{Key: "level", Value: p.Level},
		{Key: "problem", Value: p.Problem},
		{Key: "about", Value: p.Synopsis},
		{Key: "may", Value: p.May},
		{Key: "confinement", Value: p.Confinement},
		{Key: "source", Value: p.Source},
		{Key: "key", Value: p.Key},
		{Key: "previous", Value: p.Previous},
		{Key: "sha256", Value: p.SHA256},
		{Key: "path", Value: p.Path},
	} {
		if f.Value != "" {
			shown = append(shown, f)
		}
	}
	for _, l := range []struct {
		name  string
		texts []string
	}{{"grants", p.Grants}, {"denied", p.Denials}} {
		if len(l.texts) == 0 {
			continue
		}
		list := document.List{}
		for _, text := range l.texts {
			list = append(list, text)
		}
		shown.Set(l.name, list)
	}
	return document.Object{{Key: "Plugin", Value: shown}}
}
