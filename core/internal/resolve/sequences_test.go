package resolve_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sequences are commands, by what they read and write, and the requests that
// the peer was seen to make for them. Names have a + in front.
var sequences = map[string]struct{ steps, requests []string }{
	"product list": {
		[]string{"list product", "get account me", "many account a-2 a-2"},
		[]string{"LIST products", "GET accounts/me", "GET accounts/a-2"},
	},
	"product list --owner": {
		[]string{"all account alice", "list product owner.id=a-2", "get account me", "many account a-2"},
		[]string{"GET accounts/alice", "LIST accounts", "LIST products?owner.id=a-2", "GET accounts/me"},
	},
	"product info": {
		[]string{"namefull product +Beta", "get account me"},
		[]string{"GET products/+Beta", "LIST products", "GET products/p-3", "GET accounts/me"},
	},
	"product info, hierarchical": {
		[]string{"namefull product {me}{Beta}", "get account me"},
		[]string{"GET accounts/me", "GET products/Beta", "LIST products?owner.id=a-1", "GET products/p-3"},
	},
	"product update": {
		[]string{"name product +Beta", "PATCH products/p-3"},
		[]string{"GET products/+Beta", "LIST products", "PATCH products/p-3"},
	},
	"dg create": {
		[]string{"name product +Beta", "name devicegroup +Hall", "name devicegroup +Lost", "POST devicegroups"},
		[]string{
			"GET products/+Beta", "LIST products", "GET devicegroups/+Hall", "LIST devicegroups", "GET devicegroups/+Lost",
			"POST devicegroups",
		},
	},
	"dg info": {
		[]string{"namefull devicegroup +Hall", "get account me", "many product p-1", "many deployment b-1 b-1"},
		[]string{
			"GET devicegroups/+Hall", "LIST devicegroups", "GET devicegroups/g-3", "GET accounts/me",
			"GET products/p-1", "GET deployments/b-1",
		},
	},
	"dg list": {
		[]string{"list devicegroup", "get account me", "many product p-1 p-1", "many account a-2"},
		[]string{"LIST devicegroups", "GET accounts/me", "GET products/p-1", "GET accounts/a-2"},
	},
	"dg update -m": {
		[]string{
			"name devicegroup +Hall", "name deployment +abc", "get deployment b-2",
			"PUT devicegroups/g-3/relationships/min_supported_deployment", "PATCH devicegroups/g-3",
		},
		[]string{
			"GET devicegroups/+Hall", "LIST devicegroups", "GET deployments/+abc", "LIST deployments",
			"PUT devicegroups/g-3/relationships/min_supported_deployment", "PATCH devicegroups/g-3",
		},
	},
	"dg restart": {
		[]string{"name devicegroup +Hall", "list device devicegroup.id=g-3", "POST devicegroups/g-3/restart"},
		[]string{"GET devicegroups/+Hall", "LIST devicegroups", "LIST devices?devicegroup.id=g-3", "POST devicegroups/g-3/restart"},
	},
	"dg reassign": {
		[]string{
			"name devicegroup +Hall", "name devicegroup +Lost", "list device devicegroup.id=g-4",
			"POST devicegroups/g-3/relationships/devices",
		},
		[]string{
			"GET devicegroups/+Hall", "LIST devicegroups", "GET devicegroups/+Lost", "LIST devices?devicegroup.id=g-4",
			"POST devicegroups/g-3/relationships/devices",
		},
	},
	"dg builds -r -o": {
		[]string{
			"name devicegroup +Hall", "get deployment b-2", "list deployment devicegroup.id=g-3 flagged=true", "PATCH deployments/b-1",
			"list deployment devicegroup.id=g-3 flagged=false", "DELETE deployments/b-1", "list deployment devicegroup.id=g-3",
			"get account me",
		},
		[]string{
			"GET devicegroups/+Hall", "LIST devicegroups", "GET deployments/b-2", "LIST deployments?devicegroup.id=g-3&flagged=true",
			"PATCH deployments/b-1", "LIST deployments?devicegroup.id=g-3&flagged=false", "DELETE deployments/b-1",
			"LIST deployments?devicegroup.id=g-3", "GET accounts/me",
		},
	},
	"dg delete -f": {
		[]string{
			"name devicegroup +Hall", "list device devicegroup.id=g-3", "list deployment devicegroup.id=g-3 flagged=true",
			"DELETE devicegroups/g-3/relationships/devices", "PATCH deployments/b-1", "DELETE devicegroups/g-3",
		},
		[]string{
			"GET devicegroups/+Hall", "LIST devicegroups", "LIST devices?devicegroup.id=g-3",
			"LIST deployments?devicegroup.id=g-3&flagged=true",
			"DELETE devicegroups/g-3/relationships/devices", "PATCH deployments/b-1", "DELETE devicegroups/g-3",
		},
	},
	"device info": {
		[]string{"namefull device +lamp", "get account me", "many devicegroup g-1", "many product p-1", "many deployment b-2"},
		[]string{
			"GET devices/+lamp", "LIST devices", "GET devices/d-1", "GET accounts/me", "GET devicegroups/g-1", "GET products/p-1",
			"GET deployments/b-2",
		},
	},
	"device list": {
		[]string{"list device", "get account me", "many devicegroup g-1 g-1", "many account a-2"},
		[]string{"LIST devices", "GET accounts/me", "GET devicegroups/g-1", "GET accounts/a-2"},
	},
	"device assign": {
		[]string{"name device +lamp", "name devicegroup +Hall", "POST devicegroups/g-3/relationships/devices"},
		[]string{
			"GET devices/+lamp", "LIST devices", "GET devicegroups/+Hall", "LIST devicegroups",
			"POST devicegroups/g-3/relationships/devices",
		},
	},
	"device restart": {
		[]string{"name device +lamp", "POST devices/d-1/restart"},
		[]string{"GET devices/+lamp", "LIST devices", "POST devices/d-1/restart"},
	},
	"build info": {
		[]string{"namefull deployment +abc", "get account me", "many devicegroup g-1"},
		[]string{"GET deployments/+abc", "LIST deployments", "GET deployments/b-1", "GET accounts/me", "GET devicegroups/g-1"},
	},
	"build deploy": {
		[]string{"name devicegroup +Hall", "POST deployments"},
		[]string{"GET devicegroups/+Hall", "LIST devicegroups", "POST deployments"},
	},
	"build run": {
		[]string{
			"name devicegroup +Hall", "POST deployments", "name devicegroup +Hall", "get deployment b-1", "get deployment b-2",
			"PUT devicegroups/g-3/relationships/min_supported_deployment", "PATCH devicegroups/g-3", "get devicegroup g-3",
			"list device devicegroup.id=g-3", "POST devicegroups/g-3/restart",
		},
		[]string{
			"GET devicegroups/+Hall", "LIST devicegroups", "POST deployments", "GET devicegroups/+Hall", "GET deployments/b-1",
			"GET deployments/b-2", "PUT devicegroups/g-3/relationships/min_supported_deployment", "PATCH devicegroups/g-3",
			"GET devicegroups/g-3", "LIST devices?devicegroup.id=g-3", "POST devicegroups/g-3/restart",
		},
	},
	"build copy": {
		[]string{"namefull deployment +abc", "name devicegroup +Hall", "POST deployments"},
		[]string{
			"GET deployments/+abc", "LIST deployments", "GET deployments/b-1", "GET devicegroups/+Hall", "LIST devicegroups",
			"POST deployments",
		},
	},
	"build delete": {
		[]string{"name deployment +abc", "get devicegroup g-1", "DELETE deployments/b-1"},
		[]string{"GET deployments/+abc", "LIST deployments", "GET devicegroups/g-1", "DELETE deployments/b-1"},
	},
	"build cleanup": {
		[]string{"list deployment flagged=false", "DELETE deployments/b-1"},
		[]string{"LIST deployments?flagged=false", "DELETE deployments/b-1"},
	},
	"webhook create": {
		[]string{"name devicegroup +Hall", "POST webhooks"},
		[]string{"GET devicegroups/+Hall", "LIST devicegroups", "POST webhooks"},
	},
	"webhook update": {
		[]string{"name webhook w-1", "PATCH webhooks/w-1"},
		[]string{"GET webhooks/w-1", "PATCH webhooks/w-1"},
	},
	"loginkey delete": {
		[]string{"name login_key k-1", "DELETE accounts/me/login_keys/k-1"},
		[]string{"GET accounts/me/login_keys/k-1", "DELETE accounts/me/login_keys/k-1"},
	},
	"project create": {
		[]string{
			"name product +Beta", "POST devicegroups", "full devicegroup g-1", "get account me", "get product p-3",
		},
		[]string{"GET products/+Beta", "LIST products", "POST devicegroups", "GET devicegroups/g-1", "GET accounts/me"},
	},
	"project update": {
		[]string{"get devicegroup g-1", "PATCH devicegroups/g-1", "full devicegroup g-1", "get account me", "get product p-1"},
		[]string{
			"GET devicegroups/g-1", "PATCH devicegroups/g-1", "GET devicegroups/g-1", "GET accounts/me", "GET products/p-1",
		},
	},
	"project delete": {
		[]string{
			"get devicegroup g-1", "get product p-1", "list devicegroup product.id=p-1", "list device devicegroup.id=g-1",
			"list deployment devicegroup.id=g-1 flagged=true", "list deployment devicegroup.id=g-1",
		},
		[]string{
			"GET devicegroups/g-1", "GET products/p-1", "LIST devicegroups?product.id=p-1", "LIST devices?devicegroup.id=g-1",
			"LIST deployments?devicegroup.id=g-1&flagged=true", "LIST deployments?devicegroup.id=g-1",
		},
	},
	"log get": {
		[]string{"name device +lamp", "GET devices/d-1/logs"},
		[]string{"GET devices/+lamp", "LIST devices", "GET devices/d-1/logs"},
	},
}

// The same with ids.
var sequencesByID = map[string][]string{
	"product info":   {"GET products/p-3", "GET accounts/me"},
	"product update": {"GET products/p-3", "PATCH products/p-3"},
	"dg create":      {"GET products/p-3", "GET devicegroups/g-3", "GET devicegroups/g-4", "POST devicegroups"},
	"dg info":        {"GET devicegroups/g-3", "GET accounts/me", "GET products/p-1", "GET deployments/b-1"},
	"dg update -m": {
		"GET devicegroups/g-3", "GET deployments/b-1", "GET deployments/b-2",
		"PUT devicegroups/g-3/relationships/min_supported_deployment", "PATCH devicegroups/g-3",
	},
	"dg restart": {"GET devicegroups/g-3", "LIST devices?devicegroup.id=g-3", "POST devicegroups/g-3/restart"},
	"dg reassign": {
		"GET devicegroups/g-3", "GET devicegroups/g-4", "LIST devices?devicegroup.id=g-4",
		"POST devicegroups/g-3/relationships/devices",
	},
	"dg builds -r -o": {
		"GET devicegroups/g-3", "GET deployments/b-2", "LIST deployments?devicegroup.id=g-3&flagged=true",
		"PATCH deployments/b-1", "LIST deployments?devicegroup.id=g-3&flagged=false", "DELETE deployments/b-1",
		"LIST deployments?devicegroup.id=g-3", "GET accounts/me",
	},
	"dg delete -f": {
		"GET devicegroups/g-3", "LIST devices?devicegroup.id=g-3", "LIST deployments?devicegroup.id=g-3&flagged=true",
		"DELETE devicegroups/g-3/relationships/devices", "PATCH deployments/b-1", "DELETE devicegroups/g-3",
	},
	"device info": {
		"GET devices/d-1", "GET accounts/me", "GET devicegroups/g-1", "GET products/p-1", "GET deployments/b-2",
	},
	"device assign":  {"GET devices/d-1", "GET devicegroups/g-3", "POST devicegroups/g-3/relationships/devices"},
	"device restart": {"GET devices/d-1", "POST devices/d-1/restart"},
	"build info":     {"GET deployments/b-1", "GET accounts/me", "GET devicegroups/g-1"},
	"build deploy":   {"GET devicegroups/g-3", "POST deployments"},
	"build run": {
		"GET devicegroups/g-3", "POST deployments", "GET deployments/b-1", "GET deployments/b-2",
		"PUT devicegroups/g-3/relationships/min_supported_deployment", "PATCH devicegroups/g-3",
		"GET devicegroups/g-3", "LIST devices?devicegroup.id=g-3", "POST devicegroups/g-3/restart",
	},
	"build copy":     {"GET deployments/b-1", "GET devicegroups/g-3", "POST deployments"},
	"build delete":   {"GET deployments/b-1", "GET devicegroups/g-1", "DELETE deployments/b-1"},
	"webhook create": {"GET devicegroups/g-3", "POST webhooks"},
	"project create": {"GET products/p-3", "POST devicegroups", "GET devicegroups/g-1", "GET accounts/me"},
	"log get":        {"GET devices/d-1", "GET devices/d-1/logs"},
}

func TestCommandMakesMoreRequestsThanThePeer(t *testing.T) {
	t.Parallel()
	typed := strings.NewReplacer("+", "")
	identified := strings.NewReplacer("+Beta", "p-3", "+Hall", "g-3", "+Lost", "g-4", "+lamp", "d-1", "+abc", "b-1")
	for command, c := range sequences {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			var requests []string
			for _, r := range c.requests {
				requests = append(requests, typed.Replace(r))
			}
			require.Equal(t, requests, performed(t, c.steps, typed))
			if strings.Contains(strings.Join(c.steps, " "), "+") {
				require.Equal(t, sequencesByID[command], performed(t, c.steps, identified))
			}
		})
	}
}

// performed returns the requests that the steps lead to.
func performed(t *testing.T, steps []string, names *strings.Replacer) []string {
	t.Helper()
	cloud := small()
	store := storeOf(cloud)
	for _, step := range steps {
		require.NoError(t, do(t.Context(), store, names.Replace(step)), step)
	}
	return cloud.requests()
}
