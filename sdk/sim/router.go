package sim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// handler answers one call; the simulator's lock is held.
type handler func(*call) (*reply, error)

// reply is a good answer.
type reply struct {
	status int
	body   any
}

func ok(body any) *reply      { return &reply{http.StatusOK, body} }
func created(body any) *reply { return &reply{http.StatusCreated, body} }
func noContent() *reply       { return &reply{http.StatusNoContent, nil} }

type route struct {
	method   string
	segments []string // "{}" is a parameter
	handle   handler
	open     bool // needs no access token
	auth     bool // speaks plain JSON
}

type router struct{ routes []route }

func (rt *router) add(method, path string, h handler) *route {
	rt.routes = append(rt.routes, route{method: method, segments: strings.Split(path, "/"), handle: h})
	return &rt.routes[len(rt.routes)-1]
}

// find returns the route and its parameters. Without a route it returns the
// methods that the path does have; none: no such path.
func (rt *router) find(method string, path []string) (*route, []string, []string) {
	var allowed []string
	for i := range rt.routes {
		r := &rt.routes[i]
		params, match := r.match(path)
		if !match {
			continue
		}
		if r.method == method {
			return r, params, nil
		}
		if !slices.Contains(allowed, r.method) {
			allowed = append(allowed, r.method)
		}
	}
	return nil, nil, allowed
}

func (r *route) match(path []string) ([]string, bool) {
	if len(path) != len(r.segments) {
		return nil, false
	}
	var params []string
	for i, want := range r.segments {
		switch want {
		case "{}":
			params = append(params, path[i])
		case path[i]:
		default:
			return nil, false
		}
	}
	return params, true
}

// segments splits an escaped path below the base; a final slash does not count.
func segments(escaped string) ([]string, bool) {
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(escaped, "/"), "/"), "/")
	for i, p := range parts {
		u, err := url.PathUnescape(p)
		if err != nil {
			return nil, false
		}
		parts[i] = u
	}
	return parts, true
}

func newRouter() *router {
	rt := &router{}
	for path, h := range map[string]handler{"auth": (*call).login, "auth/token": (*call).renew} {
		r := rt.add("POST", path, h)
		r.open, r.auth = true, true
	}

	rt.add("GET", "accounts", (*call).listAccounts)
	rt.add("GET", "accounts/me/login_keys", (*call).listLoginKeys)
	rt.add("POST", "accounts/me/login_keys", (*call).createLoginKey)
	rt.add("GET", "accounts/me/login_keys/{}", (*call).getLoginKey)
	rt.add("PATCH", "accounts/me/login_keys/{}", (*call).updateLoginKey)
	rt.add("DELETE", "accounts/me/login_keys/{}", (*call).deleteLoginKey)
	rt.add("GET", "accounts/me/refresh_tokens", (*call).listRefreshTokens)
	rt.add("DELETE", "accounts/me/refresh_tokens/{}", (*call).deleteRefreshToken)
	rt.add("GET", "accounts/{}", (*call).getAccount)

	rt.add("GET", "products", (*call).listProducts)
	rt.add("POST", "products", (*call).createProduct)
	rt.add("GET", "products/{}", (*call).getProduct)
	rt.add("PATCH", "products/{}", (*call).updateProduct)
	rt.add("DELETE", "products/{}", (*call).deleteProduct)

	rt.add("GET", "devicegroups", (*call).listGroups)
	rt.add("POST", "devicegroups", (*call).createGroup)
	rt.add("GET", "devicegroups/{}", (*call).getGroup)
	rt.add("PATCH", "devicegroups/{}", (*call).updateGroup)
	rt.add("DELETE", "devicegroups/{}", (*call).deleteGroup)
	rt.add("POST", "devicegroups/{}/restart", (*call).restartGroup)
	rt.add("POST", "devicegroups/{}/conditional_restart", (*call).restartGroup)
	rt.add("POST", "devicegroups/{}/relationships/devices", (*call).assignDevices)
	rt.add("DELETE", "devicegroups/{}/relationships/devices", (*call).unassignDevices)
	rt.add("PUT", "devicegroups/{}/relationships/min_supported_deployment", (*call).setMinSupported)

	rt.add("GET", "devices", (*call).listDevices)
	rt.add("GET", "devices/{}", (*call).getDevice)
	rt.add("PATCH", "devices/{}", (*call).updateDevice)
	rt.add("DELETE", "devices/{}", (*call).deleteDevice)
	rt.add("POST", "devices/{}/restart", (*call).restartDevice)
	rt.add("POST", "devices/{}/conditional_restart", (*call).restartDevice)
	rt.add("GET", "devices/{}/logs", (*call).deviceLogs)

	rt.add("GET", "deployments", (*call).listDeployments)
	rt.add("POST", "deployments", (*call).createDeployment)
	rt.add("GET", "deployments/{}", (*call).getDeployment)
	rt.add("PATCH", "deployments/{}", (*call).updateDeployment)
	rt.add("DELETE", "deployments/{}", (*call).deleteDeployment)

	rt.add("GET", "webhooks", (*call).listWebhooks)
	rt.add("POST", "webhooks", (*call).createWebhook)
	rt.add("GET", "webhooks/{}", (*call).getWebhook)
	rt.add("PATCH", "webhooks/{}", (*call).updateWebhook)
	rt.add("DELETE", "webhooks/{}", (*call).deleteWebhook)

	rt.add("POST", "logstream", (*call).createStream)
	rt.add("GET", "logstream/{}", (*call).openStream).open = true
	rt.add("PUT", "logstream/{}/{}", (*call).subscribe)
	rt.add("DELETE", "logstream/{}/{}", (*call).unsubscribe)
	return rt
}
