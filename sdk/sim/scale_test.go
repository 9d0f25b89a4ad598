package sim_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// fleet is a seed of 1,000 groups, 5,000 deployments and 10,000 devices.
func fleet() string {
	var groups, builds, devs []string
	for i := range 1000 {
		groups = append(groups, fmt.Sprintf(`{"id": "g%d", "name": "g%d", "product": "P"}`, i, i))
	}
	for i := range 5000 {
		builds = append(builds, fmt.Sprintf(`{"devicegroup": "g%d", "device_code": "server.log(\"%d\");", "agent_code": ""}`, i%1000, i))
	}
	for i := range 10_000 {
		devs = append(devs, fmt.Sprintf(`{"name": "d%d", "devicegroup": "g%d"}`, i, i%1000))
	}
	return fmt.Sprintf(`{%s, "products": [{"name": "P"}], "devicegroups": [%s], "deployments": [%s], "devices": [%s]}`,
		accounts, strings.Join(groups, ","), strings.Join(builds, ","), strings.Join(devs, ","))
}

func TestLargeFleet(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{MaxPageSize: 500}, fleet())
	began := time.Now()
	for path, want := range map[string]int{"/devices": 10_000, "/deployments": 5000, "/devicegroups": 1000, "/devices?filter[devicegroup.id]=g7&x=": 10} {
		path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		seen := map[string]bool{}
		for number := 1; ; number++ {
			r := c.want(200, "GET", fmt.Sprintf("%spage[size]=500&page[number]=%d", path, number), "")
			for _, id := range strings.Fields(r.ids()) {
				seen[id] = true
			}
			if r.get("links.next") == nil {
				break
			}
		}
		equal(t, path, len(seen), want)
	}
	// Some 30 pages; generous, because of race detectors and busy machines.
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("listing took %s", took)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Streams: 3}, house)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 15 {
				name := fmt.Sprintf("w%d-%d", worker, i)
				r, err := c.try("POST", "/products", data("product", "", `{"name": "`+name+`"}`, ""))
				if err != nil || r.status != 201 {
					t.Errorf("%s: %d %v", name, r.status, err)
					return
				}
				for _, q := range []string{
					"DELETE /products/" + r.str("data.id"), "POST /devices/d-1/restart", "GET /devices", "POST /logstream",
					"GET /devices/d-1/logs",
				} {
					method, path, _ := strings.Cut(q, " ")
					if r, err := c.try(method, path, ""); err != nil || r.status > 299 {
						t.Errorf("%s: %d %v", q, r.status, err)
					}
				}
				_ = c.Emit("d-1", line(name))
				_ = c.SetOnline("d-1", i%2 == 0)
				_ = c.Requests()
				if i%5 == 0 {
					_ = c.save()
					c.DropStreams()
				}
			}
		})
	}
	all.Wait()
	equal(t, "products left", c.want(200, "GET", "/products", "").ids(), "p-home")
}

func BenchmarkDevicePage(b *testing.B) {
	s := sim.New(sim.Config{})
	b.Cleanup(s.Close)
	if err := s.Seed(strings.NewReader(fleet())); err != nil {
		b.Fatal(err)
	}
	h := s.Handler()
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), "GET", "/v5/devices?page[size]=100&page[number]=77", nil)
		r.Header.Set("Authorization", "Bearer t-ann")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
