package output

import (
	"context"
	"strings"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// shownIDs is how many devices of a log stream are named.
const shownIDs = 5

// StreamOpened says that logs of the devices follow, and how to leave them.
func (p *Printer) StreamOpened(devices []string) {
	p.result()
	if len(devices) > shownIDs {
		devices = append(devices[:shownIDs:shownIDs], "...")
	}
	p.Info("Log stream for Device(s) " + strings.Join(devices, ", ") + " is opened.\n" +
		succeeds + "\n\nPress <Ctrl-C> to exit.")
}

// StreamClosed says that impCentral has ended the logs.
func (p *Printer) StreamClosed() { p.Info("The log stream is closed.") }

// StreamLeft ends the line on which a terminal has shown Ctrl-C.
func (p *Printer) StreamLeft() {
	if p.out.stream.Terminal {
		p.emit(p.out, []byte("\n"))
	}
}

// StreamLost says that the logs are asked for anew.
func (p *Printer) StreamLost() { p.Info("The log stream is lost. Trying to reconnect...") }

// ShowLogs shows log entries: one after another, or as a page of stored logs,
// whose device is known. It fails on what is no log entry, after those before.
func (p *Printer) ShowLogs(r *pluginv1.ShowLogsRequest) error {
	p.result()
	entries := make(document.List, 0, len(r.GetEntries()))
	var failure error
	for _, text := range r.GetEntries() {
		v, err := read(text)
		if _, ok := v.(document.Object); !ok {
			failure = &fault.Fault{
				Sentence: "Internal error: Unexpected format of log stream message: " + string(text) + ".",
				Cause:    err,
			}
			break
		}
		entries = append(entries, v)
	}
	p.emit(p.out, p.logs(entries, r.GetPage()))
	return failure
}

func (p *Printer) logs(entries document.List, page bool) []byte {
	if p.mode == JSON && page {
		return p.json(entries)
	}
	var text []byte
	t := p.tree(p.out)
	for _, e := range entries {
		o, _ := e.(document.Object)
		if p.mode == JSON {
			text = append(text, p.json(o)...)
			continue
		}
		t.value(t.entry(o, !page), place{})
	}
	return append(text, t.buf...)
}

// entry is a log entry as readers see it. What it lacks leaves no gap.
func (t *tree) entry(o document.Object, device bool) string {
	var parts []string
	add := func(key, before, after string) {
		if v, ok := o.Get(key); ok && v != nil {
			parts = append(parts, before+t.raw(v)+after)
		}
	}
	if device {
		add("device_id", "[", "]")
	}
	add("ts", "", "")
	add("type", "[", "]")
	add("msg", "", "")
	return strings.Join(parts, " ")
}

// raw is a value in one piece, not yet escaped.
func (t *tree) raw(v document.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case document.List, document.Object:
		return string(document.Encode(v))
	}
	return t.scalar(v)
}

// MoreLogs says that a page was shown and that there may be another, and waits
// for a line on standard input. It returns false at the end of input and when
// the context ends. Lines that came early count.
func (p *Printer) MoreLogs(ctx context.Context) bool {
	p.Info(succeeds + "\n\nPress <Enter> to see more logs or <Ctrl-C> to exit.")
	return p.AwaitLine(ctx)
}

// AwaitLine waits for a line on standard input, and returns false at its end.
func (p *Printer) AwaitLine(ctx context.Context) bool {
	p.input.once.Do(func() {
		p.input.lines = make(chan struct{})
		go p.readLines()
	})
	select {
	case _, ok := <-p.input.lines:
		return ok
	case <-ctx.Done():
		return false
	}
}

// readLines hands over a token per line of standard input. It ends with the
// input or, like any reader of a terminal, with the process.
func (p *Printer) readLines() {
	defer close(p.input.lines)
	for {
		if _, err := p.input.from.ReadString('\n'); err != nil {
			return
		}
		p.input.lines <- struct{}{}
	}
}
