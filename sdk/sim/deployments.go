package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

type deploymentRelations struct {
	DeviceGroup *reference `json:"devicegroup,omitempty"`
	Product     *reference `json:"product,omitempty"`
	Owner       *reference `json:"owner,omitempty"`
	Creator     *reference `json:"creator,omitempty"`
	Flagger     *reference `json:"flagger,omitempty"`
}

func (c *call) showDeployment(d *deployment) resourceOut { return c.deploymentOut(d, true) }

func (c *call) deploymentOut(d *deployment, code bool) resourceOut {
	a := struct {
		SHA         string   `json:"sha"`
		DeviceCode  *string  `json:"device_code,omitempty"`
		AgentCode   *string  `json:"agent_code,omitempty"`
		Description *string  `json:"description"`
		Origin      *string  `json:"origin"`
		Flagged     bool     `json:"flagged"`
		Tags        []string `json:"tags"`
		Created     string   `json:"created_at"`
		Updated     string   `json:"updated_at"`
	}{
		SHA: d.SHA, Description: d.Description, Origin: d.Origin, Flagged: d.Flagged, Tags: d.Tags,
		Created: formatTime(d.Created), Updated: formatTime(d.Updated),
	}
	if code {
		a.DeviceCode, a.AgentCode = &d.DeviceCode, &d.AgentCode
	}
	if a.Tags == nil {
		a.Tags = []string{}
	}
	return resourceOut{
		Type: "deployment", ID: d.ID, Links: c.self("/deployments/" + d.ID), Attributes: a,
		Relationships: deploymentRelations{
			DeviceGroup: c.st.refToGroup(d.DeviceGroup), Product: refTo("product", d.Product),
			Owner: refTo("account", d.Owner), Creator: refTo("account", d.Creator), Flagger: refTo("account", d.Flagger),
		},
	}
}

func (c *call) deployment(id string, want rights) (*deployment, error) {
	d := c.st.deployments.get(id)
	if d == nil {
		return nil, notFound("deployment", id)
	}
	switch has := c.st.rights(c.me.ID, d.Owner); {
	case has == none:
		return nil, notFound("deployment", id)
	case has < want:
		return nil, readOnly("deployment")
	}
	return d, nil
}

// listDeployments lists one's own, unless a filter says whose, or where.
func (c *call) listDeployments() (*reply, error) {
	f, err := c.filters("owner.id", "creator.id", "product.id", "devicegroup.id", "sha", "flagged", "flagger.id", "tags")
	if err != nil {
		return nil, err
	}
	switch f["flagged"] {
	case "", "any", "true", "false":
	default:
		return nil, invalid("The filter flagged must be true, false or any.")
	}
	var tags []string
	if f["tags"] != "" {
		tags = strings.Split(f["tags"], ",")
	}
	visible := c.visible()
	wide := f.wide()
	return list(c, c.st.deployments, func(d *deployment) bool {
		return (wide || d.Owner == c.me.ID) &&
			f.allow("owner.id", d.Owner) && f.allow("creator.id", d.Creator) && f.allow("product.id", d.Product) &&
			f.allow("devicegroup.id", d.DeviceGroup) && f.allow("sha", d.SHA) && f.allow("flagger.id", d.Flagger) &&
			(f["flagged"] == "" || f["flagged"] == "any" || (f["flagged"] == "true") == d.Flagged) &&
			!slices.ContainsFunc(tags, func(t string) bool { return !slices.Contains(d.Tags, t) }) &&
			visible(d.Owner)
	}, func(d *deployment) resourceOut { return c.deploymentOut(d, c.s.cfg.ListCode) })
}

func (c *call) createDeployment() (*reply, error) {
	in, err := c.resource("deployment")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	d := &deployment{
		DeviceCode: a.required("device_code", 0, 0), AgentCode: a.required("agent_code", 0, 0),
		Description: a.description(), Creator: c.me.ID,
	}
	d.Origin, _ = a.text("origin", 0, maxDescription)
	d.Tags, _ = a.tags()
	if flagged := a.boolean("flagged"); flagged != nil && *flagged {
		d.Flagged, d.Flagger = true, c.me.ID
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	ref, err := in.relation("devicegroup", groupTypes...)
	if err != nil {
		return nil, err
	}
	if ref == nil {
		return nil, invalid("The relationship devicegroup is required.")
	}
	g, err := c.group(ref.ID, write)
	if err != nil {
		return nil, err
	}
	if ref.Type != g.Type {
		return nil, conflict("Wrong Type", "The devicegroup is a %s, not a %s.", g.Type, ref.Type)
	}
	if errs := append(compile("device_code", d.DeviceCode), compile("agent_code", d.AgentCode)...); len(errs) > 0 {
		f := fail(http.StatusBadRequest, "Compilation Error", "Deployment code failed to compile.")
		f.errors[0].Code, f.errors[0].Meta = "CX005", errs
		return nil, f
	}
	d.ID = c.st.ids.unused("deployment", shapeUUID, c.st.deployments.has)
	d.SHA = shaOf(d.DeviceCode, d.AgentCode)
	d.DeviceGroup, d.Product, d.Owner = g.ID, g.Product, c.st.groupOwner(g)
	d.Created = c.st.stamp(c.now)
	d.Updated = d.Created
	c.st.deployments.add(d.ID, d)
	c.deploy(g, d)
	return c.withWarnings(d), nil
}

// deploy makes a deployment the group's current one.
func (c *call) deploy(g *deviceGroup, d *deployment) {
	g.Current = d.ID
	if g.MinSupported == "" && c.s.cfg.FirstBuildMinSupported {
		g.MinSupported = d.ID
	}
	if !c.s.cfg.DeployWithoutRestart {
		for dev := range c.st.devices.all() {
			if dev.DeviceGroup == g.ID {
				c.then(c.s.restart(dev, Deployed))
			}
		}
	}
	c.s.fire(g, "deployment", map[string]string{
		"deployment_id": d.ID, "devicegroup_id": g.ID, "product_id": g.Product, "sha": d.SHA,
	})
}

func (c *call) withWarnings(d *deployment) *reply {
	doc := one(c.showDeployment(d))
	if c.s.cfg.Warnings == nil {
		return created(doc)
	}
	w := c.s.cfg.Warnings(d.DeviceCode, d.AgentCode)
	if len(w) == 0 {
		return created(doc)
	}
	e := newError(http.StatusCreated, "Compilation Warning", "Deployment code compiled with warnings.")
	e.ID, e.Code, e.Meta = c.st.ids.unused("error", shapeUUID, nil), "CX006", w
	meta := []Error{e}
	if c.s.cfg.TopLevelWarnings {
		doc.Meta = meta
	} else {
		out := c.showDeployment(d)
		out.Meta = meta
		doc.Data = out
	}
	return created(doc)
}

// shaOf cannot be mistaken between the two codes: their border counts.
func shaOf(deviceCode, agentCode string) string {
	h := sha256.Sum256([]byte(deviceCode + "\x00" + agentCode))
	return hex.EncodeToString(h[:])
}

func (c *call) getDeployment() (*reply, error) {
	d, err := c.deployment(c.params[0], read)
	if err != nil {
		return nil, err
	}
	return ok(one(c.showDeployment(d))), nil
}

func (c *call) updateDeployment() (*reply, error) {
	d, err := c.deployment(c.params[0], write)
	if err != nil {
		return nil, err
	}
	in, err := c.resourceFor(d.ID, "deployment")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	description, described := a.text("description", 0, maxDescription)
	tags, tagged := a.tags()
	flagged := a.boolean("flagged")
	if err := a.done(); err != nil {
		return nil, err
	}
	if described {
		d.Description = description
	}
	if tagged {
		d.Tags = tags
	}
	if flagged != nil && *flagged != d.Flagged {
		d.Flagged, d.Flagger = *flagged, ""
		if d.Flagged {
			d.Flagger = c.me.ID
		}
	}
	d.Updated = c.st.stamp(c.now)
	return ok(one(c.showDeployment(d))), nil
}

func (c *call) deleteDeployment() (*reply, error) {
	d, err := c.deployment(c.params[0], write)
	if err != nil {
		return nil, err
	}
	if d.Flagged {
		return nil, conflict("Resource Flagged", "You cannot delete flagged deployments; set the flagged attribute to false and try again.")
	}
	g := c.st.groups.get(d.DeviceGroup)
	if g != nil {
		if least := c.st.deployments.get(g.MinSupported); least != nil && !d.Created.Before(least.Created) {
			return nil, conflict("Deployment Is Supported", "Cannot delete the min_supported_deployment of a devicegroup or a newer one.")
		}
		if g.Current == d.ID {
			g.Current = ""
		}
	}
	c.st.deployments.remove(d.ID)
	return noContent(), nil
}
