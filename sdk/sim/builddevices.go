package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

func (b *builder) deployment(d *deployment) error {
	if d.ID == "" {
		d.ID = b.st.ids.unused("deployment", shapeUUID, b.st.deployments.has)
	}
	if b.st.deployments.has(d.ID) {
		return taken(d.ID)
	}
	var g *deviceGroup
	if d.DeviceGroup != "" {
		if err := b.groupRef(&d.DeviceGroup); err != nil {
			return err
		}
		g = b.st.groups.get(d.DeviceGroup)
		d.Product = g.Product
	}
	owner := d.Owner
	if d.Product != "" {
		if err := b.productRef(&d.Product); err != nil {
			return err
		}
		owner = b.st.products.get(d.Product).Owner
	}
	d.Owner = owner
	if err := b.accountRef(&d.Owner, ""); err != nil {
		return err
	}
	if err := b.accountRef(&d.Creator, d.Owner); err != nil {
		return err
	}
	if d.Flagged {
		if err := b.accountRef(&d.Flagger, d.Creator); err != nil {
			return err
		}
	}
	if why := checkTags(d.Tags); why != "" {
		return fmt.Errorf("tags %s", why)
	}
	if d.SHA == "" {
		d.SHA = shaOf(d.DeviceCode, d.AgentCode)
	}
	b.times(&d.Created, &d.Updated)
	b.st.deployments.add(d.ID, d)
	if b.guess && g != nil && !b.chosen[g] {
		g.Current = d.ID
	}
	return nil
}

func (b *builder) device(d *device) error {
	st := b.st
	if d.ID == "" {
		d.ID = st.ids.unused("device", shapeDevice, st.devices.has)
	}
	d.ID = strings.ToLower(d.ID)
	if d.MAC == "" {
		d.MAC = st.ids.unused("mac", shapeMAC, func(m string) bool { return st.macs[m] != "" })
	}
	d.MAC = strings.ToLower(d.MAC)
	if d.AgentID == "" {
		d.AgentID = st.ids.unused("agent", shapeAgent, func(a string) bool { return st.agents[a] != "" })
	}
	for _, known := range []bool{st.devices.has(d.ID), st.macs[d.MAC] != "", st.agents[d.AgentID] != ""} {
		if known {
			return errors.New("another device has its id, MAC address or agent id already")
		}
	}
	owner := ""
	if d.DeviceGroup != "" {
		if err := b.groupRef(&d.DeviceGroup); err != nil {
			return err
		}
		owner = st.groupOwner(st.groups.get(d.DeviceGroup))
	}
	if err := b.accountRef(&d.Owner, owner); err != nil {
		return err
	}
	if d.Online == nil {
		online := true
		d.Online = &online
	}
	if b.guess {
		b.hardware(d)
	}
	d.Logs = slices.Clone(d.Logs)
	for i := range d.Logs {
		if err := b.line(d, &d.Logs[i]); err != nil {
			return fmt.Errorf("logs[%d]: %w", i, err)
		}
	}
	st.addDevice(d)
	return nil
}

// hardware gives a seeded device what a real one would report.
func (b *builder) hardware(d *device) {
	now := b.now.UTC()
	memory, rssi := 84720, -51
	for _, f := range []struct {
		field    *string
		standard string
	}{
		{&d.ImpType, "imp001"}, {&d.IP, "192.0.2.1"},
		{&d.SWVersion, "1ae4c87 - release-36.13 - Wed Dec 20 10:52:30 2017 - production"},
	} {
		if *f.field == "" {
			*f.field = f.standard
		}
	}
	if d.FreeMemory == nil {
		d.FreeMemory = &memory
	}
	if d.RSSI == nil {
		d.RSSI = &rssi
	}
	if d.StateChanged == nil {
		d.StateChanged = &now
	}
	if d.Enrolled == nil {
		d.Enrolled = &now
	}
	if g := b.st.groups.get(d.DeviceGroup); g != nil && *d.Online && d.Running == "" {
		d.Running = g.Current
	}
}

func (b *builder) line(d *device, e *LogEntry) error {
	if e.Type == "" {
		return errors.New("a type is needed")
	}
	if e.TS.IsZero() {
		e.TS = b.now
	}
	e.TS = e.TS.UTC()
	if e.LogType == "" {
		e.LogType = "development"
		if g := b.st.groups.get(d.DeviceGroup); g != nil {
			e.LogType = logType(g.Type)
		}
	}
	return nil
}

func (b *builder) accessToken(t *accessToken) error {
	if t.ID == "" || b.st.accessTokens.has(t.ID) {
		return errors.New("a token of its own is needed")
	}
	if t.Expires.IsZero() {
		t.Expires = b.now.Add(b.s.cfg.TokenLife).UTC()
	}
	if err := b.accountRef(&t.Account, ""); err != nil {
		return err
	}
	b.st.accessTokens.add(t.ID, t)
	return nil
}

func (b *builder) refreshToken(t *refreshToken) error {
	if t.Token == "" || b.st.refreshTokens.has(t.Token) {
		return errors.New("a token of its own is needed")
	}
	if t.ID == "" {
		t.ID = b.st.ids.unused("refresh_token_id", shapeUUID, nil)
	}
	if t.Created.IsZero() {
		t.Created = b.now.UTC()
	}
	if err := b.accountRef(&t.Account, ""); err != nil {
		return err
	}
	b.st.refreshTokens.add(t.Token, t)
	return nil
}

func (b *builder) loginToken(t *loginToken) error {
	if t.ID == "" || b.st.loginTokens.has(t.ID) {
		return errors.New("a token of its own is needed")
	}
	if t.Expires.IsZero() {
		t.Expires = b.now.Add(b.s.cfg.LoginTokenLife).UTC()
	}
	if err := b.accountRef(&t.Account, ""); err != nil {
		return err
	}
	b.st.loginTokens.add(t.ID, t)
	return nil
}
