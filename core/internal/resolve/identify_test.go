package resolve_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

type identification struct {
	what       string
	of         entity.Type
	identifier string
	full       bool
	// one is the id, or the sentence of the failure.
	one string
	// all, if it differs from one alone.
	all      []string
	requests []string
	// allRequests come on top if several will do.
	allRequests []string
}

var identifications = []identification{
	{
		what: "id", of: entity.Product, identifier: "p-1", one: "p-1",
		requests: []string{"GET products/p-1"},
	},
	{
		what: "id is enough for the full representation", of: entity.Product, identifier: "p-1", full: true, one: "p-1",
		requests: []string{"GET products/p-1"},
	},
	{
		what: "name", of: entity.Product, identifier: "Beta", one: "p-3",
		requests: []string{"GET products/Beta", "LIST products"},
	},
	{
		what: "name in full", of: entity.Product, identifier: "Beta", full: true, one: "p-3",
		requests: []string{"GET products/Beta", "LIST products", "GET products/p-3"},
	},
	{
		what: "name beyond ASCII", of: entity.Product, identifier: "Gamma é", one: "p-5",
		requests: []string{"GET products/Gamma é", "LIST products"},
	},
	{
		what: "case counts", of: entity.Product, identifier: "beta", one: `Product "beta" is not found.`, all: []string{},
		requests: []string{"GET products/beta", "LIST products"},
	},
	{
		what: "ambiguous name", of: entity.Product, identifier: "Alpha", one: `Multiple Products "Alpha" are found:`,
		all:      []string{"p-1", "p-2"},
		requests: []string{"GET products/Alpha", "LIST products"},
	},
	{
		what: "empty", of: entity.Product, identifier: "", one: "No Product Identifier is specified.",
	},
	{
		what: "dot", of: entity.Product, identifier: ".", one: `Product "." is not found.`, all: []string{},
		requests: []string{"LIST products"},
	},
	{
		what: "two dots", of: entity.Device, identifier: "..", one: `Device ".." is not found.`, all: []string{},
		requests: []string{"LIST devices"},
	},
	{
		what: "slash", of: entity.Product, identifier: "a/b", one: `Product "a/b" is not found.`, all: []string{},
		requests: []string{"GET products/a/b", "LIST products"},
	},
	{
		what: "hash", of: entity.DeviceGroup, identifier: "#", one: `Device Group "#" is not found.`, all: []string{},
		requests: []string{"GET devicegroups/#", "LIST devicegroups"},
	},
	{
		what: "me", of: entity.Account, identifier: "me", one: "a-1",
		requests: []string{"GET accounts/me"},
	},
	{
		what: "email", of: entity.Account, identifier: "alice@x.io", one: "a-2",
		requests: []string{"GET accounts/alice@x.io", "LIST accounts"},
	},
	{
		what: "user name", of: entity.Account, identifier: "alice", one: "a-2",
		requests: []string{"GET accounts/alice", "LIST accounts"},
	},
	{
		what: "MAC that the service knows", of: entity.Device, identifier: "0c:2a", one: "d-1",
		requests: []string{"GET devices/0c:2a"},
	},
	{
		what: "MAC before name", of: entity.Device, identifier: "0c:2b", one: "d-3",
		requests: []string{"GET devices/0c:2b", "LIST devices"},
	},
	{
		what: "agent id and name of one device", of: entity.Device, identifier: "AG9", one: "d-3",
		requests: []string{"GET devices/AG9", "LIST devices"},
	},
	{
		what: "device of a collaborator by name", of: entity.Device, identifier: "elsewhere",
		one: `Device "elsewhere" is not found.`, all: []string{},
		requests: []string{"GET devices/elsewhere", "LIST devices"},
	},
	{
		what: "device of a collaborator by id", of: entity.Device, identifier: "d-4", one: "d-4",
		requests: []string{"GET devices/d-4"},
	},
	{
		what: "tag before origin", of: entity.Deployment, identifier: "v1", one: "b-1",
		requests: []string{"GET deployments/v1", "LIST deployments"},
	},
	{
		what: "tag of several, twice on one", of: entity.Deployment, identifier: "rc",
		one: `Multiple Deployments "rc" are found:`, all: []string{"b-1", "b-2"},
		requests: []string{"GET deployments/rc", "LIST deployments"},
	},
	{
		what: "sha", of: entity.Deployment, identifier: "v2", one: "b-3",
		requests: []string{"GET deployments/v2", "LIST deployments"},
	},
	{
		what: "several in full", of: entity.Deployment, identifier: "rc", full: true,
		one: `Multiple Deployments "rc" are found:`, all: []string{"b-1", "b-2"},
		requests:    []string{"GET deployments/rc", "LIST deployments"},
		allRequests: []string{"GET deployments/b-1", "GET deployments/b-2"},
	},
	{
		what: "webhooks have no other name", of: entity.Webhook, identifier: "hook",
		one: `Webhook "hook" is not found.`, all: []string{},
		requests: []string{"GET webhooks/hook"},
	},
	{
		what: "login key", of: entity.LoginKey, identifier: "k-1", one: "k-1",
		requests: []string{"GET accounts/me/login_keys/k-1"},
	},
	{
		what: "account and product", of: entity.Product, identifier: "{me}{Alpha}", one: "p-1",
		requests: []string{"GET accounts/me", "GET products/Alpha", "LIST products?owner.id=a-1"},
	},
	{
		what: "account and product in full", of: entity.Product, identifier: "{me}{Alpha}", full: true, one: "p-1",
		requests: []string{"GET accounts/me", "GET products/Alpha", "LIST products?owner.id=a-1", "GET products/p-1"},
	},
	{
		what: "account and id", of: entity.Product, identifier: "{alice}{p-2}", full: true, one: "p-2",
		requests: []string{"GET accounts/alice", "LIST accounts", "GET products/p-2"},
	},
	{
		what: "account and id of another's", of: entity.Product, identifier: "{me}{p-2}", one: `Product "p-2" is not found.`,
		requests: []string{
			"GET accounts/me", "GET products/p-2", "LIST products?owner.id=a-1",
			"GET products/{me}{p-2}", "LIST products",
		},
	},
	{
		what: "account, product and group", of: entity.DeviceGroup, identifier: "{alice}{Alpha}{Kitchen}", one: "g-2",
		requests: []string{
			"GET accounts/alice", "LIST accounts", "GET products/Alpha", "LIST products?owner.id=a-2",
			"GET devicegroups/Kitchen", "LIST devicegroups?product.id=p-2",
		},
	},
	{
		what: "account, product and group by ids", of: entity.DeviceGroup, identifier: "{a-1}{p-1}{g-3}", full: true, one: "g-3",
		requests: []string{"GET accounts/a-1", "GET products/p-1", "GET devicegroups/g-3"},
	},
	{
		what: "unknown account", of: entity.Product, identifier: "{nobody}{Alpha}", one: `Account "nobody" is not found.`,
		requests: []string{
			"GET accounts/nobody", "LIST accounts",
			"GET products/{nobody}{Alpha}", "LIST products",
		},
	},
	{
		what: "unknown product of a group", of: entity.DeviceGroup, identifier: "{me}{nothing}{Kitchen}",
		one: `Product "nothing" is not found.`,
		requests: []string{
			"GET accounts/me", "GET products/nothing", "LIST products?owner.id=a-1",
			"GET devicegroups/{me}{nothing}{Kitchen}", "LIST devicegroups",
		},
	},
	{
		what: "name that looks hierarchical", of: entity.Product, identifier: "{me}{odd}", one: "p-4",
		requests: []string{
			"GET accounts/me", "GET products/odd", "LIST products?owner.id=a-1",
			"GET products/{me}{odd}", "LIST products",
		},
	},
	{
		what: "ambiguous name that looks hierarchical", of: entity.Product, identifier: "{x}{twice}",
		one: `Multiple Products "{x}{twice}" are found:`, all: []string{"p-6", "p-7"},
		requests: []string{"GET accounts/x", "LIST accounts", "GET products/{x}{twice}", "LIST products"},
	},
	{
		what: "empty account", of: entity.Product, identifier: "{}{Alpha}", one: "No Account Identifier is specified.",
		requests: []string{"GET products/{}{Alpha}", "LIST products"},
	},
	{
		what: "empty product", of: entity.Product, identifier: "{me}{}", one: "No Product Identifier is specified.",
		requests: []string{"GET accounts/me", "GET products/{me}{}", "LIST products"},
	},
	{
		what: "empty group", of: entity.DeviceGroup, identifier: "{me}{Beta}{}", one: "No Device Group Identifier is specified.",
		requests: []string{
			"GET accounts/me", "GET products/Beta", "LIST products?owner.id=a-1",
			"GET devicegroups/{me}{Beta}{}", "LIST devicegroups",
		},
	},
	{
		what: "too few parts", of: entity.DeviceGroup, identifier: "{Beta}{Shared}",
		one: `Device Group "{Beta}{Shared}" is not found.`, all: []string{},
		requests: []string{"GET devicegroups/{Beta}{Shared}", "LIST devicegroups"},
	},
	{
		what: "one part", of: entity.Product, identifier: "{me}", one: `Product "{me}" is not found.`, all: []string{},
		requests: []string{"GET products/{me}", "LIST products"},
	},
	{
		what: "too many parts", of: entity.Product, identifier: "{a}{b}{c}", one: `Product "{a}{b}{c}" is not found.`, all: []string{},
		requests: []string{"GET products/{a}{b}{c}", "LIST products"},
	},
	{
		what: "devices are not hierarchical", of: entity.Device, identifier: "{me}{x}",
		one: `Device "{me}{x}" is not found.`, all: []string{},
		requests: []string{"GET devices/{me}{x}", "LIST devices"},
	},
	{
		what: "braces alone", of: entity.Product, identifier: "{}", one: `Product "{}" is not found.`, all: []string{},
		requests: []string{"GET products/{}", "LIST products"},
	},
	{
		what: "a brace alone", of: entity.Product, identifier: "}{", one: `Product "}{" is not found.`, all: []string{},
		requests: []string{"GET products/}{", "LIST products"},
	},
}

func TestIdentifierMeansTheWrongEntity(t *testing.T) {
	t.Parallel()
	for _, c := range identifications {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			cloud := small()
			got, err := resolve.One(t.Context(), storeOf(cloud), c.of, c.identifier, c.full)
			if err != nil {
				require.Equal(t, c.one, err.Error())
				_, ok := fault.Of(err)
				require.True(t, ok)
			} else {
				require.Equal(t, c.one, got.ID)
				require.Equal(t, c.of, got.Type)
			}
			require.Equal(t, c.requests, cloud.requests())

			cloud = small()
			found, err := resolve.All(t.Context(), storeOf(cloud), c.of, c.identifier, c.full)
			switch {
			case c.all != nil:
				require.NoError(t, err)
				require.Equal(t, c.all, ids(found))
			case err != nil:
				require.Equal(t, c.one, err.Error())
			default:
				require.Equal(t, []string{c.one}, ids(found))
			}
			require.ElementsMatch(t, append(c.requests, c.allRequests...), cloud.requests())
		})
	}
}

func TestAmbiguousPartIsNamed(t *testing.T) {
	t.Parallel()
	cloud := small()
	cloud.collections["products"] = append(cloud.collections["products"], named("p-9", "Beta", "owner", "a-1").of("product"))
	store := storeOf(cloud)
	_, err := resolve.One(t.Context(), store, entity.DeviceGroup, "{me}{Beta}{Kitchen}", false)
	ambiguous, ok := resolve.AsAmbiguous(err)
	require.True(t, ok)
	require.Equal(t, entity.Product, ambiguous.Type)
	require.Equal(t, "Beta", ambiguous.Identifier)
	require.Equal(t, []string{"p-3", "p-9"}, ids(ambiguous.Candidates))
	require.True(t, fault.Is(err, fault.AmbiguousKind))

	found, err := resolve.All(t.Context(), store, entity.Product, "{me}{Beta}", false)
	require.NoError(t, err)
	require.Equal(t, []string{"p-3", "p-9"}, ids(found))
	_, err = resolve.All(t.Context(), store, entity.DeviceGroup, "{me}{Beta}{Kitchen}", false)
	require.EqualError(t, err, `Multiple Products "Beta" are found:`)
}

// failing answers some requests with a failure.
func failing(c *cloud, err error, asked ...string) *cloud {
	c.before = func(_ context.Context, got string) error {
		for _, a := range asked {
			if a == got {
				return err
			}
		}
		return nil
	}
	return c
}

func TestFailuresThatAreNotAbsence(t *testing.T) {
	t.Parallel()
	api := &fault.Fault{Kind: fault.APIKind, Status: http.StatusForbidden, Sentence: "Forbidden."}
	away := &fault.Fault{Kind: fault.UnreachableKind, Sentence: "Away."}
	unknown := errors.New("something else")
	for name, c := range map[string]struct {
		of         entity.Type
		identifier string
		err        error
		asked      string
		requests   int
	}{
		"by id":              {entity.Product, "Beta", api, "GET products/Beta", 1},
		"in the list":        {entity.Product, "Beta", api, "LIST products", 2},
		"in full":            {entity.Product, "Beta", api, "GET products/p-3", 3},
		"part by id":         {entity.Product, "{me}{Beta}", api, "GET products/Beta", 4},
		"part in the list":   {entity.Product, "{me}{Beta}", api, "LIST products?owner.id=a-1", 5},
		"account":            {entity.Product, "{me}{Beta}", api, "GET accounts/me", 3},
		"without a network":  {entity.Product, "{me}{Beta}", away, "GET products/Beta", 2},
		"not even a fault":   {entity.Product, "{me}{Beta}", unknown, "GET products/Beta", 2},
		"webhook":            {entity.Webhook, "w", api, "GET webhooks/w", 1},
		"fallback fails too": {entity.Product, "{me}{Beta}", api, "GET products/{me}{Beta}", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := failing(small(), c.err, c.asked)
			if name == "fallback fails too" {
				cloud.collections["products"] = nil
				_, err := resolve.One(t.Context(), storeOf(cloud), c.of, c.identifier, true)
				require.EqualError(t, err, `Product "Beta" is not found.`)
			} else {
				_, err := resolve.One(t.Context(), storeOf(cloud), c.of, c.identifier, true)
				require.ErrorIs(t, err, c.err)
			}
			require.Len(t, cloud.requests(), c.requests, cloud.requests())
		})
	}
}

func TestVanishedBetweenListAndGet(t *testing.T) {
	t.Parallel()
	gone := &fault.Fault{Kind: fault.APIKind, Status: http.StatusNotFound}
	_, err := resolve.One(t.Context(), storeOf(failing(small(), gone, "GET products/p-3")), entity.Product, "Beta", true)
	require.EqualError(t, err, `Product "p-3" is not found.`)
}
