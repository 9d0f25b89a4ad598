package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/verb"
)

var update = sdk.Command{
	Name:     "update",
	Synopsis: "Changes the URL or the content type of a Webhook.",
	Examples: []string{"impt webhook update --wh 24aa0e91-ebc0-9198-090c-44cca8b977f3 --mime urlencoded"},
	Options:  sdk.Options{webhook, url, mime},
	Needs:    sdk.Write(entity.Webhook),
	Run: func(ctx context.Context, c *sdk.Call) error {
		w, err := webhook.Of(ctx, c)
		if err != nil {
			return err
		}
		changes := verb.Given(c, url)
		if mime.Given(c) {
			changes.Set("content_type", contentTypes[mime.Of(c)])
		}
		return verb.Update(ctx, c, w, changes)
	},
}
