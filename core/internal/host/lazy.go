package host

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/electricimp/impt/core/internal/impcentral"
)

// lazy looks for a login when the first request needs it, so that a command's
// own checks come before "not logged in".
type lazy struct {
	client func() (*impcentral.Client, error)
}

// Do makes one request.
func (l lazy) Do(ctx context.Context, r impcentral.Request) (impcentral.Response, error) {
	client, err := l.client()
	if err != nil {
		return impcentral.Response{}, err
	}
	return client.Do(ctx, r)
}

// Pages reads a collection.
func (l lazy) Pages(ctx context.Context, path []string, query []impcentral.Param) iter.Seq2[[]json.RawMessage, error] {
	client, err := l.client()
	if err != nil {
		return func(yield func([]json.RawMessage, error) bool) { yield(nil, err) }
	}
	return client.Pages(ctx, path, query)
}
