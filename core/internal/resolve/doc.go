// Package resolve turns what users type into entities, and reads every entity
// at most once in a run.
//
// A [Store] is the door to impCentral for one run of one command. It keeps
// what was read, shares requests in flight, and asks Config.Permit before it
// answers anything, from memory or not. On top of it [One] and [All] find what
// an identifier means, [Default] takes the project's entities when none was
// typed, and [Documents] shows the candidates of an ambiguous one.
//
// # Permission
//
// [Store.Get], [Store.GetMany], [Store.List] and [Store.Call] ask for exactly
// the request they stand for. An identifier or a default counts as one read of
// the type that is asked for: GET of its collection. What has to be read on
// the way, such as the account and the product in {account}{product}{group} or
// the project's device group, is the host's own reading on the user's behalf.
// The caller sees nothing of it but the sentence of a failure and, when a part
// is ambiguous, the short forms that the user is going to be shown.
package resolve

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/electricimp/impt/core/internal/impcentral"
)

// API is what a Store needs of the client of impCentral.
type API interface {
	// Do makes one request. An answer that is no success is a *fault.Fault
	// with the status.
	Do(ctx context.Context, req impcentral.Request) (impcentral.Response, error)
	// Pages reads a collection, no resource twice. After an error it ends.
	Pages(ctx context.Context, path []string, query []impcentral.Param) iter.Seq2[[]json.RawMessage, error]
}

// Config is what a Store is made of.
type Config struct {
	API API
	// Permit refuses what the command may not ask for; nil permits all. It is
	// called from several goroutines.
	Permit func(method string, path []string) error
}
