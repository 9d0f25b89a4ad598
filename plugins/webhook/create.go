package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	dg       = option.DeviceGroup.Help("Device Group that the Webhook is about: its id or name. Default: the project's Device Group.")
	newURL   = url.Required()
	newEvent = event.Required()
	newMime  = mime.Required()
)

var create = sdk.Command{
	Name:     "create",
	Synopsis: "Creates a Webhook for an event of a Device Group.",
	Examples: []string{"impt webhook create --dg Kitchen --url https://example.com/hook --event deployment --mime json"},
	Options:  sdk.Options{dg, newURL, newEvent, newMime},
	Needs:    sdk.Write(entity.Webhook),
	Run: func(ctx context.Context, c *sdk.Call) error {
		g, err := dg.Of(ctx, c)
		if err != nil {
			return err
		}
		return verb.Create(ctx, c, entity.New{
			Type: entity.Webhook,
			Attributes: document.Object{
				{Key: "event", Value: newEvent.Of(c)},
				{Key: "url", Value: newURL.Of(c)},
				{Key: "content_type", Value: contentTypes[newMime.Of(c)]},
			},
			Relations: document.Object{{Key: "devicegroup", Value: g.Ref()}},
		}, "")
	},
}
