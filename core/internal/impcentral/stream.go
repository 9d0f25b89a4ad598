package impcentral

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/electricimp/impt/sdk/fault"
)

const (
	batchSize     = 64
	addedAtOnce   = 5
	firstRetry    = time.Second
	longestRetry  = 5 * time.Minute
	longestPause  = 10 * time.Second
	eventsAhead   = 256
	patientBefore = 3 // reconnections at the usual pace
)

// StreamEvents are told what happens to a log stream. They are called one
// after the other, never side by side.
type StreamEvents struct {
	// Opened: the stream is open and all devices are added; called again
	// after Lost.
	Opened func()
	// Entries hands over what has arrived, in order: JSON objects, at most 64
	// at once. An error ends the stream and is returned.
	Entries func([]json.RawMessage) error
	// Lost: impCentral does not continue the stream; a new one is opened.
	Lost func(error)
}

// OpenStream streams the logs of devices, given by their ids, until impCentral
// closes the stream (nil), the context is done (its error), or it fails. A lost
// connection is silently made again; entries may be lost with it.
func (c *Client) OpenStream(ctx context.Context, devices []string, on StreamEvents) error {
	for {
		id, err := c.newStream(ctx)
		if err != nil {
			return err
		}
		err = c.watch(ctx, id, devices, on)
		refused, ok := errors.AsType[*refusal](err)
		switch {
		case !ok:
			return err
		case !refused.reopening:
			return refused.fault
		case on.Lost != nil:
			on.Lost(refused.fault)
		}
	}
}

func (c *Client) newStream(ctx context.Context) (string, error) {
	resp, err := c.Do(ctx, Request{Method: http.MethodPost, Path: []string{"logstream"}})
	if err != nil {
		return "", err
	}
	var doc struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(resp.Body, &doc); err != nil {
		return "", unexpected(fmt.Errorf("reading the log stream: %w", err))
	}
	if doc.Data.ID == "" {
		return "", unexpected(errors.New("a log stream without id"))
	}
	return doc.Data.ID, nil
}

// refusal is an answer to the request for events that ends the stream.
type refusal struct {
	reopening bool
	fault     *fault.Fault
}

func (r *refusal) Error() string { return r.fault.Error() }
