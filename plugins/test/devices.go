package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/electricimp/impt/plugins/test/session"
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// together is how many devices a log stream may have.
const together = 8

// onDevices runs the tests of a file that was deployed, on one device after
// the other or on all at once.
func (b *bench) onDevices(ctx, work context.Context, r *fileResult, s session.Settings) error {
	for from := 0; from < len(b.devices); from += together {
		some := b.devices[from:min(from+together, len(b.devices))]
		l := newListener(work, b.c, some)
		err := b.onSome(ctx, work, r, s, l, from, len(some))
		l.close()
		if err != nil || b.settings.stopOnFail && r.failed() {
			return err
		}
	}
	return nil
}

// onSome runs them on devices that share a log stream.
func (b *bench) onSome(ctx, work context.Context, r *fileResult, s session.Settings, l *listener, from, n int) error {
	if parallel.Of(b.c) {
		results := make([]*sessionResult, n)
		err := sdk.Each(ctx, n, func(ctx context.Context, i int) (err error) {
			results[i], err = b.onDevice(ctx, work, r, s, l, from+i)
			return err
		})
		for _, result := range results {
			if result != nil {
				r.sessions = append(r.sessions, result)
			}
		}
		return err
	}
	for i := range n {
		result, err := b.onDevice(ctx, work, r, s, l, from+i)
		if result != nil {
			r.sessions = append(r.sessions, result)
		}
		if err != nil || b.settings.stopOnFail && result.Failed() {
			return err
		}
	}
	return nil
}

// onDevice is one test session.
func (b *bench) onDevice(ctx, work context.Context, r *fileResult, s session.Settings, l *listener, i int) (*sessionResult, error) {
	d := b.devices[i]
	desk := &desk{Call: b.c, work: work}
	name := s.ID
	if len(b.devices) > 1 {
		name = fmt.Sprintf("%s-%d", s.ID, i+1)
	}
	if parallel.Of(b.c) && len(b.devices) > 1 {
		desk.prefix = named(d) + ": "
	}
	if err := b.introduce(ctx, desk, s.OnAgent, name, i); err != nil {
		return nil, err
	}
	if err := b.c.Progress(ctx, "%s on %s%s", r.file.name, named(d), b.progress); err != nil {
		return nil, err
	}
	x, err := session.New(ctx, s, name, desk, time.Now())
	if err != nil {
		return nil, err
	}
	result := &sessionResult{device: d}
	err = b.follow(ctx, work, x, l, d)
	if errors.Is(context.Cause(work), errInterrupted) {
		err = errors.Join(errInterrupted, x.Abort(ctx, "Interrupted"))
	}
	result.Result = x.Result
	return result, err
}

// introduce says what begins.
func (b *bench) introduce(ctx context.Context, desk *desk, onAgent bool, name string, i int) error {
	d := b.devices[i]
	lines := []sdk.Line{
		{Level: sdk.Bare},
		{Level: sdk.Test, Text: fmt.Sprintf("Starting test session \"%s\"", name)},
	}
	agentOnly := onAgent && b.settings.deviceFile == ""
	if agentOnly {
		lines = append(lines, sdk.Line{Level: sdk.Info, Text: "Test session is agent-only"})
	}
	lines = append(lines, sdk.Line{
		Level: sdk.Info, Text: fmt.Sprintf("Using Device %s [%s] (%d/%d)", d.Text("name"), d.ID, i+1, len(b.devices)),
	})
	b.introducing.Lock() // whatever else runs
	defer b.introducing.Unlock()
	for _, l := range lines {
		if err := desk.Report(ctx, l); err != nil {
			return err
		}
	}
	if agentOnly {
		return nil
	}
	return b.c.Say(ctx, "Warning: please ensure imp device %s is online. "+
		"Current test will fail if the device under test is physically offline", d.ID)
}

// follow goes on with a session until it is over.
func (b *bench) follow(ctx, work context.Context, x *session.Session, l *listener, d entity.Entity) error {
	lines := l.of(d.ID)
	defer l.forget(d.ID)
	opened := l.opened()
	for !x.Over() {
		timer := time.NewTimer(time.Until(x.Alarm()))
		var err error
		select {
		case <-opened:
			opened = nil
			lines.clear()
			err = b.assign(ctx, work, x, d)
		case <-lines.more:
			if opened != nil { // what comes before is of another code
				lines.clear()
			}
			err = b.take(ctx, x, lines)
		case <-timer.C:
			err = x.Expire(ctx, time.Now())
		case <-work.Done():
			timer.Stop()
			return work.Err()
		}
		timer.Stop()
		if err != nil {
			return err
		}
	}
	return nil
}

// assign restarts the device and its agent with the code.
func (b *bench) assign(ctx, work context.Context, x *session.Session, d entity.Entity) error {
	err := b.c.Cloud.Assign(work, b.group, d)
	if f, ok := fault.Of(err); ok {
		return x.Abort(ctx, f.Error())
	}
	if err != nil {
		return err
	}
	return b.c.Say(ctx, "Device \"%s\" is assigned successfully to Device Group \"%s\".", d.ID, b.group.ID)
}

// take gives a session the lines that have come.
func (b *bench) take(ctx context.Context, x *session.Session, lines *lines) error {
	all, end := lines.take()
	for _, line := range all {
		if x.Over() {
			return nil
		}
		e, err := session.Parse(line)
		if err != nil {
			return x.Abort(ctx, fmt.Sprintf("The log has a line that cannot be read: %s", line))
		}
		if err := x.Take(ctx, e, time.Now()); err != nil {
			return err
		}
	}
	if end == nil || x.Over() {
		return nil
	}
	if f, ok := fault.Of(end); ok {
		return x.Abort(ctx, f.Error())
	}
	return x.Abort(ctx, "The log stream is closed.")
}

func named(d entity.Entity) string {
	if name := d.Text("name"); name != "" {
		return name
	}
	return d.ID
}

// desk is what a session has of the world.
type desk struct {
	*sdk.Call
	work context.Context //nolint:containedctx // that of a session, which ends with Ctrl-C
	// prefix tells sessions apart that run at the same time.
	prefix string
}

func (d *desk) Report(ctx context.Context, l sdk.Line) error {
	if l.Text != "" {
		l.Text = d.prefix + l.Text
	}
	return d.Call.Report(ctx, l)
}

func (d *desk) Execute(_ context.Context, command string, limit time.Duration) (sdk.Execution, error) {
	return d.Call.Execute(d.work, command, limit)
}
