package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/fault"
)

func tell(ctx context.Context, c *sdk.Call, format string, args ...any) error {
	return c.Report(ctx, sdk.Line{Level: sdk.Info, Text: fmt.Sprintf(format, args...)})
}

func detail(ctx context.Context, c *sdk.Call, format string, args ...any) error {
	return c.Report(ctx, sdk.Line{Level: sdk.Detail, Source: "TestHelper", Text: fmt.Sprintf(format, args...)})
}

// sentence is a failure in the words of the peer, which ends no sentence here.
func sentence(text string) error { return &fault.Fault{Kind: fault.FileKind, Sentence: text} }
