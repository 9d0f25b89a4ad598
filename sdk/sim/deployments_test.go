package sim_test

import (
	"strings"
	"testing"

	"github.com/electricimp/impt/sdk/sim"
)

const (
	forKitchen = `{"devicegroup": {"type": "development_devicegroup", "id": "g-kitchen"}}`
	emptyCode  = `{"device_code": "", "agent_code": ""}`
)

func TestDeploying(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.want(201, "POST", "/deployments", data("deployment", "",
		`{"device_code": "server.log(\"<&>\");", "agent_code": "", "description": null, "origin": "git", "flagged": true, "tags": ["a", "a"]}`, forKitchen))
	id := r.str("data.id")
	equal(t, "sha", len(r.str("data.attributes.sha")), 64)
	equal(t, "code", r.str("data.attributes.device_code"), `server.log("<&>");`)
	equal(t, "flagger", r.str("data.relationships.flagger.id"), "a-ann")
	equal(t, "product", r.str("data.relationships.product.id"), "p-home")
	if !strings.Contains(r.text, `"tags":["a","a"]`) || !strings.Contains(r.text, `"description":null`) {
		t.Errorf("attributes: %s", r.text)
	}
	equal(t, "current", c.want(200, "GET", "/devicegroups/g-kitchen", "").str("data.relationships.current_deployment.id"), id)
	equal(t, "log", c.log("d-1"), strings.Join([]string{
		"status: Agent restarted: new_bytecode_version.",
		"status: Downloading new code; 0.01% program storage used",
		"status: Device connected",
		"server.log: <&>",
	}, "\n"))

	same := c.want(201, "POST", "/deployments", data("deployment", "", `{"device_code": "server.log(\"<&>\");", "agent_code": ""}`, forKitchen))
	equal(t, "sha of the same code", same.str("data.attributes.sha"), r.str("data.attributes.sha"))
	swapped := c.want(201, "POST", "/deployments", data("deployment", "", `{"device_code": "", "agent_code": "server.log(\"<&>\");"}`, forKitchen))
	equal(t, "other sha", swapped.str("data.attributes.sha") != r.str("data.attributes.sha"), true)
	if swapped.str("data.attributes.created_at") <= same.str("data.attributes.created_at") {
		t.Error("a newer deployment does not look newer")
	}

	list := c.want(200, "GET", "/deployments", "")
	equal(t, "no code in lists", strings.Contains(list.text, "device_code"), false)
	list = start(t, sim.Config{ListCode: true}, house).want(200, "GET", "/deployments", "")
	equal(t, "code in lists", list.str("data.0.attributes.device_code"), `server.log("one");`)
}

func TestDeploymentsRefused(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	with := func(more string) string { return `{"device_code": "", "agent_code": "", ` + more + `}` }
	for _, test := range []struct {
		status           int
		says, attributes string
		relations        string
	}{
		{400, "agent_code is required", `{"device_code": ""}`, forKitchen},
		{400, "device_code is required", `{"device_code": null, "agent_code": ""}`, forKitchen},
		{400, "devicegroup is required", emptyCode, ""},
		{404, "nothing", emptyCode, `{"devicegroup": {"type": "development_devicegroup", "id": "nothing"}}`},
		{409, "development_devicegroup", emptyCode, `{"devicegroup": {"type": "dut_devicegroup", "id": "g-kitchen"}}`},
		{409, "type", emptyCode, `{"devicegroup": {"type": "devicegroup", "id": "g-kitchen"}}`},
		{400, "tags", with(`"tags": "x"`), forKitchen},
		{400, "tags", with(`"tags": ["a b"]`), forKitchen},
		{400, "tags", with(`"tags": [""]`), forKitchen},
		{400, "500", with(`"tags": ["` + strings.Repeat("x", 501) + `"]`), forKitchen},
		{400, "flagged", with(`"flagged": 1`), forKitchen},
		{400, "sha", with(`"sha": "x"`), forKitchen},
	} {
		c.refuse(test.status, test.says, "POST", "/deployments", data("deployment", "", test.attributes, test.relations))
	}
	c.refuse(403, "not change", "POST", "/deployments", data("deployment", "", emptyCode, forKitchen), as("carol"))
	c.refuse(400, "origin", "PATCH", "/deployments/b-1", data("deployment", "b-1", `{"origin": "x"}`, ""))
	c.refuse(400, "true, false or any", "GET", "/deployments?filter[flagged]=yes", "")
	c.refuse(404, "b-1", "GET", "/deployments/b-1", "", as("dave"))
	equal(t, "nothing was made", c.want(200, "GET", "/deployments", "").ids(), "b-1 b-2")
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.refuse(400, "Compilation Error: Deployment code failed to compile.", "POST", "/deployments",
		data("deployment", "", `{"device_code": "function f() {\n  g(1];\n}", "agent_code": "\n local s = \"open"}`, forKitchen))
	equal(t, "code", r.str("errors.0.code"), "CX005")
	for path, want := range map[string]any{
		"0.row": 2.0, "0.column": 7.0, "0.type": "error", "0.file": "device_code", "0.text": "expression expected",
		"1.row": 2.0, "1.column": 17.0, "1.file": "agent_code", "1.text": "unfinished string",
	} {
		equal(t, path, r.get("errors.0.meta."+path), want)
	}
}

func TestCompileWarnings(t *testing.T) {
	t.Parallel()
	warn := func(device, _ string) []sim.CompileError {
		if device == "" {
			return nil
		}
		return []sim.CompileError{{Row: 1, Column: 2, Text: "unused", Type: "warning", File: "device_code"}}
	}
	body := data("deployment", "", `{"device_code": "x", "agent_code": ""}`, forKitchen)
	for _, top := range []bool{false, true} {
		c := start(t, sim.Config{Warnings: warn, TopLevelWarnings: top}, house)
		r := c.want(201, "POST", "/deployments", body)
		place := "data.meta"
		if top {
			place = "meta"
		}
		equal(t, place, r.str(place+".0.meta.0.text"), "unused")
		equal(t, "status", r.str(place+".0.status"), "201")
		r = c.want(201, "POST", "/deployments", data("deployment", "", emptyCode, forKitchen))
		equal(t, "without", r.get(place), nil)
	}
}

func TestDeploymentLists(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	sha := c.want(200, "GET", "/deployments/b-1", "").str("data.attributes.sha")
	for query, want := range map[string]string{
		"":                                  "b-1 b-2",
		"?filter[owner.id]=a-ann":           "b-1 b-2",
		"?filter[creator.id]=a-bob":         "",
		"?filter[product.id]=p-home":        "b-1 b-2",
		"?filter[devicegroup.id]=g-prod":    "",
		"?filter[devicegroup.id]=g-kitchen": "b-1 b-2",
		"?filter[sha]=" + sha:               "b-1",
		"?filter[flagged]=true":             "b-1",
		"?filter[flagged]=false":            "b-2",
		"?filter[flagged]=any":              "b-1 b-2",
		"?filter[flagger.id]=a-ann":         "b-1",
		"?filter[tags]=x":                   "b-1 b-2",
		"?filter[tags]=x,v1":                "b-1",
		"?filter[tags]=x,v3":                "",
		"?filter[tags]=&filter[sha]=":       "b-1 b-2",
	} {
		equal(t, query, c.want(200, "GET", "/deployments"+query, "").ids(), want)
	}
	equal(t, "bob's own", c.want(200, "GET", "/deployments", "", as("bob")).ids(), "")
	equal(t, "bob's of ann", c.want(200, "GET", "/deployments?filter[owner.id]=a-ann", "", as("bob")).ids(), "b-1 b-2")
	equal(t, "bob's by id", c.want(200, "GET", "/deployments/b-1", "", as("bob")).str("data.id"), "b-1")
	equal(t, "dave's of ann", c.want(200, "GET", "/deployments?filter[owner.id]=a-ann", "", as("dave")).ids(), "")
}

func TestChangingADeployment(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.want(200, "PATCH", "/deployments/b-1", data("deployment", "b-1", `{"description": "d", "tags": ["n"], "flagged": false}`, ""), as("bob"))
	equal(t, "tags", r.str("data.attributes.tags.0"), "n")
	equal(t, "flagger", r.get("data.relationships.flagger"), nil)
	r = c.want(200, "PATCH", "/deployments/b-1", data("deployment", "b-1", `{"flagged": true}`, ""), as("bob"))
	equal(t, "flagger", r.str("data.relationships.flagger.id"), "a-bob")
	equal(t, "description stays", r.str("data.attributes.description"), "d")
	c.refuse(409, "Resource Flagged: You cannot delete flagged deployments; set the flagged attribute to false and try again.",
		"DELETE", "/deployments/b-1", "")
	c.want(204, "DELETE", "/deployments/b-2", "")
	equal(t, "current", c.want(200, "GET", "/devicegroups/g-kitchen", "").get("data.relationships.current_deployment"), nil)
}

func TestWaysToDeploy(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{DeployWithoutRestart: true, FirstBuildMinSupported: true}, house)
	id := c.want(201, "POST", "/deployments", data("deployment", "", emptyCode, forKitchen)).str("data.id")
	equal(t, "log", c.log("d-1"), "")
	equal(t, "min", c.want(200, "GET", "/devicegroups/g-kitchen", "").str("data.relationships.min_supported_deployment.id"), id)
	c.want(204, "POST", "/devices/d-1/restart", "")
	if !strings.Contains(c.log("d-1"), "new_bytecode_version") {
		t.Errorf("log: %s", c.log("d-1"))
	}
}

func TestCodeThatDoesNotFit(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	code := `server.log(\"x\");` + strings.Repeat("/**/", 40_000)
	c.want(201, "POST", "/deployments", data("deployment", "", `{"device_code": "`+code+`", "agent_code": ""}`, forKitchen))
	if !strings.HasSuffix(c.log("d-1"), "status: Out of space; 122.08% program storage used") {
		t.Errorf("log: %s", c.log("d-1"))
	}
}
