package sim

import (
	"context"
	"fmt"
	"strings"
)

// Reason is why a device and its agent start.
type Reason string

// The reasons of a Boot.
const (
	Deployed  Reason = "deployed"  // the group has new code
	Assigned  Reason = "assigned"  // the device came to the group
	Restarted Reason = "restarted" // somebody asked for it
	// Conditional is a conditional_restart of a device on a supported
	// deployment: real ones restart when they are ready, here it is at once.
	Conditional Reason = "conditional"
	Connected   Reason = "connected" // the device came online to code that it does not have yet
)

// Boot is one start of a device's and an agent's code.
type Boot struct {
	Device      string // id
	DeviceGroup string // id
	GroupType   string // development_devicegroup and so on
	EnvVars     string // the group's, a JSON object
	Deployment  string // id
	// Agent is the agent's id; Info is what the enumeration __EI tells the code.
	Agent      string
	Info       map[string]any
	DeviceCode string
	AgentCode  string
	Reason     Reason
	NewCode    bool // the device did not run this deployment before
	Online     bool // an offline device does not start, its agent does
	// Clock is the simulator's. When Instant, nothing waits by it: what would
	// be logged later is logged at once, with the time that it would have.
	Clock   Clock
	Instant bool
}

// Program is what the code of a group does on its devices and agents. The
// default, Code, runs it.
//
// Start is called for each start, also concurrently. It returns the lines that
// are logged at once, before the request that caused the start is answered, and,
// unless it is nil, what goes on then: run has a goroutine of its own. Both must
// return when the context ends, because the device starts again, leaves the
// group, or the simulator is closed.
type Program interface {
	Start(ctx context.Context, b Boot) (lines []LogEntry, run func(ctx context.Context, emit func(LogEntry)))
}

// codeSpace is what a device has for its program, in bytes of source here.
const codeSpace = 128 << 10

// AgentLines is what the platform itself logs about the agent at a start.
func AgentLines(b Boot) []LogEntry {
	switch {
	case b.Reason == Connected:
		return nil
	case b.NewCode:
		return []LogEntry{{Type: "status", Msg: "Agent restarted: new_bytecode_version."}}
	}
	return []LogEntry{{Type: "status", Msg: "Agent restarted: reload."}}
}

// DeviceLines is what the platform itself logs about the device at a start,
// and whether the device's code fits into it.
func DeviceLines(b Boot) (lines []LogEntry, fits bool) {
	if !b.Online {
		return nil, false
	}
	if b.NewCode {
		used := 100 * float64(len(b.DeviceCode)) / codeSpace
		if used > 100 {
			return []LogEntry{{Type: "status", Msg: fmt.Sprintf("Out of space; %.2f%% program storage used", used)}}, false
		}
		lines = append(lines, LogEntry{Type: "status", Msg: fmt.Sprintf("Downloading new code; %.2f%% program storage used", used)})
	}
	return append(lines, LogEntry{Type: "status", Msg: "Device connected"}), true
}

// run is a program that goes on.
type run struct{ cancel context.CancelFunc }

// restartReason is that of a restart call, which may be a conditional one.
func (c *call) restartReason(d *device) Reason {
	if !strings.HasSuffix(c.r.URL.Path, "/conditional_restart") {
		return Restarted
	}
	runs := c.st.deployments.get(d.Running)
	if g := c.st.groups.get(d.DeviceGroup); g != nil && runs != nil {
		least := c.st.deployments.get(g.MinSupported)
		if least == nil || !runs.Created.Before(least.Created) {
			return Conditional
		}
	}
	return Restarted
}

// stop ends the device's program. The lock is held.
func (s *Sim) stop(id string) {
	if r := s.running[id]; r != nil {
		r.cancel()
		delete(s.running, id)
	}
}

// restart starts the group's current code on a device and its agent. The lock
// is held; what it returns is called without it.
func (s *Sim) restart(d *device, why Reason) func() {
	s.stop(d.ID)
	g := s.st.groups.get(d.DeviceGroup)
	if g == nil {
		return func() {}
	}
	dep := s.st.deployments.get(g.Current)
	if dep == nil {
		return func() {}
	}
	b := Boot{
		Device: d.ID, DeviceGroup: g.ID, GroupType: g.Type, EnvVars: string(g.EnvVars),
		Deployment: dep.ID, DeviceCode: dep.DeviceCode, AgentCode: dep.AgentCode,
		Reason: why, NewCode: d.Running != dep.ID, Online: d.isOnline(),
		Agent: d.AgentID, Info: s.st.info(g, dep),
		Clock: s.clock, Instant: s.cfg.Instant,
	}
	ctx, cancel := context.WithCancel(s.ctx)
	r := &run{cancel}
	s.running[d.ID] = r
	scripts := s.st.scripts
	return func() { s.boot(ctx, b, r, scripts) }
}

func (s *Sim) boot(ctx context.Context, b Boot, r *run, scripts []*script) {
	if s.cfg.BootTime <= 0 {
		s.start(ctx, b, r, scripts)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begin() {
		return
	}
	go func() {
		defer s.work.Done()
		if s.sleep(ctx, s.cfg.BootTime) {
			s.start(ctx, b, r, scripts)
		}
	}()
}

func (s *Sim) start(ctx context.Context, b Boot, r *run, scripts []*script) {
	lines, program := s.program(ctx, b, scripts)
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.st.devices.get(b.Device)
	if d == nil || s.running[b.Device] != r {
		r.cancel()
		return
	}
	if b.Online {
		d.Running = b.Deployment
	}
	for _, e := range lines {
		s.log(d, e)
	}
	if program == nil || !s.begin() {
		s.stop(b.Device)
		return
	}
	go func() {
		defer s.work.Done()
		defer r.cancel()
		program(ctx, func(e LogEntry) {
			s.mu.Lock()
			defer s.mu.Unlock()
			d := s.st.devices.get(b.Device)
			// What a device logs while it is offline is lost.
			if d != nil && ctx.Err() == nil && (d.isOnline() || !strings.HasPrefix(e.Type, "server.")) {
				s.log(d, e)
			}
		})
	}()
}

// SetOnline connects or disconnects a device, named by id, MAC address or
// agent id. One that comes online gets its group's current code if it does not
// have it yet.
func (s *Sim) SetOnline(device string, online bool) error {
	s.mu.Lock()
	d := s.st.device(device)
	if d == nil {
		s.mu.Unlock()
		return fmt.Errorf("no device %q", device)
	}
	then := s.setOnline(d, online)
	s.mu.Unlock()
	then()
	return nil
}

func (s *Sim) setOnline(d *device, online bool) func() {
	nothing := func() {}
	if d.isOnline() == online {
		return nothing
	}
	now := s.clock.Now().UTC()
	d.Online, d.StateChanged = &online, &now
	if !online {
		s.log(d, LogEntry{Type: "status", Msg: "Device disconnected"})
		return nothing
	}
	if g := s.st.groups.get(d.DeviceGroup); g != nil && g.Current != "" && g.Current != d.Running {
		return s.restart(d, Connected)
	}
	s.log(d, LogEntry{Type: "status", Msg: "Device connected"})
	return nothing
}
