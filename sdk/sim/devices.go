package sim

type deviceAttributes struct {
	Name         *string `json:"name"`
	AgentID      *string `json:"agent_id"`
	AgentURL     *string `json:"agent_url"`
	Online       bool    `json:"device_online"`
	StateChanged *string `json:"device_state_changed_at"`
	AgentRunning bool    `json:"agent_running"`
	AgentChanged *string `json:"agent_state_changed_at"`
	Enrolled     *string `json:"last_enrolled_at"`
	ImpType      *string `json:"imp_type"`
	IP           *string `json:"ip_address"`
	MAC          string  `json:"mac_address"`
	FreeMemory   *int    `json:"free_memory"`
	RSSI         *int    `json:"rssi"`
	SWVersion    *string `json:"swversion"`
	PlanID       *string `json:"plan_id"`
}

type deviceRelations struct {
	Owner       *reference `json:"owner,omitempty"`
	DeviceGroup *reference `json:"devicegroup,omitempty"`
	Product     *reference `json:"product,omitempty"`
}

func (c *call) showDevice(d *device) resourceOut {
	a := deviceAttributes{
		Name: d.Name, Online: d.isOnline(), StateChanged: formatTimePtr(d.StateChanged),
		AgentChanged: formatTimePtr(d.AgentChanged), Enrolled: formatTimePtr(d.Enrolled),
		ImpType: orNull(d.ImpType), IP: orNull(d.IP), MAC: d.MAC, FreeMemory: d.FreeMemory, RSSI: d.RSSI,
		SWVersion: orNull(d.SWVersion), PlanID: d.PlanID,
	}
	rel := deviceRelations{Owner: refTo("account", d.Owner)}
	if g := c.st.groups.get(d.DeviceGroup); g != nil {
		rel.DeviceGroup = refTo(g.Type, g.ID)
		rel.Product = refTo("product", g.Product)
		address := "https://agent.electricimp.com/" + d.AgentID
		a.AgentID, a.AgentURL = &d.AgentID, &address
		a.AgentRunning = g.Current != ""
	}
	return resourceOut{Type: "device", ID: d.ID, Links: c.self("/devices/" + d.ID), Attributes: a, Relationships: rel}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (c *call) device(id string, want rights) (*device, error) {
	d := c.st.device(id)
	if d == nil {
		return nil, notFound("device", id)
	}
	switch has := c.st.deviceRights(c.me.ID, d); {
	case has == none:
		return nil, notFound("device", id)
	case has < want:
		return nil, readOnly("device")
	}
	return d, nil
}

// listDevices lists one's own, unless a filter says whose, or where.
func (c *call) listDevices() (*reply, error) {
	f, err := c.filters("owner.id", "product.id", "devicegroup.id", "devicegroup.owner.id", "devicegroup.type")
	if err != nil {
		return nil, err
	}
	visible := c.visible()
	wide := f.wide()
	return list(c, c.st.devices, func(d *device) bool {
		if !wide && d.Owner != c.me.ID || !f.allow("owner.id", d.Owner) || !f.allow("devicegroup.id", d.DeviceGroup) {
			return false
		}
		g := c.st.groups.get(d.DeviceGroup)
		if !wanted(f, "product.id", g, func() string { return g.Product }) ||
			!wanted(f, "devicegroup.type", g, func() string { return g.Type }) {
			return false
		}
		if whose := f["devicegroup.owner.id"]; whose == "null" {
			if g != nil {
				return false
			}
		} else if !wanted(f, "devicegroup.owner.id", g, func() string { return c.st.groupOwner(g) }) {
			return false
		}
		return visible(d.Owner) || g != nil && visible(c.st.groupOwner(g))
	}, c.showDevice)
}

// wanted applies a filter to the group of something that may have none.
func wanted(f filters, key string, g *deviceGroup, value func() string) bool {
	return f[key] == "" || g != nil && value() == f[key]
}

func (c *call) getDevice() (*reply, error) {
	d, err := c.device(c.params[0], read)
	if err != nil {
		return nil, err
	}
	return ok(one(c.showDevice(d))), nil
}

func (c *call) updateDevice() (*reply, error) {
	d, err := c.device(c.params[0], write)
	if err != nil {
		return nil, err
	}
	in, err := c.resourceFor(d.ID, "device")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	name, given := a.text("name", 0, maxName)
	if err := a.done(); err != nil {
		return nil, err
	}
	if given {
		d.Name = name
	}
	return ok(one(c.showDevice(d))), nil
}

// deleteDevice removes it from the account; an assigned one has to be
// unassigned first.
func (c *call) deleteDevice() (*reply, error) {
	d, err := c.device(c.params[0], write)
	if err != nil {
		return nil, err
	}
	if d.DeviceGroup != "" {
		return nil, conflict("Device Is Assigned", "Cannot remove a device that is assigned to a devicegroup; unassign it first.")
	}
	c.s.stop(d.ID)
	c.st.removeDevice(d)
	c.s.forgetDevice(d.ID)
	return noContent(), nil
}

// restartDevice serves restart and conditional_restart.
func (c *call) restartDevice() (*reply, error) {
	d, err := c.device(c.params[0], write)
	if err != nil {
		return nil, err
	}
	c.then(c.s.restart(d, c.restartReason(d)))
	return noContent(), nil
}
