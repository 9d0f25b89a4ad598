package sim

import (
	"fmt"
	"slices"
	"time"
)

// LogEntry is one line of a device's log. Types are those of the API:
// server.log, server.error, agent.log, agent.error, status and so on.
type LogEntry struct {
	TS   time.Time `json:"ts,omitzero"` // zero: now
	Type string    `json:"type"`
	Msg  string    `json:"msg"`
	// LogType is development or production; empty: by the device's group.
	LogType string `json:"log_type,omitempty"`
}

// Emit logs a line for a device, named by id, MAC address or agent id: it is
// stored, and sent to the streams that have the device.
func (s *Sim) Emit(device string, e LogEntry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.st.device(device)
	if d == nil {
		return fmt.Errorf("no device %q", device)
	}
	s.log(d, e)
	return nil
}

// log stores and sends. The lock is held.
func (s *Sim) log(d *device, e LogEntry) {
	if e.TS.IsZero() {
		e.TS = s.clock.Now()
	}
	e.TS = e.TS.UTC().Truncate(time.Millisecond)
	if e.LogType == "" {
		e.LogType = "development"
		if g := s.st.groups.get(d.DeviceGroup); g != nil {
			e.LogType = logType(g.Type)
		}
	}
	// Cut in large steps, so that a full log does not move at every line.
	if len(d.Logs) >= 2*s.cfg.LogLines {
		d.Logs = slices.Clone(d.Logs[len(d.Logs)-s.cfg.LogLines+1:])
	}
	d.Logs = append(d.Logs, e)
	for st := range s.streams.all() {
		if slices.Contains(st.devices, d.ID) {
			st.push(s.cfg.StreamBuffer, event{device: d.ID, entry: &e})
		}
	}
}

// kept are the lines still stored, oldest first.
func (s *Sim) kept(d *device) []LogEntry {
	return d.Logs[max(0, len(d.Logs)-s.cfg.LogLines):]
}

type logOut struct {
	TS      string `json:"ts"`
	LogType string `json:"log_type"`
	Type    string `json:"type"`
	Msg     string `json:"msg"`
}

func (e LogEntry) out() logOut { return logOut{formatTime(e.TS), e.LogType, e.Type, e.Msg} }

func (c *call) deviceLogs() (*reply, error) {
	d, err := c.device(c.params[0], read)
	if err != nil {
		return nil, err
	}
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	lines := c.s.kept(d)
	out := []logOut{}
	for i := (p.number - 1) * p.size; i < len(lines) && len(out) < p.size; i++ {
		at := i
		if !c.s.cfg.LogsOldestFirst {
			at = len(lines) - 1 - i
		}
		out = append(out, lines[at].out())
	}
	return ok(document{Data: out, Links: c.pageLinks(p, len(lines))}), nil
}
