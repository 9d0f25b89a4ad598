package main

import (
	"context"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	addTags    = option.NewList("tag", "t", "<tag>", "Tag to add.")
	removeTags = option.NewList("remove-tag", "r", "<tag>", "Tag to remove.")
)

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the description, the tags or the flag of a build.",
	Examples: []string{"impt build update --build v1 --tag stable --flagged true"},
	Options:  sdk.Options{option.Build, descr, addTags, removeTags, flagged},
	Needs:    sdk.Write(entity.Deployment),
	Run: func(ctx context.Context, c *sdk.Call) error {
		b, err := option.Build.Of(ctx, c)
		if err != nil {
			return err
		}
		changes := verb.Given(c, descr)
		if flagged.Given(c) {
			changes.Set("flagged", flagged.Of(c))
		}
		if addTags.Given(c) || removeTags.Given(c) {
			changes.Set("tags", changedTags(b, removeTags.Of(c), addTags.Of(c)))
		}
		return verb.Update(ctx, c, b, changes)
	},
}

// changedTags are the tags of a build without the first of each that is
// removed, and with those that are added.
func changedTags(b entity.Entity, remove, add []string) []string {
	var tags []string
	held, _ := b.Attributes.Get("tags")
	list, _ := held.(document.List)
	for _, t := range list {
		text, _ := t.(string)
		tags = append(tags, text)
	}
	for _, t := range remove {
		if i := slices.Index(tags, t); i >= 0 {
			tags = slices.Delete(tags, i, i+1)
		}
	}
	for _, t := range add {
		if !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}
