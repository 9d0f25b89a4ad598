package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// paint is what a terminal would obey, and bytes that are no text.
const paint = "<\x1b[31m\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1bP\x1b\\\u009b2J\u0085\r\b\x7f\x00\u202e\u2066\x0e>"

// raw is for what is no proto string.
const raw = paint + "\x9b2J\xff"

// shout puts it wherever a text may stand. text chooses how it all ends.
func shout(ctx context.Context, c *call) error {
	fmt.Fprintln(os.Stderr, raw)
	quoted, _ := json.Marshal(paint)
	document := []byte(`{` + string(quoted) + `:{"a":` + string(quoted) + `,` + string(quoted) + `:[` + string(quoted) + `,{"b":` + string(quoted) + `}]}}`)
	unquoted := []byte(`{"x":"` + raw + `"}`)
	items := []byte(`[` + string(document) + `,` + string(document) + `]`)
	for _, kind := range []pluginv1.SayKind{0, 1, 2, 3, 77} {
		_, _ = c.host.Say(ctx, &pluginv1.SayRequest{Kind: kind, Text: paint, Items: items, Keep: 1, Noun: paint})
	}
	for _, d := range [][]byte{document, items, unquoted, []byte(raw), []byte(`"` + raw + `"`), quoted} {
		_, _ = c.host.Show(ctx, &pluginv1.ShowRequest{Document: d, Cuts: []*pluginv1.Cut{{Key: paint, Keep: 0, Noun: paint}}})
		_, _ = c.host.ShowLogs(ctx, &pluginv1.ShowLogsRequest{Entries: [][]byte{d}})
		_, _ = c.host.ShowLogs(ctx, &pluginv1.ShowLogsRequest{Entries: [][]byte{d}, Page: true})
	}
	entry := []byte(`{"device_id":` + string(quoted) + `,"ts":` + string(quoted) + `,"type":` + string(quoted) + `,"msg":` + string(quoted) + `}`)
	_, _ = c.host.ShowLogs(ctx, &pluginv1.ShowLogsRequest{Entries: [][]byte{entry, unquoted}})
	for _, r := range []*pluginv1.AskRequest{
		{Option: paint, Question: &pluginv1.AskRequest_Line{Line: &pluginv1.Line{What: paint}}},
		{Option: paint, Question: &pluginv1.AskRequest_Choice{Choice: &pluginv1.Choice{Message: paint, Choices: []string{paint, paint}}}},
		{Option: paint, Question: &pluginv1.AskRequest_Confirm{Confirm: &pluginv1.Confirm{
			Messages: []string{paint},
			Affected: []*pluginv1.Affected{{Heading: paint, Items: items, Lines: []string{paint}}},
		}}},
	} {
		_, err := c.host.Ask(ctx, r)
		c.tried(fmt.Sprintf("%T", r.GetQuestion()), "", err)
	}
	for _, path := range []string{paint} {
		_, _ = c.host.ReadFile(ctx, &pluginv1.ReadFileRequest{Path: path})
		_, _ = c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: path, Identifier: path})
	}
	switch c.text("text") {
	case "problems":
		return fault.Status(&fault.Fault{
			Kind: fault.APIKind, Hints: []string{paint}, Entity: paint, Identifier: paint, Candidates: items, Status: 404,
			Problems: []*fault.Problem{{
				Title: paint, Detail: paint, Status: paint, Code: paint,
				Places: []*fault.Place{{File: paint, Type: paint, Text: paint, Row: 1, Column: 2}},
			}},
			Cause: errors.New(paint),
		})
	case "status":
		return status.Error(codes.Internal, paint)
	case "canceled":
		return fault.Status(&fault.Fault{Kind: fault.CanceledKind, Sentence: paint, Hints: []string{paint}})
	case "exit":
		os.Exit(3)
	}
	return fault.Status(&fault.Fault{
		Sentence: paint, Hints: []string{paint}, Candidates: items, Entity: paint, Identifier: paint, Cause: errors.New(paint),
	})
}

// whine writes more to standard error than anybody wants to read.
func whine(context.Context, *call) error {
	line := []byte("IMPT COMMAND SUCCEEDS \x1b[31m\n")
	for range 200_000 {
		_, _ = os.Stderr.Write(line)
	}
	return nil
}
