// Command impt-plugin-webhook is the group `impt webhook`.
package main

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "webhook",
	Synopsis: "Webhooks, which tell another server what happens in a Device Group.",
	Commands: []sdk.Command{create, remove, info, list, update},
}

var (
	webhook = option.Webhook.Required()
	url     = option.NewText("url", "u", "<target_url>", "URL that is told.")
	event   = option.NewText("event", "e", "<triggered_event>", "What it is told about.").Choices(events...)
	mime    = option.NewText("mime", "m", "<content_type>", "How it is told.").Choices("json", "urlencoded")
)

var events = []string{"blessing", "blinkup", "deployment"}

// contentTypes are the values of --mime as impCentral calls them.
var contentTypes = map[string]string{
	"json":       "application/json",
	"urlencoded": "application/x-www-form-urlencoded",
}

var info = verb.Info(webhook).WithExamples("impt webhook info --wh 24aa0e91-ebc0-9198-090c-44cca8b977f3")

var remove = verb.Delete(webhook).WithExamples(
	"impt webhook delete --wh 24aa0e91-ebc0-9198-090c-44cca8b977f3 --confirmed",
)

var list = verb.List(entity.Webhook,
	verb.ByGroupOf(option.Owners, "owner"),
	verb.ByGroupOf(option.Products, "product"),
	verb.ByEntity(option.DeviceGroups, "devicegroup.id"),
	verb.KeepingTexts(option.GroupTypes, entity.Entity.RelatedGroup),
	verb.KeepingTexts(
		option.NewList("url", "u", "<target_url>", "Only Webhooks with this URL."),
		func(w entity.Entity) string { return w.Text("url") },
	),
	verb.KeepingTexts(
		option.NewList("event", "e", "<triggered_event>", "Only Webhooks for this event.").Choices(events...),
		func(w entity.Entity) string { return w.Text("event") },
	),
).WithExamples("impt webhook list --dg Kitchen --event deployment")
