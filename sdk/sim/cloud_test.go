package sim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// accounts: bob and carol see what is ann's, bob also changes it; dave is a stranger.
const accounts = `
  "accounts": [
    {"id": "a-ann", "username": "ann", "email": "ann@example.com", "collaborators": ["bob"], "readers": ["carol"], "unbond_key": "unbond"},
    {"id": "a-bob", "username": "bob", "email": "bob@example.com"},
    {"id": "a-carol", "username": "carol"},
    {"id": "a-dave", "username": "dave"}
  ],
  "access_tokens": [
    {"token": "t-ann", "account": "ann"}, {"token": "t-bob", "account": "bob"},
    {"token": "t-carol", "account": "carol"}, {"token": "t-dave", "account": "dave"}
  ]`

const house = `{` + accounts + `,
  "products": [{"id": "p-home", "name": "Home", "owner": "ann"}, {"id": "p-bob", "name": "Bobs", "owner": "bob"}],
  "devicegroups": [
    {"id": "g-kitchen", "name": "Kitchen", "product": "Home"},
    {"id": "g-prod", "name": "Prod", "product": "Home", "type": "production"},
    {"id": "g-pre", "name": "Pre", "product": "Home", "type": "pre-production"},
    {"id": "g-dut", "name": "DUT", "product": "Home", "type": "pre-dut"},
    {"id": "g-bob", "name": "Shed", "product": "Bobs"}
  ],
  "deployments": [
    {"id": "b-1", "devicegroup": "Kitchen", "device_code": "server.log(\"one\");", "agent_code": "server.log(\"agent one\");", "tags": ["v1", "x"], "flagged": true},
    {"id": "b-2", "devicegroup": "Kitchen", "device_code": "server.log(\"two\");", "agent_code": "server.log(\"agent two\");", "tags": ["v2", "x"]}
  ],
  "devices": [
    {"id": "d-1", "name": "meter", "owner": "ann", "devicegroup": "Kitchen", "mac_address": "0c:2a:69:00:00:01", "agent_id": "agentOfOne__"},
    {"id": "d-2", "owner": "ann", "agent_id": "agentOfTwo__"},
    {"id": "d-3", "owner": "ann", "device_online": false},
    {"id": "d-bob", "owner": "bob", "devicegroup": "Shed"}
  ]
}`

// cloud is a simulator behind a real server, and a client with ann's token.
type cloud struct {
	*sim.Sim
	t    *testing.T
	base string
}

func start(t *testing.T, cfg sim.Config, seed string) *cloud {
	t.Helper()
	s := sim.New(cfg)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	if err := s.Seed(strings.NewReader(seed)); err != nil {
		t.Fatal(err)
	}
	return &cloud{Sim: s, t: t, base: server.URL + "/v5"}
}

type result struct {
	status int
	header http.Header
	text   string
	json   any
}

func (c *cloud) ctx() context.Context {
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	c.t.Cleanup(cancel)
	return ctx
}

// try sends a request; headers are "Name: value".
func (c *cloud) try(method, path, body string, headers ...string) (result, error) {
	req, err := http.NewRequestWithContext(c.ctx(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	media := "application/vnd.api+json"
	if strings.HasPrefix(path, "/auth") {
		media = "application/json"
	}
	req.Header.Set("Content-Type", media)
	req.Header.Set("Authorization", "Bearer t-ann")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return result{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	r := result{status: res.StatusCode, header: res.Header, text: string(data)}
	_ = json.Unmarshal(data, &r.json)
	return r, err
}

func (c *cloud) do(method, path, body string, headers ...string) result {
	c.t.Helper()
	r, err := c.try(method, path, body, headers...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// want sends a request and checks the status.
func (c *cloud) want(status int, method, path, body string, headers ...string) result {
	c.t.Helper()
	r := c.do(method, path, body, headers...)
	if r.status != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, r.status, status, r.text)
	}
	return r
}

// refuse also checks the shape of the error and what it says.
func (c *cloud) refuse(status int, says, method, path, body string, headers ...string) result {
	c.t.Helper()
	r := c.want(status, method, path, body, headers...)
	for _, member := range []string{"id", "status", "code", "title", "detail"} {
		if _, isText := r.get("errors.0." + member).(string); !isText {
			c.t.Errorf("%s %s: the error has no %s: %s", method, path, member, r.text)
		}
	}
	if all := r.str("errors.0.title") + ": " + r.str("errors.0.detail"); !strings.Contains(all, says) {
		c.t.Errorf("%s %s: error %q, want %q", method, path, all, says)
	}
	return r
}

// get follows a path like data.0.attributes.name; nil if there is nothing.
func (r result) get(path string) any {
	v := r.json
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

func (r result) str(path string) string {
	s, _ := r.get(path).(string)
	return s
}

// ids of the list, joined by blanks.
func (r result) ids() string {
	var out []string
	list, _ := r.get("data").([]any)
	for i := range list {
		out = append(out, r.str(fmt.Sprintf("data.%d.id", i)))
	}
	return strings.Join(out, " ")
}

func data(kind, id, attributes, relationships string) string {
	if attributes == "" {
		attributes = "{}"
	}
	if relationships == "" {
		relationships = "{}"
	}
	return fmt.Sprintf(`{"data": {"type": %q, "id": %q, "attributes": %s, "relationships": %s}}`, kind, id, attributes, relationships)
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func as(who string) string { return "Authorization: Bearer t-" + who }
