package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var (
	device     = option.Device.Help("Device whose logs are shown: its id, MAC address, agent id or name. Default: the only one of the project's Device Group.")
	pageSize   = option.NewNumber("page-size", "s", "<number_of_entries>", "How many entries are shown at a time.").Default("20")
	pageNumber = option.NewNumber("page-number", "n", "<page_number>", "The only page to show, counted from 1, the newest.")
)

var get = sdk.Command{
	Name:     "get",
	Synopsis: "Shows the stored logs of a Device, the newest first.",
	Details:  "After each page, Enter shows the next one and Ctrl-C ends the command.",
	Examples: []string{"impt log get --device meter-7 --page-size 50 --page-number 1"},
	Options:  sdk.Options{device, pageSize, pageNumber, lineMap},
	Needs:    sdk.Logs.And(sdk.Interrupt),
	Run: func(ctx context.Context, c *sdk.Call) error {
		code, err := runs(ctx, c)
		if err != nil {
			return err
		}
		d, err := device.Of(ctx, c)
		if err != nil {
			return err
		}
		if pageNumber.Given(c) {
			_, err := show(ctx, c, d, code, pageNumber.Of(c))
			return err
		}
		for page := 1; ; page++ {
			last, err := show(ctx, c, d, code, page)
			if err != nil {
				return err
			}
			more, err := c.NextPage(ctx)
			if err != nil || !more {
				return err
			}
			if last {
				return c.Say(ctx, "No more logs are available.")
			}
		}
	},
}

// show shows one page, and tells whether it was the last.
func show(ctx context.Context, c *sdk.Call, d entity.Entity, code sdk.Code, page int) (last bool, err error) {
	entries, err := c.Cloud.Logs(ctx, d, page, pageSize.Of(c))
	if err != nil {
		return false, err
	}
	return len(entries) < pageSize.Of(c), c.ShowLogsOf(ctx, code, entries)
}
