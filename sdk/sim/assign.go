package sim

import "net/http"

// deviceRefs reads the devices that a relationship request names.
func (c *call) deviceRefs() ([]string, error) {
	var in struct {
		Data []reference `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.Data) == 0 {
		return nil, invalid("The data must be a list of devices.")
	}
	ids := make([]string, len(in.Data))
	for i, ref := range in.Data {
		if ref.Type != "device" || ref.ID == "" {
			return nil, invalid("The data must be a list of devices, each with type and id.")
		}
		ids[i] = ref.ID
	}
	return ids, nil
}

// eachDevice is not atomic: what fails for some devices is done for the
// others, and every failure is one error with a status of its own in a 400.
func (c *call) eachDevice(do func(id string) *failure) (*reply, error) {
	ids, err := c.deviceRefs()
	if err != nil {
		return nil, err
	}
	all := &failure{status: http.StatusBadRequest}
	for _, id := range ids {
		if f := do(id); f != nil {
			all.errors = append(all.errors, f.errors...)
		}
	}
	if len(all.errors) > 0 {
		return nil, all
	}
	return noContent(), nil
}

func (c *call) assignDevices() (*reply, error) {
	g, err := c.group(c.params[0], write)
	if err != nil {
		return nil, err
	}
	return c.eachDevice(func(id string) *failure {
		d := c.st.device(id)
		if d == nil || c.st.deviceRights(c.me.ID, d) == none {
			return notFound("device", id)
		}
		if c.st.deviceRights(c.me.ID, d) < write {
			return readOnly("device")
		}
		now := c.now.UTC()
		d.DeviceGroup, d.AgentChanged, d.Running = g.ID, &now, ""
		c.then(c.s.restart(d, Assigned))
		return nil
	})
}

func (c *call) unassignDevices() (*reply, error) {
	g, err := c.group(c.params[0], write)
	if err != nil {
		return nil, err
	}
	return c.eachDevice(func(id string) *failure {
		d := c.st.device(id)
		if d == nil || d.DeviceGroup != g.ID {
			return notFound("device", id)
		}
		if f := c.checkUnbond(g); f != nil {
			return f
		}
		now := c.now.UTC()
		d.DeviceGroup, d.AgentChanged, d.Running = "", &now, ""
		c.s.stop(d.ID)
		return nil
	})
}

func (c *call) checkUnbond(g *deviceGroup) *failure {
	if g.Type != typeProduction {
		return nil
	}
	given := c.r.Header.Get("X-Electricimp-Key")
	want := ""
	if a := c.st.accounts.get(c.st.groupOwner(g)); a != nil {
		want = a.UnbondKey
	}
	if given == "" || want != "" && given != want {
		return fail(http.StatusForbidden, "Unbond Key Required", "Unassigning a device from a production devicegroup needs a valid unbond key.")
	}
	return nil
}

// restartGroup serves restart and conditional_restart.
func (c *call) restartGroup() (*reply, error) {
	g, err := c.group(c.params[0], write)
	if err != nil {
		return nil, err
	}
	for d := range c.st.devices.all() {
		if d.DeviceGroup == g.ID {
			c.then(c.s.restart(d, c.restartReason(d)))
		}
	}
	return noContent(), nil
}
