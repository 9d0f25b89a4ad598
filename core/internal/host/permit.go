package host

import (
	"net/http"
	"slices"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// grants is what a command may ask for, by resource.
type grants struct {
	plugin string // as sentences call it
	access map[string]pluginv1.Access
	// declared is what it would be without limits.
	declared map[string]pluginv1.Access
}

// newGrants grants what a command declares, and of what was installed no more
// than was granted. What may be installed and started is for bundled groups
// alone.
func newGrants(cfg Config) grants {
	g := grants{cfg.subject(), accessOf(cfg.Command.GetNeeds()), nil}
	if cfg.Limited {
		g.declared = accessOf(cfg.Command.GetNeeds())
		granted := accessOf(cfg.Granted)
		for resource, access := range g.access {
			g.access[resource] = min(access, granted[resource])
		}
	}
	if !cfg.Bundled {
		delete(g.access, "plugins")
	}
	return g
}

func accessOf(capabilities []*pluginv1.Capability) map[string]pluginv1.Access {
	access := map[string]pluginv1.Access{}
	for _, n := range capabilities {
		access[n.GetResource()] = max(access[n.GetResource()], n.GetAccess())
	}
	return access
}

// request permits a request to impCentral, by what it does and not by the call
// that it came with.
func (g grants) request(method string, path []string) error {
	access := changing
	if method == http.MethodGet {
		access = reading
	}
	resource := resourceOf(path)
	if resource == "" {
		return fault.Denied(g.plugin, "a request outside its reach")
	}
	return g.need(resource, access)
}

// cloud tells that the command may ask impCentral for something.
func (g grants) cloud() bool {
	return slices.ContainsFunc(entity.Types(), func(t entity.Type) bool {
		return g.access[string(t)] >= reading
	})
}

// need permits what is no request.
func (g grants) need(resource string, access pluginv1.Access) error {
	if g.access[resource] >= access {
		return nil
	}
	verb := "reading"
	if access == changing {
		verb = "changing"
	}
	if g.declared[resource] >= access {
		return fault.NotGranted(g.plugin, verb+" "+resource)
	}
	return fault.Denied(g.plugin, verb+" "+resource)
}

var collections = map[string]string{
	"products":     "product",
	"devicegroups": "devicegroup",
	"devices":      "device",
	"deployments":  "deployment",
	"webhooks":     "webhook",
}

// resourceOf is the resource that a path below the endpoint is about, or "" if
// no capability covers it: tokens, log streams and whatever is not known.
func resourceOf(path []string) string {
	switch {
	case len(path) == 0:
		return ""
	case path[0] == "accounts":
		switch {
		case len(path) <= 2:
			return "account"
		case path[1] == "me" && path[2] == "login_keys":
			return "login_key"
		}
		return ""
	case path[0] == "devices" && len(path) == 3 && path[2] == "logs":
		return "logs"
	}
	return collections[path[0]]
}
