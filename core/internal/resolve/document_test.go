package resolve_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

func TestCandidates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of       entity.Type
		ids      []string
		want     string
		requests []string
	}{
		"nothing": {of: entity.Product, want: `[]`},
		"products": {
			of: entity.Product, ids: []string{"p-1", "p-2"},
			want: `[{"Product":{"id":"p-1","name":"Alpha"}},` +
				`{"Product":{"id":"p-2","name":"Alpha","Owner":{"id":"a-2","email":"alice@x.io","username":"alice"}}}]`,
			requests: []string{"GET accounts/me", "GET accounts/a-2"},
		},
		"own products": {
			of: entity.Product, ids: []string{"p-1", "p-3"},
			want:     `[{"Product":{"id":"p-1","name":"Alpha"}},{"Product":{"id":"p-3","name":"Beta"}}]`,
			requests: []string{"GET accounts/me"},
		},
		"groups": {
			of: entity.DeviceGroup, ids: []string{"g-1", "g-2"},
			want: `[{"Device Group":{"id":"g-1","type":"development","name":"Kitchen","Product":{"id":"p-1","name":"Alpha"}}},` +
				`{"Device Group":{"id":"g-2","type":"production","name":"Kitchen","Product":{"id":"p-2","name":"Alpha"},` +
				`"Owner":{"id":"a-2","email":"alice@x.io","username":"alice"}}}]`,
			requests: []string{"GET accounts/a-2", "GET accounts/me", "GET products/p-1", "GET products/p-2"},
		},
		"group of unknown type and lost product": {
			of: entity.DeviceGroup, ids: []string{"g-3", "g-4"},
			want: `[{"Device Group":{"id":"g-3","type":"unknown","name":"Hall","Product":{"id":"p-1","name":"Alpha"}}},` +
				`{"Device Group":{"id":"g-4","type":"development","name":"Lost","Corrupted Product":{"id":"p-gone"}}}]`,
			requests: []string{"GET accounts/me", "GET products/p-1", "GET products/p-gone"},
		},
		"devices": {
			of: entity.Device, ids: []string{"d-1", "d-2"},
			want: `[{"Device":{"id":"d-1","name":"lamp","mac_address":"0c:2a","agent_id":"AG1","device_online":true,` +
				`"Device Group":{"id":"g-1","type":"development","name":"Kitchen"}}},` +
				`{"Device":{"id":"d-2","name":"0c:2b","mac_address":"0c:2c",` +
				`"Device Group":{"id":"g-1","type":"development","name":"Kitchen"}}}]`,
			requests: []string{"GET accounts/me", "GET devicegroups/g-1"},
		},
		"builds": {
			of: entity.Deployment, ids: []string{"b-1", "b-2", "b-3"},
			want: `[{"Deployment":{"id":"b-1","sha":"abc","tags":["v1","rc"],"origin":"git","flagged":true}},` +
				`{"Deployment":{"id":"b-2","sha":"def","tags":["rc","rc"],"origin":"v1",` +
				`"Device Group":{"id":"g-1","type":"development","name":"Kitchen"}}},` +
				`{"Deployment":{"id":"b-3","sha":"v2","Corrupted Device Group":{"id":"g-gone","type":"unknown"}}}]`,
			requests: []string{"GET accounts/me", "GET devicegroups/g-1", "GET devicegroups/g-gone"},
		},
		"accounts": {
			of: entity.Account, ids: []string{"a-2"},
			want: `[{"Account":{"id":"a-2","email":"alice@x.io","username":"alice"}}]`,
		},
		"login keys": {
			of: entity.LoginKey, ids: []string{"k-1"},
			want: `[{"Login Key":{"id":"k-1"}}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, _, err := storeOf(small()).GetMany(t.Context(), c.of, c.ids, false)
			require.NoError(t, err)
			cloud := small()
			list, err := resolve.Documents(t.Context(), storeOf(cloud), found)
			require.NoError(t, err)
			require.Equal(t, c.want, string(document.Encode(list)))
			require.ElementsMatch(t, c.requests, cloud.requests())
		})
	}
}

func TestCandidatesInTheFault(t *testing.T) {
	t.Parallel()
	store := storeOf(small())
	_, err := resolve.One(t.Context(), store, entity.Product, "Alpha", false)
	ambiguous, ok := resolve.AsAmbiguous(err)
	require.True(t, ok)
	list, err := resolve.Documents(t.Context(), store, ambiguous.Candidates)
	require.NoError(t, err)
	f := ambiguous.Fault(list)
	require.Equal(t, `Multiple Products "Alpha" are found:`, f.Sentence)
	require.Contains(t, string(f.Candidates), `{"Product":{"id":"p-1","name":"Alpha"}}`)
}

func TestCandidatesThatCannotBeShown(t *testing.T) {
	t.Parallel()
	found, _, err := storeOf(small()).GetMany(t.Context(), entity.DeviceGroup, []string{"g-1"}, false)
	require.NoError(t, err)
	for _, asked := range []string{"GET accounts/me", "GET products/p-1"} {
		_, err := resolve.Documents(t.Context(), storeOf(failing(small(), errors.New("down"), asked)), found)
		require.ErrorContains(t, err, "down")
	}
}
