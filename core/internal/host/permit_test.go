package host

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func grantsOf(needs []*pluginv1.Capability) grants {
	return newGrants(Config{Plugin: "lamp", Command: &pluginv1.Command{Needs: needs}})
}

// What may be started is decided out of reach of what a plugin declares.
func TestPluginsAreForBundledGroups(t *testing.T) {
	t.Parallel()
	cfg := Config{Plugin: "lamp", Command: &pluginv1.Command{Needs: []*pluginv1.Capability{{Resource: "plugins", Access: changing}}}}
	require.True(t, fault.Is(newGrants(cfg).need("plugins", reading), fault.DeniedKind))
	cfg.Bundled = true
	require.NoError(t, newGrants(cfg).need("plugins", changing))
}

// What was installed may do what it declares and was granted, and nothing else.
func TestGrantsLimitWhatIsDeclared(t *testing.T) {
	t.Parallel()
	g := newGrants(Config{
		Plugin: "lamp", Limited: true,
		Command: &pluginv1.Command{Needs: []*pluginv1.Capability{
			{Resource: "device", Access: changing}, {Resource: "product", Access: changing}, {Resource: "logs", Access: reading},
		}},
		Granted: []*pluginv1.Capability{
			{Resource: "device", Access: changing}, {Resource: "product", Access: reading}, {Resource: "webhook", Access: changing},
		},
	})
	require.NoError(t, g.request(http.MethodPatch, []string{"devices", "1"}))
	require.NoError(t, g.request(http.MethodGet, []string{"products"}))
	require.ErrorContains(t, g.request(http.MethodPost, []string{"products"}), "was not granted")
	require.Error(t, g.request(http.MethodGet, []string{"devices", "1", "logs"}))
	require.Error(t, g.request(http.MethodGet, []string{"webhooks"}))
}

func TestRequestsArePermittedByWhatTheyDo(t *testing.T) {
	t.Parallel()
	granted := grantsOf([]*pluginv1.Capability{
		{Resource: "product", Access: reading},
		{Resource: "device", Access: reading},
		{Resource: "device", Access: changing},
		{Resource: "logs", Access: reading},
	})
	for request, want := range map[string]string{
		"GET products":                              "",
		"GET products/1":                            "",
		"PATCH products/1":                          "changing product",
		"POST products":                             "changing product",
		"DELETE products/1":                         "changing product",
		"GET devices/1":                             "",
		"POST devices/1/restart":                    "",
		"GET devices/1/logs":                        "",
		"GET devicegroups":                          "reading devicegroup",
		"POST devicegroups/1/relationships/devices": "changing devicegroup",
		"GET deployments/1":                         "reading deployment",
		"GET webhooks":                              "reading webhook",
		"GET accounts":                              "reading account",
		"GET accounts/me":                           "reading account",
		"GET accounts/me/login_keys":                "reading login_key",
		"POST accounts/me/login_keys":               "changing login_key",
		"GET accounts/me/refresh_tokens":            "a request outside its reach",
		"GET accounts/1/login_keys":                 "a request outside its reach",
		"POST logstream":                            "a request outside its reach",
		"PUT logstream/1/2":                         "a request outside its reach",
		"POST auth":                                 "a request outside its reach",
		"POST auth/token":                           "a request outside its reach",
		"GET ":                                      "a request outside its reach",
		"GET ../auth":                               "a request outside its reach",
		"GET products%2f..%2fauth":                  "a request outside its reach",
	} {
		method, path, _ := strings.Cut(request, " ")
		err := granted.request(method, strings.Split(path, "/"))
		if want == "" {
			require.NoError(t, err, request)
			continue
		}
		require.True(t, fault.Is(err, fault.DeniedKind), request)
		require.Contains(t, err.Error(), want, request)
	}
	require.Error(t, granted.request(http.MethodGet, nil))
}

func TestNoGrantPermitsNothing(t *testing.T) {
	t.Parallel()
	none := grantsOf(nil)
	require.Error(t, none.request(http.MethodGet, []string{"products"}))
	require.Error(t, none.need("login", reading))
	require.False(t, none.cloud())
	logs := grantsOf([]*pluginv1.Capability{{Resource: "logs", Access: reading}})
	require.NoError(t, logs.need("logs", reading))
	require.False(t, logs.cloud())
}
