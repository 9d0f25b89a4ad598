package sim_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/electricimp/impt/sdk/sim"
)

func (c *cloud) save() string {
	c.t.Helper()
	var b bytes.Buffer
	if err := c.Save(&b); err != nil {
		c.t.Fatal(err)
	}
	return b.String()
}

func TestSaveAndLoadKeepEverything(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Clock: sim.NewManualClock(start2030)}, house)
	password := "X-Electricimp-Password: ann"
	login := c.want(200, "POST", "/auth", `{"id": "ann", "password": "ann"}`)
	key := c.want(201, "POST", "/accounts/me/login_keys", data("login_key", "", `{"description": "k"}`, ""), password).str("data.id")
	c.want(200, "POST", "/auth/token", `{"key": "`+key+`"}`)
	fixture := c.want(201, "POST", "/devicegroups", data("pre_factoryfixture_devicegroup", "",
		`{"name": "F", "description": "", "env_vars": {"b": 1, "a": "<"}}`, targets("p-home", "g-pre", "g-dut"))).str("data.id")
	c.want(201, "POST", "/deployments", data("deployment", "", `{"device_code": "server.log(\"hello\");", "agent_code": "", "tags": ["t"], "origin": "o", "flagged": true}`, forKitchen))
	c.want(204, "PUT", "/devicegroups/g-kitchen/relationships/min_supported_deployment", `{"data": {"type": "deployment", "id": "b-2"}}`)
	c.want(201, "POST", "/webhooks", hook("http://127.0.0.1:9/", "blinkup", "application/json"))
	c.want(200, "PATCH", "/devices/d-2", data("device", "", `{"name": "two"}`, ""))
	saved := c.save()

	loaded := start(t, sim.Config{Clock: sim.NewManualClock(start2030)}, `{"accounts": [{"username": "goes away"}]}`)
	if err := loaded.Load(strings.NewReader(saved)); err != nil {
		t.Fatal(err)
	}
	if again := loaded.save(); again != saved {
		t.Errorf("saved again it is different:\n%s\nwas\n%s", again, saved)
	}
	for _, path := range []string{
		"/accounts", "/products", "/devicegroups", "/devicegroups/" + fixture, "/deployments", "/devices", "/devices/d-1/logs",
		"/webhooks", "/accounts/me/login_keys", "/accounts/me/refresh_tokens",
	} {
		want := strings.ReplaceAll(c.want(200, "GET", path, "").text, c.base, loaded.base)
		equal(t, path, loaded.want(200, "GET", path, "").text, want)
	}
	loaded.want(200, "POST", "/auth/token", `{"token": "`+login.str("refresh_token")+`"}`)
	made := func(c *cloud) string {
		return c.want(201, "POST", "/products", data("product", "", `{"name": "next"}`, "")).str("data.id")
	}
	equal(t, "next id", made(loaded), made(c))

	// A seed on top changes nothing of what was there.
	if err := loaded.Seed(strings.NewReader(`{"products": [{"name": "More"}]}`)); err != nil {
		t.Fatal(err)
	}
	equal(t, "products", loaded.want(200, "GET", "/products", "").get("data.2.attributes.name"), any("More"))
	equal(t, "current deployment", loaded.want(200, "GET", "/devicegroups/g-kitchen", "").text,
		strings.ReplaceAll(c.want(200, "GET", "/devicegroups/g-kitchen", "").text, c.base, loaded.base))
}

func TestLoadEndsStreamsAndPrograms(t *testing.T) {
	t.Parallel()
	b := boots{make(chan sim.Boot, 9), make(chan string, 9)}
	c := start(t, sim.Config{Program: b}, house)
	r := c.read(c.newStream(), "", "")
	c.want(204, "POST", "/devices/d-1/restart", "")
	<-b.started
	if err := c.Load(strings.NewReader(c.save())); err != nil {
		t.Fatal(err)
	}
	equal(t, "stopped", <-b.stopped, "d-1 restarted")
	r.expect(opening, "id: 1|event: state_change|data: opened", "id: 2|event: state_change|data: closed", "")
}

func TestSeedFillsIn(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, `{
	  "accounts": [{"username": "ann"}, {"username": "bob"}],
	  "access_tokens": [{"token": "t-ann", "account": "ann"}],
	  "products": [{"name": "A"}, {"name": "B", "owner": "ann"}, {"name": "A", "owner": "bob", "id": "bobs"}],
	  "devicegroups": [
	    {"name": "Same", "product": "B", "type": "pre-factory", "production_target": "P", "dut_target": "D"},
	    {"name": "P", "product": "B", "type": "pre-production"}, {"name": "D", "product": "B", "type": "pre_dut_devicegroup"},
	    {"name": "Same", "product": "bobs", "min_supported_deployment": "v1", "current_deployment": "v1"}
	  ],
	  "deployments": [
	    {"devicegroup": "bobs/Same", "device_code": "1", "agent_code": "", "tags": ["v1"]},
	    {"devicegroup": "bobs/Same", "device_code": "2", "agent_code": ""},
	    {"devicegroup": "P", "device_code": "3", "agent_code": ""},
	    {"product": "B", "device_code": "4", "agent_code": ""}
	  ],
	  "devices": [{"name": "m", "devicegroup": "B/P", "logs": [{"type": "status", "msg": "hi"}]}, {"name": "n"}],
	  "webhooks": [{"devicegroup": "P", "url": "http://127.0.0.1:9/", "event": "blinkup"}],
	  "login_keys": [{"account": "bob"}],
	  "refresh_tokens": [{"token": "r-ann", "account": "ann"}]
	}`)
	groups := c.want(200, "GET", "/devicegroups", "")
	equal(t, "target", groups.str("data.0.relationships.production_target.id"), groups.str("data.1.id"))
	equal(t, "current is the last", groups.str("data.1.relationships.current_deployment.id"), c.want(200, "GET", "/deployments", "").str("data.0.id"))
	device := c.want(200, "GET", "/devices", "")
	equal(t, "device", device.get("data.0.attributes.device_online"), any(true))
	equal(t, "imp type", device.str("data.0.attributes.imp_type"), "imp001")
	if mac := device.str("data.0.attributes.mac_address"); !strings.HasPrefix(mac, "0c:2a:69:") || len(mac) != 17 {
		t.Errorf("mac: %s", mac)
	}
	equal(t, "agent id", len(device.str("data.0.attributes.agent_id")), 12)
	equal(t, "device id", len(device.str("data.0.id")), 16)
	equal(t, "log", c.log(device.str("data.0.id")), "status: hi")
	equal(t, "zombie", c.want(200, "GET", "/deployments", "").get("data.1.relationships.devicegroup"), nil)
	c.want(200, "POST", "/auth/token", `{"token": "r-ann"}`)
	bob := "Authorization: Bearer " + c.want(200, "POST", "/auth", `{"id": "bob", "password": "bob"}`).str("access_token")
	same := c.want(200, "GET", "/devicegroups", "", bob)
	equal(t, "chosen current", same.str("data.0.relationships.current_deployment.id"), c.want(200, "GET", "/deployments", "", bob).str("data.0.id"))
	equal(t, "min", same.str("data.0.relationships.min_supported_deployment.id"), same.str("data.0.relationships.current_deployment.id"))
}

func TestSeedsRefused(t *testing.T) {
	t.Parallel()
	for seed, says := range map[string]string{
		`{"accounts": [}`:       "line 1: invalid character",
		"{\n\"accounts\": [\n}": "line 3: invalid character",
		`[]`:                    "must be a JSON object",
		`{"acounts": []}`:       `unknown section "acounts"; there are access_tokens, accounts,`,
		`{"accounts": {}}`:      "accounts must be a list",
		`{"products": [{"name": "A"}, {"name": "Kit", "nam": "x"}]}`:                                                    `products[1] "Kit": unknown field "nam"`,
		`{"products": [{"name": 1}]}`:                                                                                   "products[0]: cannot unmarshal number",
		`{"devices": [{"logs": [{"typ": "x"}]}]}`:                                                                       `devices[0]: unknown field "typ"`,
		`{"products": [{"name": "A", "owner": "zoe"}]}`:                                                                 `products[0] "A": there is no account "zoe"`,
		`{"products": [{"name": ""}]}`:                                                                                  "products[0]: the name must have 1 to 80 characters",
		`{"products": [{"name": "Home"}]}`:                                                                              "has a product of this name already",
		`{"products": [{"name": "A", "id": "p-home"}]}`:                                                                 `the id "p-home" exists already`,
		`{"accounts": [{"username": "ann"}]}`:                                                                           "exists already",
		`{"accounts": [{}]}`:                                                                                            "a username is needed",
		`{"accounts": [{"username": "z", "readers": ["y"]}]}`:                                                           `there is no account "y"`,
		`{"devicegroups": [{"name": "A", "product": "B"}]}`:                                                             `devicegroups[0] "A": there is no product "B"`,
		`{"devicegroups": [{"name": "A", "product": "Home", "type": "x"}]}`:                                             `no type "x"`,
		`{"devicegroups": [{"name": "Kitchen", "product": "Home"}]}`:                                                    "of this name already",
		`{"devicegroups": [{"name": "A", "product": "Home", "region": "eu"}]}`:                                          "production types only",
		`{"devicegroups": [{"name": "A", "product": "Home", "env_vars": 1}]}`:                                           "env_vars must be an object",
		`{"devicegroups": [{"name": "A", "product": "Home", "dut_target": "DUT"}]}`:                                     "dut_target: must be",
		`{"devicegroups": [{"name": "A", "product": "Home", "current_deployment": "v1"}]}`:                              `current_deployment: 0 deployments`,
		`{"deployments": [{"devicegroup": "X", "device_code": "", "agent_code": ""}]}`:                                  `deployments[0]: there is no devicegroup "X"`,
		`{"deployments": [{"devicegroup": "Kitchen", "tags": ["a b"]}]}`:                                                "tags",
		`{"devices": [{"id": "d-1"}]}`:                                                                                  `devices[0] "d-1": another device`,
		`{"devices": [{"name": "x", "mac_address": "0C:2A:69:00:00:01"}]}`:                                              `devices[0] "x": another device`,
		`{"devices": [{"logs": [{"msg": "x"}]}]}`:                                                                       "logs[0]: a type is needed",
		`{"webhooks": [{"devicegroup": "Kitchen", "url": "http://x/", "event": "rain"}]}`:                               "event",
		`{"webhooks": [{"devicegroup": "Kitchen", "url": "x", "event": "blinkup"}]}`:                                    "url is invalid",
		`{"access_tokens": [{"token": "t-ann", "account": "ann"}]}`:                                                     "access_tokens[0]: a token of its own",
		`{"login_keys": [{"id": "k", "account": "ann"}, {"id": "k", "account": "bob"}]}`:                                `login_keys[1] "k"`,
		`{"products": [{"name": "Z"}], "devicegroups": [{"name": "A", "product": "Z"}, {"name": "A", "product": "Z"}]}`: "devicegroups[1]",
	} {
		t.Run(seed, func(t *testing.T) {
			t.Parallel()
			c := start(t, sim.Config{}, house)
			before := c.save()
			err := c.Seed(strings.NewReader(seed))
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("error %v, want %q", err, says)
			}
			equal(t, "state is as before", c.save() == before, true)
			if err := c.Load(strings.NewReader(seed)); err == nil && !strings.Contains(says, "already") && !strings.Contains(says, "another device") {
				t.Error("can be loaded")
			}
		})
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, `{}`)
	if err := c.Seed(sim.Demo()); err != nil {
		t.Fatal(err)
	}
	r := c.want(200, "POST", "/auth", `{"id": "demo@example.com", "password": "demo"}`)
	token := "Authorization: Bearer " + r.str("access_token")
	equal(t, "devices", c.want(200, "GET", "/devices?filter[devicegroup.owner.id]=null", "", token).ids(), "234776801163a9ee 23522f6938a609ee")
	c.want(200, "POST", "/auth/token", `{"key": "`+sim.DemoLoginKey+`"}`)
	r = c.want(403, "POST", "/auth", `{"id": "`+sim.DemoOTPUser+`", "password": "`+sim.DemoOTPUser+`"}`)
	c.want(200, "POST", "/auth", `{"login_token": "`+r.str("errors.0.meta.login_token")+`"}`, "X-Electricimp-OTP-Token: "+sim.DemoOTP)
}

func TestIDsFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	id := func(seed uint64, logins int) string {
		c := start(t, sim.Config{IDSeed: seed}, house)
		for range logins {
			c.want(200, "POST", "/auth", `{"id": "ann", "password": "ann"}`)
		}
		return c.want(201, "POST", "/products", data("product", "", `{"name": "x"}`, "")).str("data.id")
	}
	equal(t, "same seed", id(7, 0), id(7, 3))
	equal(t, "other seed", id(7, 0) != id(8, 0), true)
}
