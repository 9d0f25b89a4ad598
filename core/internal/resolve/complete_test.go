package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
)

func TestBeginning(t *testing.T) {
	t.Parallel()
	c := &cloud{collections: map[string][]thing{
		"devices": {
			{id: "d-1", attributes: `{"name":"meter-7","mac_address":"0c:2a:69:05:0d:62","agent_id":null}`},
			{id: "d-2", attributes: `{"name":null,"mac_address":"0c:2a:69:03:ea:f0"}`},
		},
		"deployments": {
			{id: "b-1", attributes: `{"sha":"4e7f","tags":["beta","best"]}`},
			{id: "b-2", attributes: `{"sha":"a2a4","tags":[]}`},
		},
		"webhooks": {{id: "w-1", attributes: `{"url":"http://example.com"}`}},
	}}
	for _, tc := range []struct {
		t     entity.Type
		begin string
		want  []resolve.Name
	}{
		{entity.Device, "", []resolve.Name{{Text: "meter-7", About: "Device 0c:2a:69:05:0d:62"}, {Text: "0c:2a:69:03:ea:f0", About: "Device d-2"}}},
		{entity.Device, "0c:2a:69:05", []resolve.Name{{Text: "0c:2a:69:05:0d:62", About: "Device meter-7"}}},
		{entity.Device, "d-", []resolve.Name{{Text: "d-1", About: "Device meter-7"}, {Text: "d-2", About: "Device 0c:2a:69:03:ea:f0"}}},
		{entity.Device, "x", nil},
		{entity.Deployment, "bes", []resolve.Name{{Text: "best", About: "Deployment b-1"}}},
		{entity.Deployment, "", []resolve.Name{{Text: "beta", About: "Deployment b-1"}, {Text: "a2a4", About: "Deployment b-2"}}},
		{entity.Webhook, "", []resolve.Name{{Text: "w-1", About: "Webhook http://example.com"}}},
	} {
		require.Equal(t, tc.want, resolve.Beginning(t.Context(), storeOf(c), tc.t, tc.begin), "%s %q", tc.t, tc.begin)
	}
}
