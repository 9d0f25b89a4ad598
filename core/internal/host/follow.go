package host

import (
	"context"
	"encoding/json"
	"errors"

	"google.golang.org/grpc"

	"github.com/electricimp/impt/core/internal/impcentral"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// errLeft is the cause of a stream that the user has left.
var errLeft = errors.New("the user has left the stream")

// Follow streams the logs of devices.
func (s *Session) Follow(r *pluginv1.FollowRequest, to grpc.ServerStreamingServer[pluginv1.FollowResponse]) error {
	return s.failure(s.follow(r, to))
}

func (s *Session) follow(r *pluginv1.FollowRequest, to grpc.ServerStreamingServer[pluginv1.FollowResponse]) error {
	if err := s.grants.need("logs", reading); err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(to.Context())
	defer cancel(nil)
	events := impcentral.StreamEvents{Entries: func(entries []json.RawMessage) error {
		batch := &pluginv1.FollowResponse{Entries: make([][]byte, len(entries))}
		for i, e := range entries {
			batch.Entries[i] = e
		}
		return to.Send(batch)
	}}
	if r.GetTellOpened() {
		events.Opened = func() {
			// Whoever does not get it finds the stream ended.
			_ = to.Send(&pluginv1.FollowResponse{Opened: true})
		}
	}
	if r.GetAnnounce() {
		maps := newLineMaps(r.GetLineMaps())
		var done func()
		defer func() {
			if done != nil {
				done()
			}
		}()
		// Before the stream is open, and has shown nothing, Ctrl-C ends a
		// command that has done nothing yet.
		watched := func() {
			if done == nil {
				done = s.leavable(cancel)
			}
		}
		// Shown here, the last entries come before the words that it is closed.
		events.Entries = func(entries []json.RawMessage) error {
			watched()
			r := shown(entries)
			r.Entries = maps.translated(r.GetEntries())
			return s.cfg.Printer.ShowLogs(r)
		}
		events.Opened = func() {
			watched()
			s.cfg.Printer.StreamOpened(r.GetDevices())
		}
		events.Lost = func(cause error) {
			s.cfg.Printer.Trouble(cause.Error())
			s.cfg.Printer.StreamLost()
		}
	}
	err = client.OpenStream(ctx, r.GetDevices(), events)
	switch {
	case errors.Is(context.Cause(ctx), errLeft):
		s.cfg.Printer.StreamLeft()
		return nil
	case err == nil && r.GetAnnounce():
		s.cfg.Printer.StreamClosed()
	}
	return err
}

func shown(entries []json.RawMessage) *pluginv1.ShowLogsRequest {
	r := &pluginv1.ShowLogsRequest{Entries: make([][]byte, len(entries))}
	for i, e := range entries {
		r.Entries[i] = e
	}
	return r
}

// leavable lets Ctrl-C, or the end of whoever reads standard output, be the
// end of a stream, until done.
func (s *Session) leavable(leave context.CancelCauseFunc) (done func()) {
	end, forget := s.waiting.expect()
	over := make(chan struct{})
	go func() {
		select {
		case <-end:
			leave(errLeft)
		case <-s.cfg.Printer.Gone():
			leave(errLeft)
		case <-over:
		}
	}()
	return func() {
		forget()
		close(over)
	}
}
