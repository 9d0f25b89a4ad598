package main

import (
	"context"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/fault"
)

// loadLibraries runs the libraries.
func (w *workshop) loadLibraries(context.Context) error {
	if len(w.Libs) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.InvalidOptionKind, Sentence: "Libraries cannot be used yet."}
}

var _ = builder.Place{}
