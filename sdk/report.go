package sdk

import (
	"context"
	"fmt"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Level is the kind of a line of a report.
type Level int

// The kinds of lines. Minimal output has Test, Problem and Bare alone; JSON
// output has no report.
const (
	// Info is for readers.
	Info Level = iota + 1
	// Warning is for readers.
	Warning
	// Test is what the command is about.
	Test
	// Problem is something that is wrong.
	Problem
	// Detail is shown in debug output alone.
	Detail
	// Bare is text without a time.
	Bare
)

// Tone is how a line stands out on a terminal.
type Tone int

// The tones.
const (
	// Ordinary is any text.
	Ordinary Tone = iota
	// Good is good news.
	Good
	// Bad is bad news.
	Bad
	// Quote is text from elsewhere.
	Quote
)

// Line is a line of a report.
type Line struct {
	Level Level
	Tone  Tone
	Text  string
	// Source is the part of the program that a Detail comes from.
	Source string
}

// Report shows a line of a report, with the seconds since its first line.
func (c *Call) Report(ctx context.Context, l Line) error {
	return c.host.Report(ctx, &pluginv1.ReportRequest{
		Level:  pluginv1.ReportLevel(l.Level), //nolint:gosec // one of six
		Tone:   pluginv1.Tone(l.Tone),         //nolint:gosec // one of four
		Text:   l.Text,
		Source: l.Source,
	})
}

// Progress says on a terminal how far along the command is, until it says
// something else. Without text, nothing is said any more.
func (c *Call) Progress(ctx context.Context, format string, args ...any) error {
	return c.host.Progress(ctx, fmt.Sprintf(format, args...))
}
