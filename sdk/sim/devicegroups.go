package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const (
	typeDevelopment   = "development_devicegroup"
	typePreProduction = "pre_production_devicegroup"
	typeProduction    = "production_devicegroup"
	typePreFixture    = "pre_factoryfixture_devicegroup"
	typeFixture       = "factoryfixture_devicegroup"
	typePreDUT        = "pre_dut_devicegroup"
	typeDUT           = "dut_devicegroup"
)

var groupTypes = []string{typeDevelopment, typePreProduction, typeProduction, typePreFixture, typeFixture, typePreDUT, typeDUT}

func isProductionType(t string) bool { return t == typePreProduction || t == typeProduction }
func isFixtureType(t string) bool    { return t == typePreFixture || t == typeFixture }

// targetTypes are those of a fixture group's production and DUT target.
func targetTypes(fixture string) (production, dut string) {
	if fixture == typePreFixture {
		return typePreProduction, typePreDUT
	}
	return typeProduction, typeDUT
}

// logType is how a log stream calls what comes from devices of such a group.
func logType(groupType string) string {
	if groupType == typeDevelopment || strings.HasPrefix(groupType, "pre_") {
		return "development"
	}
	return "production"
}

type groupRelations struct {
	Product          *reference `json:"product,omitempty"`
	Owner            *reference `json:"owner,omitempty"`
	Creator          *reference `json:"creator,omitempty"`
	Current          *reference `json:"current_deployment,omitempty"`
	MinSupported     *reference `json:"min_supported_deployment,omitempty"`
	ProductionTarget *reference `json:"production_target,omitempty"`
	DUTTarget        *reference `json:"dut_target,omitempty"`
}

func (c *call) showGroup(g *deviceGroup) resourceOut {
	env := g.EnvVars
	if env == nil {
		env = json.RawMessage("{}")
	}
	return resourceOut{
		Type: g.Type, ID: g.ID, Links: c.self("/devicegroups/" + g.ID),
		Attributes: struct {
			Name                  string          `json:"name"`
			Description           *string         `json:"description"`
			Region                *string         `json:"region"`
			LoadCodeAfterBlessing *bool           `json:"load_code_after_blessing,omitempty"`
			EnvVars               json.RawMessage `json:"env_vars"`
			Created               string          `json:"created_at"`
			Updated               string          `json:"updated_at"`
		}{g.Name, g.Description, g.Region, g.LoadCodeAfterBlessing, env, formatTime(g.Created), formatTime(g.Updated)},
		Relationships: groupRelations{
			Product: refTo("product", g.Product), Owner: refTo("account", c.st.groupOwner(g)), Creator: refTo("account", g.Creator),
			Current: refTo("deployment", g.Current), MinSupported: refTo("deployment", g.MinSupported),
			ProductionTarget: c.st.refToGroup(g.ProductionTarget), DUTTarget: c.st.refToGroup(g.DUTTarget),
		},
	}
}

func (st *state) refToGroup(id string) *reference {
	if g := st.groups.get(id); g != nil {
		return refTo(g.Type, g.ID)
	}
	return nil
}

func (c *call) group(id string, want rights) (*deviceGroup, error) {
	g := c.st.groups.get(id)
	if g == nil {
		return nil, notFound("devicegroup", id)
	}
	switch has := c.st.rights(c.me.ID, c.st.groupOwner(g)); {
	case has == none:
		return nil, notFound("devicegroup", id)
	case has < want:
		return nil, readOnly("devicegroup")
	}
	return g, nil
}

func (c *call) listGroups() (*reply, error) {
	f, err := c.filters("owner.id", "product.id", "type")
	if err != nil {
		return nil, err
	}
	visible := c.visible()
	return list(c, c.st.groups, func(g *deviceGroup) bool {
		owner := c.st.groupOwner(g)
		return f.allow("owner.id", owner) && f.allow("product.id", g.Product) && f.allow("type", g.Type) && visible(owner)
	}, c.showGroup)
}

func (st *state) groupNamed(product, name string) *deviceGroup {
	for g := range st.groups.all() {
		if g.Product == product && g.Name == name {
			return g
		}
	}
	return nil
}

func (c *call) createGroup() (*reply, error) {
	in, err := c.resource(groupTypes...)
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	g := &deviceGroup{Type: in.Type, Name: a.name(), Description: a.description(), EnvVars: a.envVars(), Creator: c.me.ID}
	if isProductionType(g.Type) {
		g.Region, _ = a.text("region", 1, maxName)
		g.LoadCodeAfterBlessing = a.boolean("load_code_after_blessing")
		if g.LoadCodeAfterBlessing == nil {
			yes := true
			g.LoadCodeAfterBlessing = &yes
		}
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	ref, err := in.relation("product", "product")
	if err != nil {
		return nil, err
	}
	if ref == nil {
		return nil, invalid("The relationship product is required.")
	}
	p, err := c.product(ref.ID, write)
	if err != nil {
		return nil, err
	}
	g.Product = p.ID
	if err := c.setTargets(g, in); err != nil {
		return nil, err
	}
	if isFixtureType(g.Type) && (g.ProductionTarget == "" || g.DUTTarget == "") {
		return nil, invalid("A %s needs the relationships production_target and dut_target.", g.Type)
	}
	if c.st.groupNamed(p.ID, g.Name) != nil {
		return nil, duplicate("Devicegroup")
	}
	g.ID = c.st.ids.unused("devicegroup", shapeUUID, c.st.groups.has)
	g.Created = c.st.stamp(c.now)
	g.Updated = g.Created
	c.st.groups.add(g.ID, g)
	return created(one(c.showGroup(g))), nil
}

// setTargets changes nothing unless all is well.
func (c *call) setTargets(g *deviceGroup, in *resourceIn) error {
	production, dut := g.ProductionTarget, g.DUTTarget
	if !isFixtureType(g.Type) {
		if in.Relationships["production_target"] != nil || in.Relationships["dut_target"] != nil {
			return invalid("A %s has no targets.", g.Type)
		}
		return nil
	}
	productionType, dutType := targetTypes(g.Type)
	for _, t := range []struct {
		name, kind string
		into       *string
	}{{"production_target", productionType, &production}, {"dut_target", dutType, &dut}} {
		ref, err := in.relation(t.name, t.kind)
		if err != nil {
			return err
		}
		if ref == nil {
			continue
		}
		target, err := c.group(ref.ID, read)
		if err != nil {
			return err
		}
		if target.Type != t.kind || target.Product != g.Product {
			return invalid("The %s must be a %s of the same product.", t.name, t.kind)
		}
		*t.into = target.ID
	}
	g.ProductionTarget, g.DUTTarget = production, dut
	return nil
}

func (c *call) getGroup() (*reply, error) {
	g, err := c.group(c.params[0], read)
	if err != nil {
		return nil, err
	}
	return ok(one(c.showGroup(g))), nil
}

func (c *call) updateGroup() (*reply, error) {
	g, err := c.group(c.params[0], write)
	if err != nil {
		return nil, err
	}
	in, err := c.resourceFor(g.ID, g.Type)
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	name, _ := a.text("name", 1, maxName)
	description, described := a.text("description", 0, maxDescription)
	_, withEnv := in.Attributes["env_vars"]
	env := a.envVars()
	var load *bool
	if isProductionType(g.Type) {
		load = a.boolean("load_code_after_blessing")
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	if name != nil {
		if other := c.st.groupNamed(g.Product, *name); other != nil && other != g {
			return nil, duplicate("Devicegroup")
		}
	}
	if err := c.setTargets(g, in); err != nil {
		return nil, err
	}
	if name != nil {
		g.Name = *name
	}
	if described {
		g.Description = description
	}
	if withEnv {
		g.EnvVars = env
	}
	if load != nil {
		g.LoadCodeAfterBlessing = load
	}
	g.Updated = c.st.stamp(c.now)
	return ok(one(c.showGroup(g))), nil
}

func (c *call) deleteGroup() (*reply, error) {
	g, err := c.group(c.params[0], write)
	if err != nil {
		return nil, err
	}
	for d := range c.st.devices.all() {
		if d.DeviceGroup == g.ID {
			return nil, conflict("Devices Exist", "Cannot delete a devicegroup with devices; unassign those first.")
		}
	}
	for other := range c.st.groups.all() {
		if other != g && (other.ProductionTarget == g.ID || other.DUTTarget == g.ID) {
			return nil, conflict("Devicegroup Is A Target", "Cannot delete a devicegroup that is the target of another; delete or change that one first.")
		}
	}
	builds := c.st.deployments.where(func(d *deployment) bool { return d.DeviceGroup == g.ID })
	if !c.s.cfg.KeepZombies && slices.ContainsFunc(builds, func(d *deployment) bool { return d.Flagged }) {
		return nil, conflict("Flagged Deployments Exist", "Cannot delete a devicegroup with flagged deployments; delete those first.")
	}
	for _, d := range builds {
		if c.s.cfg.KeepZombies {
			d.DeviceGroup = ""
			continue
		}
		c.st.deployments.remove(d.ID)
	}
	for _, h := range c.st.webhooks.where(func(h *webhook) bool { return h.DeviceGroup == g.ID }) {
		c.st.webhooks.remove(h.ID)
	}
	c.st.groups.remove(g.ID)
	return noContent(), nil
}

func (c *call) setMinSupported() (*reply, error) {
	g, err := c.group(c.params[0], write)
	if err != nil {
		return nil, err
	}
	var in struct {
		Data *reference `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Data == nil || in.Data.Type != "deployment" {
		return nil, invalid("The data must be a deployment's type and id.")
	}
	d := c.st.deployments.get(in.Data.ID)
	if d == nil || d.DeviceGroup != g.ID {
		return nil, fail(http.StatusBadRequest, "Invalid Deployment", "The deployment %q is not one of this devicegroup.", in.Data.ID)
	}
	if old := c.st.deployments.get(g.MinSupported); old != nil && d.Created.Before(old.Created) {
		return nil, conflict("Deployment Too Old", "The deployment is older than the current min_supported_deployment.")
	}
	g.MinSupported = d.ID
	g.Updated = c.st.stamp(c.now)
	return noContent(), nil
}
