package sim

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/sim/imp"
	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// Code runs the Squirrel code of devices and agents, with the part of the imp
// API that package imp has.
type Code struct{}

// The bounds of a start of which nothing waits: how far its time goes, how often
// something runs in it, and how much all of it does.
const (
	instantTime   = 10 * time.Minute
	instantEvents = 20_000
	instantSteps  = 200_000_000
)

// A program that always has something to do rests that long, that often.
const (
	restEvery = 1000
	rest      = 20 * time.Millisecond
)

// Start runs the agent's code and the device's. What their timers, messages and
// promises do comes later, or at once when the boot is instant.
func (Code) Start(ctx context.Context, b Boot) ([]LogEntry, func(context.Context, func(LogEntry))) {
	p := &process{b: b}
	lines := p.begin(ctx)
	if b.Instant {
		p.emit = func(e LogEntry) { lines = append(lines, e) }
		p.instant(ctx)
		return lines, nil
	}
	if _, more := p.m.Next(); !more {
		return lines, nil
	}
	return lines, p.run
}

// process is the code of a device and its agent that has started.
type process struct {
	b    Boot
	m    *imp.Machine
	emit func(LogEntry)
}

// begin starts both sides and returns what they and the platform log.
func (p *process) begin(ctx context.Context) []LogEntry {
	var vars map[string]any
	_ = json.Unmarshal([]byte(p.b.EnvVars), &vars) // else there are none
	own, fits := DeviceLines(p.b)
	p.m = imp.New(imp.Config{
		DeviceCode: p.b.DeviceCode, AgentCode: p.b.AgentCode, Device: p.b.Device,
		AgentURL: "https://agent.electricimp.com/" + p.b.Agent,
		Info:     p.b.Info, Vars: vars, Online: fits, Now: p.b.Clock.Now(), Log: p.log,
	})
	lines := AgentLines(p.b)
	p.emit = func(e LogEntry) { lines = append(lines, e) }
	if p.b.Reason == Connected {
		// The agent has been running all along, as far as the log tells.
		p.emit = func(LogEntry) {}
	}
	p.m.StartAgent(ctx)
	p.emit = func(e LogEntry) { lines = append(lines, e) }
	lines = append(lines, own...)
	p.m.StartDevice(ctx)
	return lines
}

func (p *process) log(l imp.Line) {
	e := LogEntry{Type: l.Type, Msg: l.Msg}
	if p.b.Instant {
		e.TS = l.At
	}
	p.emit(e)
}

// instant runs what comes later without waiting for it.
func (p *process) instant(ctx context.Context) {
	end := p.b.Clock.Now().Add(instantTime)
	for range instantEvents {
		next, more := p.m.Next()
		if !more || next.After(end) || ctx.Err() != nil || p.m.Steps() > instantSteps {
			return
		}
		p.m.Run(ctx, next)
	}
}

// run runs what comes later when it is due.
func (p *process) run(ctx context.Context, emit func(LogEntry)) {
	p.emit = emit
	for busy := 1; ; busy++ {
		next, more := p.m.Next()
		if !more {
			return
		}
		d := next.Sub(p.b.Clock.Now())
		if busy%restEvery == 0 {
			d = max(d, rest)
		}
		if d > 0 {
			busy = 0
			t := p.b.Clock.NewTimer(d)
			select {
			case <-t.C():
			case <-ctx.Done():
				t.Stop()
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		p.m.Run(ctx, p.b.Clock.Now())
	}
}

// info is what the code learns of itself, as impCentral tells it.
func (st *state) info(g *deviceGroup, d *deployment) map[string]any {
	info := map[string]any{
		"DEVICEGROUP_ID": g.ID, "DEVICEGROUP_NAME": g.Name, "DEVICEGROUP_TYPE": strings.TrimSuffix(g.Type, "_devicegroup"),
		"PRODUCT_ID": g.Product, "PRODUCT_NAME": "",
		"DEPLOYMENT_ID": d.ID, "DEPLOYMENT_SHA": d.SHA, "DEPLOYMENT_CREATED_AT": formatTime(d.Created),
	}
	if p := st.products.get(g.Product); p != nil {
		info["PRODUCT_NAME"] = p.Name
	}
	return info
}

// compile compiles the code of a side.
func compile(file, code string) []CompileError {
	var wrong *squirrel.CompileError
	if !errors.As(imp.Check(file, code), &wrong) {
		return nil
	}
	return []CompileError{{Row: wrong.Line, Column: wrong.Column, Text: wrong.Text, Type: "error", File: wrong.File}}
}
