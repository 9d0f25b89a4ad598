package sdk

import (
	"context"
	"iter"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/internal/wire"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Follow streams the logs of devices as JSON texts, a batch at a time, until
// impCentral closes the stream. Needs Logs.
func (c *Call) Follow(ctx context.Context, devices ...string) iter.Seq2[[][]byte, error] {
	return c.FollowOpened(ctx, func() {}, devices...)
}

// FollowOpened is Follow that calls opened, in the same goroutine, when the
// stream is open and has all devices: from then on no entry is missed.
func (c *Call) FollowOpened(ctx context.Context, opened func(), devices ...string) iter.Seq2[[][]byte, error] {
	return func(yield func([][]byte, error) bool) {
		for batch, err := range c.host.Follow(ctx, &pluginv1.FollowRequest{Devices: devices, TellOpened: true}) {
			if batch.GetOpened() {
				opened()
				continue
			}
			if !yield(batch.GetEntries(), err) {
				return
			}
		}
	}
}

// ShowStream shows the logs of devices until impCentral closes the stream or
// the user presses Ctrl-C, both of which end it well. Needs Logs.
func (c *Call) ShowStream(ctx context.Context, devices ...string) error {
	return c.ShowStreamOf(ctx, nil, devices...)
}

// ShowStreamOf is ShowStream for devices that run code that was made of
// sources: places in it are shown as places in the sources.
func (c *Call) ShowStreamOf(ctx context.Context, code Code, devices ...string) error {
	r := &pluginv1.FollowRequest{Devices: devices, Announce: true, LineMaps: wire.LineMaps(code)}
	// The host shows the entries itself.
	for _, err := range c.host.Follow(ctx, r) {
		if err != nil {
			return err
		}
	}
	return nil
}

// Code tells which lines of sources the code of a build is made of.
type Code = entity.Code

// Segment is a run of lines that follow each other in a source as well.
type Segment = entity.Segment

// ShowLogs shows a page of stored logs.
func (c *Call) ShowLogs(ctx context.Context, page [][]byte) error {
	return c.ShowLogsOf(ctx, nil, page)
}

// ShowLogsOf is ShowLogs for a device that ran code that was made of sources,
// as in ShowStreamOf.
func (c *Call) ShowLogsOf(ctx context.Context, code Code, page [][]byte) error {
	return c.host.ShowLogs(ctx, page, code)
}
