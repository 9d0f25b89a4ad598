package resolve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// fleet answers from texts made beforehand, so that a benchmark measures the
// store: 10,000 devices in 1,000 groups.
type fleet struct {
	lists map[string][][]json.RawMessage
	asked int
}

func newFleet() *fleet {
	f := &fleet{lists: map[string][][]json.RawMessage{}}
	add := func(collection string, n int, format string) {
		var page []json.RawMessage
		for i := range n {
			page = append(page, fmt.Appendf(nil, format, i, i%1000))
			if len(page) == 100 {
				f.lists[collection] = append(f.lists[collection], page)
				page = nil
			}
		}
	}
	add("devices", 10_000, `{"type":"device","id":"d-%[1]d","links":{"self":"https://api.example.com/v5/devices/d-%[1]d"},`+
		`"attributes":{"name":"device %[1]d","agent_id":"agent-%[1]d","agent_url":"https://agent.example.com/%[1]d",`+
		`"device_online":true,"device_state_changed_at":"2018-01-21T22:08:53.017Z","agent_running":false,`+
		`"agent_state_changed_at":null,"last_enrolled_at":"2018-01-19T14:15:39.247Z","imp_type":"imp001",`+
		`"ip_address":"93.80.11.190","mac_address":"0c:2a:%[1]d","free_memory":84720,"rssi":-51,`+
		`"swversion":"1ae4c87 - release-36.13 - Wed Dec 20 10:52:30 2017 - production","plan_id":null},`+
		`"relationships":{"owner":{"type":"account","id":"a-1"},"devicegroup":{"type":"development_devicegroup","id":"g-%[2]d"},`+
		`"product":{"type":"product","id":"p-1"}}}`)
	add("devicegroups", 1000, `{"type":"development_devicegroup","id":"g-%[1]d",`+
		`"attributes":{"name":"group %[1]d","description":null,"env_vars":{},"created_at":"2018-01-19T14:15:39.247Z"},`+
		`"relationships":{"owner":{"type":"account","id":"a-1"},"product":{"type":"product","id":"p-%[2]d"}}}`)
	return f
}

func (f *fleet) Do(_ context.Context, r impcentral.Request) (impcentral.Response, error) {
	f.asked++
	for _, p := range r.Query {
		if p.Name == "page[number]" {
			var number int
			if _, err := fmt.Sscan(p.Value, &number); err != nil {
				return impcentral.Response{}, err
			}
			lists := f.lists[r.Path[0]]
			links := map[string]string{"last": pageLink(len(lists))}
			if number < len(lists) {
				links["next"] = "x"
			}
			body, err := json.Marshal(map[string]any{"data": lists[number-1], "links": links})
			return impcentral.Response{Body: body}, err
		}
	}
	if r.Path[len(r.Path)-1] == "me" {
		return ok200(`{"data":{"type":"account","id":"a-1"}}`), nil
	}
	return impcentral.Response{}, &fault.Fault{Kind: fault.APIKind, Status: http.StatusNotFound}
}

func (f *fleet) Pages(_ context.Context, path []string, _ []impcentral.Param) pages {
	return func(yield func([]json.RawMessage, error) bool) {
		for _, page := range f.lists[path[0]] {
			if f.asked++; !yield(page, nil) {
				return
			}
		}
	}
}

func BenchmarkListTenThousand(b *testing.B) {
	f := newFleet()
	for b.Loop() {
		found, err := everything(resolve.New(resolve.Config{API: f}).List(b.Context(), entity.Device))
		require.NoError(b, err)
		require.Len(b, found, 10_000)
	}
}

func BenchmarkNameAmongTenThousand(b *testing.B) {
	store := resolve.New(resolve.Config{API: newFleet()})
	list, err := everything(store.List(b.Context(), entity.Device))
	require.NoError(b, err)
	require.Len(b, list, 10_000)
	for b.Loop() {
		r, err := resolve.One(b.Context(), store, entity.Device, "device 77", false)
		require.NoError(b, err)
		require.Equal(b, "d-77", r.ID)
	}
}

func BenchmarkGroupsOfTenThousand(b *testing.B) {
	f := newFleet()
	list, err := everything(resolve.New(resolve.Config{API: f}).List(b.Context(), entity.Device))
	require.NoError(b, err)
	for b.Loop() {
		store := resolve.New(resolve.Config{API: f})
		groups := make([]string, len(list))
		for i, r := range list {
			to, _ := r.Related("devicegroup")
			groups[i] = to.ID
		}
		f.asked = 0
		found, _, err := store.GetMany(b.Context(), entity.DeviceGroup, groups, false)
		require.NoError(b, err)
		require.Len(b, found, 1000)
		require.Equal(b, 10, f.asked)
	}
}

func BenchmarkShowTenThousand(b *testing.B) {
	f := newFleet()
	f.lists["products"] = f.lists["devicegroups"]
	list, err := everything(resolve.New(resolve.Config{API: f}).List(b.Context(), entity.DeviceGroup))
	require.NoError(b, err)
	for b.Loop() {
		_, err := resolve.Documents(b.Context(), resolve.New(resolve.Config{API: f}), list)
		require.NoError(b, err)
	}
}
