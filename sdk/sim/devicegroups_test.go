package sim_test

import (
	"strings"
	"testing"

	"github.com/electricimp/impt/sdk/sim"
)

const inHome = `{"product": {"type": "product", "id": "p-home"}}`

func targets(product, production, dut string) string {
	return `{"product": {"type": "product", "id": "` + product + `"},
		"production_target": {"type": "pre_production_devicegroup", "id": "` + production + `"},
		"dut_target": {"type": "pre_dut_devicegroup", "id": "` + dut + `"}}`
}

func TestGroups(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.want(201, "POST", "/devicegroups",
		data("development_devicegroup", "", `{"name": "New", "env_vars": {"z": 1, "a": "two"}}`, inHome))
	id := r.str("data.id")
	equal(t, "type", r.str("data.type"), "development_devicegroup")
	equal(t, "owner", r.str("data.relationships.owner.id"), "a-ann")
	equal(t, "product", r.str("data.relationships.product.id"), "p-home")
	if !strings.Contains(r.text, `"env_vars":{"z":1,"a":"two"}`) || strings.Contains(r.text, "load_code_after_blessing") {
		t.Errorf("attributes: %s", r.text)
	}
	r = c.want(200, "PATCH", "/devicegroups/"+id, data("development_devicegroup", id, `{"name": "Newer", "env_vars": null}`, ""))
	equal(t, "name", r.str("data.attributes.name"), "Newer")
	if !strings.Contains(r.text, `"env_vars":{}`) {
		t.Errorf("env_vars: %s", r.text)
	}
	r = c.want(201, "POST", "/devicegroups", data("production_devicegroup", "", `{"name": "P", "region": "eu"}`, inHome))
	equal(t, "region", r.str("data.attributes.region"), "eu")
	equal(t, "load_code_after_blessing", r.get("data.attributes.load_code_after_blessing"), any(true))
	id = r.str("data.id")
	r = c.want(200, "PATCH", "/devicegroups/"+id, data("production_devicegroup", id, `{"load_code_after_blessing": false}`, ""))
	equal(t, "load_code_after_blessing", r.get("data.attributes.load_code_after_blessing"), any(false))
	c.want(204, "DELETE", "/devicegroups/"+id, "")
	c.want(404, "GET", "/devicegroups/"+id, "")
}

func TestGroupTargets(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	const fixture = "pre_factoryfixture_devicegroup"
	r := c.want(201, "POST", "/devicegroups", data(fixture, "", `{"name": "F"}`, targets("p-home", "g-pre", "g-dut")))
	id := r.str("data.id")
	equal(t, "production target", r.str("data.relationships.production_target.type"), "pre_production_devicegroup")
	equal(t, "DUT target", r.str("data.relationships.dut_target.id"), "g-dut")
	c.refuse(409, "target", "DELETE", "/devicegroups/g-pre", "")
	c.refuse(409, "target", "DELETE", "/devicegroups/g-dut", "")

	other := c.want(201, "POST", "/devicegroups", data("pre_dut_devicegroup", "", `{"name": "DUT2"}`, inHome)).str("data.id")
	r = c.want(200, "PATCH", "/devicegroups/"+id, data(fixture, id, "", `{"dut_target": {"type": "pre_dut_devicegroup", "id": "`+other+`"}}`))
	equal(t, "new DUT target", r.str("data.relationships.dut_target.id"), other)
	c.want(204, "DELETE", "/devicegroups/g-dut", "")

	foreign := c.want(201, "POST", "/devicegroups",
		data("pre_dut_devicegroup", "", `{"name": "D"}`, `{"product": {"type": "product", "id": "p-bob"}}`), as("bob")).str("data.id")
	for relations, says := range map[string]string{
		inHome:                              "needs the relationships",
		targets("p-home", "g-pre", "g-pre"): "pre_dut_devicegroup",
		targets("p-home", "nothing", other): "nothing",
		targets("p-home", "g-pre", foreign): foreign,
	} {
		r := c.do("POST", "/devicegroups", data(fixture, "", `{"name": "F2"}`, relations))
		if r.status < 400 || r.status > 404 || !strings.Contains(r.text, says) {
			t.Errorf("%s: %d %s", relations, r.status, r.text)
		}
	}
	c.refuse(400, "no targets", "POST", "/devicegroups", data("dut_devicegroup", "", `{"name": "F2"}`, targets("p-home", "g-pre", other)))
	c.refuse(400, "same product", "POST", "/devicegroups",
		data(fixture, "", `{"name": "F3"}`, targets("p-home", "g-pre", foreign)), as("bob"))
}

func TestGroupsRefused(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	const dev = "development_devicegroup"
	for _, test := range []struct {
		status             int
		says, method, path string
		body               string
	}{
		{400, "name is required", "POST", "/devicegroups", data(dev, "", ``, inHome)},
		{400, "product is required", "POST", "/devicegroups", data(dev, "", `{"name": "x"}`, "")},
		{404, "nothing", "POST", "/devicegroups", data(dev, "", `{"name": "x"}`, `{"product": {"type": "product", "id": "nothing"}}`)},
		{409, "Duplicate Resource: Devicegroups must have unique names.", "POST", "/devicegroups", data(dev, "", `{"name": "Kitchen"}`, inHome)},
		{409, "Duplicate Resource", "PATCH", "/devicegroups/g-kitchen", data(dev, "", `{"name": "Prod"}`, "")},
		{409, "type", "POST", "/devicegroups", data("devicegroup", "", `{"name": "x"}`, inHome)},
		{409, "type", "PATCH", "/devicegroups/g-kitchen", data("dut_devicegroup", "", `{"name": "x"}`, "")},
		{400, "region", "POST", "/devicegroups", data(dev, "", `{"name": "x", "region": "eu"}`, inHome)},
		{400, "load_code_after_blessing", "PATCH", "/devicegroups/g-kitchen", data(dev, "", `{"load_code_after_blessing": true}`, "")},
		{400, "true or false", "PATCH", "/devicegroups/g-prod", data("production_devicegroup", "", `{"load_code_after_blessing": "no"}`, "")},
		{400, "must be an object", "POST", "/devicegroups", data(dev, "", `{"name": "x", "env_vars": []}`, inHome)},
		{400, "keys of letters", "POST", "/devicegroups", data(dev, "", `{"name": "x", "env_vars": {"1a": 1}}`, inHome)},
		{400, "strings and numbers", "POST", "/devicegroups", data(dev, "", `{"name": "x", "env_vars": {"a": {}}}`, inHome)},
		{400, "bytes", "POST", "/devicegroups", data(dev, "", `{"name": "x", "env_vars": {"a": "`+strings.Repeat("x", 17000)+`"}}`, inHome)},
		{409, "Devices Exist", "DELETE", "/devicegroups/g-kitchen", ""},
		{404, "g-bob", "GET", "/devicegroups/g-bob", ""},
		{404, "g-bob", "POST", "/devicegroups/g-bob/restart", ""},
	} {
		c.refuse(test.status, test.says, test.method, test.path, test.body)
	}
	c.refuse(403, "not change", "DELETE", "/devicegroups/g-pre", "", as("carol"))
}

func TestGroupLists(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	for query, want := range map[string]string{
		"":                                  "g-kitchen g-prod g-pre g-dut g-bob",
		"?filter[owner.id]=a-ann":           "g-kitchen g-prod g-pre g-dut",
		"?filter[product.id]=p-bob":         "g-bob",
		"?filter[type]=pre_dut_devicegroup": "g-dut",
		"?filter[product.id]=p-home&filter[type]=development_devicegroup": "g-kitchen",
		"?filter[owner.id]=a-dave":                                        "",
	} {
		equal(t, query, c.want(200, "GET", "/devicegroups"+query, "", as("bob")).ids(), want)
	}
	equal(t, "ann's", c.want(200, "GET", "/devicegroups", "").ids(), "g-kitchen g-prod g-pre g-dut")
}

func TestDeletingAGroup(t *testing.T) {
	t.Parallel()
	for _, zombies := range []bool{false, true} {
		c := start(t, sim.Config{KeepZombies: zombies}, house)
		c.want(201, "POST", "/webhooks", data("webhook", "", `{"url": "http://127.0.0.1:9/", "event": "blinkup", "content_type": "application/json"}`,
			`{"devicegroup": {"type": "development_devicegroup", "id": "g-kitchen"}}`))
		c.want(204, "DELETE", "/devicegroups/g-kitchen/relationships/devices", `{"data": [{"type": "device", "id": "d-1"}]}`)
		if !zombies {
			c.refuse(409, "Flagged Deployments Exist: Cannot delete a devicegroup with flagged deployments; delete those first.",
				"DELETE", "/devicegroups/g-kitchen", "")
			c.want(200, "PATCH", "/deployments/b-1", data("deployment", "b-1", `{"flagged": false}`, ""))
		}
		c.want(204, "DELETE", "/devicegroups/g-kitchen", "")
		equal(t, "webhooks", c.want(200, "GET", "/webhooks", "").ids(), "")
		r := c.want(200, "GET", "/deployments", "")
		if !zombies {
			equal(t, "deployments", r.ids(), "")
			continue
		}
		equal(t, "zombies", r.ids(), "b-1 b-2")
		equal(t, "group of a zombie", r.get("data.0.relationships.devicegroup"), nil)
		equal(t, "product of a zombie", r.str("data.0.relationships.product.id"), "p-home")
		equal(t, "by product", c.want(200, "GET", "/deployments?filter[product.id]=p-home", "").ids(), "b-1 b-2")
		c.want(204, "DELETE", "/deployments/b-2", "")
	}
}

func TestMinSupportedDeployment(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	const path = "/devicegroups/g-kitchen/relationships/min_supported_deployment"
	set := func(id string) string { return `{"data": {"type": "deployment", "id": "` + id + `"}}` }
	c.want(204, "PUT", path, set("b-2"))
	c.want(204, "PUT", path, set("b-2"))
	r := c.want(200, "GET", "/devicegroups/g-kitchen", "")
	equal(t, "min", r.str("data.relationships.min_supported_deployment.id"), "b-2")
	equal(t, "current", r.str("data.relationships.current_deployment.id"), "b-2")
	c.refuse(409, "older", "PUT", path, set("b-1"))
	c.refuse(400, "nothing", "PUT", path, set("nothing"))
	c.refuse(400, "not one of this", "PUT", "/devicegroups/g-pre/relationships/min_supported_deployment", set("b-1"))
	c.refuse(400, "type and id", "PUT", path, `{"data": {"type": "device", "id": "d-1"}}`)
	c.refuse(409, "min_supported_deployment", "DELETE", "/deployments/b-2", "")
	c.refuse(409, "flagged", "DELETE", "/deployments/b-1", "")
	c.want(200, "PATCH", "/deployments/b-1", data("deployment", "b-1", `{"flagged": false}`, ""))
	c.want(204, "DELETE", "/deployments/b-1", "")
}
