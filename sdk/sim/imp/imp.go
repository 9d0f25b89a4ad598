// Package imp runs the code of a device and of its agent as an imp does: two
// Squirrel machines, one event loop, and as much of the imp API as needs no
// hardware and no network.
//
// Time is the machine's own: [Machine.Next] says when something is due next,
// and [Machine.Run] runs it. Whoever drives the machine waits in between, or
// does not.
package imp

import (
	"container/heap"
	"context"
	"time"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// Line is what is logged.
type Line struct {
	At   time.Time
	Type string // server.log, server.error, agent.log, agent.error, lastexitcode
	Msg  string
}

// Config is what a Machine runs.
type Config struct {
	DeviceCode, AgentCode string
	// Device is the device's id, AgentURL where its agent would be reached.
	Device, AgentURL string
	// Info is the enumeration __EI, Vars the group's environment variables,
	// which are the enumeration __VARS.
	Info, Vars map[string]any
	// Online: the device is there. If not, its agent alone runs.
	Online bool
	// Now is when the code starts.
	Now time.Time
	// Log receives what is logged, in order.
	Log func(Line)
}

// The limits of one side: of one call, and of what is kept.
const (
	maxSteps   = 10_000_000
	maxMemory  = 16 << 20
	maxDepth   = 500
	maxPending = 10_000
)

// Machine is a device with its agent. It is for one goroutine at a time.
type Machine struct {
	cfg           Config
	now           time.Time
	began         time.Time
	agent, device *side
	events        events
	seq           int
	looks         int // at the clock, since the last event
	steps         int
}

// New makes a machine whose code has not started yet.
func New(cfg Config) *Machine {
	m := &Machine{cfg: cfg, now: cfg.Now, began: cfg.Now}
	m.agent = &side{m: m, file: "agent_code", code: cfg.AgentCode, log: "agent.log", err: "agent.error"}
	m.device = &side{m: m, file: "device_code", code: cfg.DeviceCode, log: "server.log", err: "server.error"}
	m.agent.other, m.device.other = m.device, m.agent
	return m
}

// StartAgent and StartDevice run the code from its first line to its last.
func (m *Machine) StartAgent(ctx context.Context) { m.agent.boot(ctx) }

// StartDevice is like StartAgent.
func (m *Machine) StartDevice(ctx context.Context) {
	if !m.cfg.Online {
		return
	}
	m.device.boot(ctx)
	if fn := m.agent.connected; fn.Callable() {
		m.after(m.agent, 0, func(ctx context.Context) { m.agent.call(ctx, fn) }, fn)
	}
}

// Next is when something is due; false: never again.
func (m *Machine) Next() (time.Time, bool) {
	if len(m.events) == 0 {
		return time.Time{}, false
	}
	return later(m.events[0].at, m.now), true
}

// Run runs what is due next, at the time that it is now.
func (m *Machine) Run(ctx context.Context, now time.Time) {
	if len(m.events) == 0 {
		return
	}
	e, ok := heap.Pop(&m.events).(*event)
	if !ok {
		return
	}
	m.now = later(m.now, later(now, e.at))
	m.looks = 0
	if e.boots != e.on.boots {
		return
	}
	e.on.pending--
	if !e.canceled && (e.on.vm != nil || e.starts) {
		e.run(ctx)
	}
}

// Steps is how much both sides have done.
func (m *Machine) Steps() int { return m.steps }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (m *Machine) emit(kind, msg string) { m.cfg.Log(Line{m.now, kind, msg}) }

// event is something that one side does later.
type event struct {
	at       time.Time
	seq      int
	on       *side
	boots    int
	run      func(ctx context.Context)
	holds    []squirrel.Value
	starts   bool
	canceled bool
}

// after makes an event of a side; nil when it has too many.
func (m *Machine) after(on *side, d time.Duration, run func(ctx context.Context), holds ...squirrel.Value) *event {
	if on.pending >= maxPending {
		return nil
	}
	on.pending++
	m.seq++
	e := &event{at: m.now.Add(max(0, d)), seq: m.seq, on: on, boots: on.boots, run: run, holds: holds}
	heap.Push(&m.events, e)
	return e
}

type events []*event

func (h events) Len() int { return len(h) }

func (h events) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].seq < h[j].seq
}

func (h events) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is for container/heap.
func (h *events) Push(e any) {
	if e, ok := e.(*event); ok {
		*h = append(*h, e)
	}
}

// Pop is for container/heap.
func (h *events) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return e
}
