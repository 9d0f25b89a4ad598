package sim

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// script is what devices log in place of running their code. The package
// documentation has an example.
type script struct {
	// A script is for one device (an id or name), the devices of one group, or
	// all; for starts of one reason; and for code that the expressions match.
	Device      string `json:"device,omitempty"`
	DeviceGroup string `json:"devicegroup,omitempty"`
	Reason      Reason `json:"reason,omitempty"`
	DeviceCode  string `json:"device_code,omitempty"`
	AgentCode   string `json:"agent_code,omitempty"`
	// Common are members of all messages that are JSON objects.
	Common map[string]any `json:"common,omitempty"`
	Lines  []scriptLine   `json:"lines"`

	codes [2]*regexp.Regexp
}

// scriptLine is one line of the log.
type scriptLine struct {
	After float64 `json:"after,omitempty"` // seconds since the line before
	Type  string  `json:"type,omitempty"`  // server.log if not given
	// Msg is a text, or a JSON object that is logged as such.
	Msg json.RawMessage `json:"msg"`
}

func (b *builder) script(p *script) error {
	if p.Device != "" {
		d := b.st.device(p.Device)
		for named := range b.st.devices.all() {
			if d == nil && named.Name != nil && *named.Name == p.Device {
				d = named
			}
		}
		if d == nil {
			return fmt.Errorf("no device %q", p.Device)
		}
		p.Device = d.ID
	}
	if p.DeviceGroup != "" {
		if err := b.groupRef(&p.DeviceGroup); err != nil {
			return err
		}
	}
	for i, code := range []string{p.DeviceCode, p.AgentCode} {
		var err error
		if p.codes[i], err = regexp.Compile(code); err != nil {
			return err
		}
	}
	for i, l := range p.Lines {
		if _, err := l.text(p.Common); err != nil {
			return fmt.Errorf("lines[%d]: %w", i, err)
		}
	}
	b.st.scripts = append(b.st.scripts, p)
	return nil
}

// text is the message of a line.
func (l scriptLine) text(common map[string]any) (string, error) {
	var text string
	if json.Unmarshal(l.Msg, &text) == nil {
		return text, nil
	}
	var object map[string]any
	if json.Unmarshal(l.Msg, &object) != nil || object == nil {
		return "", errors.New("msg must be a text or an object")
	}
	for name, v := range common {
		if _, own := object[name]; !own {
			object[name] = v
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(object)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// begins returns the lines for a start that the script is for, with what its
// expressions have found in the code put in.
func (p *script) begins(b Boot) ([]LogEntry, []time.Duration, bool) {
	if p.Device != "" && p.Device != b.Device || p.DeviceGroup != "" && p.DeviceGroup != b.DeviceGroup ||
		p.Reason != "" && p.Reason != b.Reason {
		return nil, nil, false
	}
	var found []string
	for i, code := range []string{b.DeviceCode, b.AgentCode} {
		groups := p.codes[i].FindStringSubmatch(code)
		if groups == nil {
			return nil, nil, false
		}
		for g, name := range p.codes[i].SubexpNames() {
			if name != "" {
				found = append(found, "${"+name+"}", groups[g])
			}
		}
	}
	put := strings.NewReplacer(found...)
	lines, after := make([]LogEntry, len(p.Lines)), make([]time.Duration, len(p.Lines))
	for i, l := range p.Lines {
		text, err := l.text(p.Common)
		if err != nil { // builder.script has looked
			return nil, nil, false
		}
		lines[i] = LogEntry{Type: cmp.Or(l.Type, "server.log"), Msg: put.Replace(text)}
		after[i] = time.Duration(l.After * float64(time.Second))
	}
	return lines, after, true
}

// program is what a device does at a start.
func (s *Sim) program(ctx context.Context, b Boot, scripts []*script) ([]LogEntry, func(context.Context, func(LogEntry))) {
	for _, p := range scripts {
		lines, after, ok := p.begins(b)
		switch {
		case !ok:
			continue
		case b.Instant:
			ts := b.Clock.Now()
			for i, d := range after {
				ts = ts.Add(d)
				lines[i].TS = ts
			}
			return lines, nil
		}
		return nil, func(ctx context.Context, emit func(LogEntry)) {
			for i, e := range lines {
				if after[i] > 0 && !s.sleep(ctx, after[i]) {
					return
				}
				emit(e)
			}
		}
	}
	return s.cfg.Program.Start(ctx, b)
}
