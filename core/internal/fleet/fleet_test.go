package fleet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

const (
	products = 10
	groups   = 1_000
	builds   = 5_000
	devices  = 10_000
)

// lists are the commands, how many entities they show, and how many requests
// they may make for that: one for each hundred of them and of what they belong
// to, and a few.
var lists = []struct {
	command           string
	entries, requests int
}{
	{"device list", devices, 130},
	{"build list", builds, 70},
	{"dg list", groups, 30},
}

// most is the memory that none of them may need, in bytes.
const most = 100 << 20

// A list of everything is whole and valid, takes few requests and little memory.
func TestLargeFleet(t *testing.T) {
	t.Parallel()
	f := newFleet(t, sim.RateLimit{})
	for _, l := range lists {
		r := f.run(t, l.command)
		require.Equal(t, l.entries, r.entries, l.command)
		require.LessOrEqual(t, r.requests, l.requests, l.command)
		require.Zero(t, r.refused, l.command)
		if !race {
			require.Less(t, r.peak, int64(most), l.command)
		}
		t.Logf("%s: %d requests, %s, %d MB", l.command, r.requests, r.took, r.peak>>20)
	}
}

// impCentral's limit: so many requests in a second.
const limit = 40

// BenchmarkList tells what the lists take, as fast as the simulator answers and
// under impCentral's rate limit; and then what share of that time the limit
// alone demands, whoever makes the requests.
func BenchmarkList(b *testing.B) {
	for _, limited := range []int{0, limit} {
		name := map[bool]string{true: "limited", false: "free"}[limited > 0]
		for _, l := range lists {
			b.Run(strings.ReplaceAll(l.command, " ", "-")+"/"+name, func(b *testing.B) {
				var all result
				var demanded time.Duration
				for b.Loop() {
					// A new one, of whose limit nothing is used yet.
					r := newFleet(b, sim.RateLimit{Requests: limited}).run(b, l.command)
					all.requests, all.refused = all.requests+r.requests, all.refused+r.refused
					all.took, all.peak = all.took+r.took, max(all.peak, r.peak)
					if limited > 0 {
						demanded += time.Duration((r.requests-r.refused-1)/limited) * time.Second
					}
				}
				n := float64(b.N)
				b.ReportMetric(0, "ns/op") // the fleet is made in it
				b.ReportMetric(float64(all.took.Milliseconds())/n, "ms/op")
				b.ReportMetric(float64(all.requests)/n, "requests/op")
				b.ReportMetric(float64(all.refused)/n, "refused/op")
				if all.peak > 0 {
					b.ReportMetric(float64(all.peak)/(1<<20), "MB")
				}
				if limited > 0 {
					b.ReportMetric(100*float64(demanded)/float64(all.took), "%demanded")
				}
			})
		}
	}
}

// fleet is an impCentral and a directory to run commands in.
type fleet struct {
	impt plugintest.Impt
	sim  *sim.Sim
	dir  string
	env  []string
}

func newFleet(t testing.TB, limit sim.RateLimit) *fleet {
	t.Helper()
	f := &fleet{impt: plugintest.Find(t), sim: sim.New(sim.Config{RateLimit: limit}), dir: t.TempDir()}
	require.NoError(t, f.sim.Seed(strings.NewReader(seed())))
	server := httptest.NewServer(f.sim.Handler())
	t.Cleanup(func() { f.sim.Close(); server.Close() })
	login, err := json.Marshal(map[string]string{
		"endpoint": server.URL + "/v5", "accessToken": token, "expiresAt": "2099-01-01T00:00:00Z",
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(f.dir, ".impt.auth"), login, 0o600))
	f.env = f.impt.Environment(t, f.dir)
	return f
}

const token = "access-of-the-fleet"

// seed spreads everything evenly.
func seed() string {
	var b strings.Builder
	section := func(name string, n int, entity func(i int) string) {
		fmt.Fprintf(&b, ", %q: [", name)
		for i := range n {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(entity(i))
		}
		b.WriteString("]")
	}
	fmt.Fprintf(&b, `{"accounts": [{"username": "ann"}], "access_tokens": [{"token": %q, "account": "ann", "expires_at": "2099-01-01T00:00:00Z"}]`, token)
	section("products", products, func(i int) string { return fmt.Sprintf(`{"id": "p%d", "name": "Product %[1]d"}`, i) })
	section("devicegroups", groups, func(i int) string {
		return fmt.Sprintf(`{"id": "g%d", "name": "Group %[1]d", "product": "p%d", "type": "development"}`, i, i%products)
	})
	section("deployments", builds, func(i int) string {
		return fmt.Sprintf(`{"devicegroup": "g%d", "device_code": "server.log(%d);", "agent_code": "", "tags": ["v%[2]d"], "origin": "bench"}`, i%groups, i)
	})
	section("devices", devices, func(i int) string {
		return fmt.Sprintf(`{"name": "Device %d", "devicegroup": "g%d"}`, i, i%groups)
	})
	b.WriteString("}")
	return b.String()
}

// result is what a command has shown, and what it took.
type result struct {
	entries, requests int
	// refused are the requests that were too many for the rate limit.
	refused int
	took    time.Duration
	peak    int64
}

// run runs a command, and requires a list of different entities.
func (f *fleet) run(t testing.TB, command string) result {
	t.Helper()
	f.sim.ForgetRequests()
	self, err := os.Executable()
	require.NoError(t, err)
	measured := filepath.Join(f.dir, "peak")
	args := append([]string{f.impt.Path}, strings.Fields(command)...)
	cmd := exec.CommandContext(t.Context(), self, append(args, "-z", "json")...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = f.dir, &out, &errs
	cmd.Env = append(f.env[:len(f.env):len(f.env)], measureVariable+"="+measured)
	began := time.Now()
	err = cmd.Run()
	r := result{took: time.Since(began)}
	require.NoError(t, err, "%s%s", out.String(), errs.String())

	var list []map[string]struct{ ID string }
	require.NoError(t, json.Unmarshal(out.Bytes(), &list), "no JSON")
	seen := map[string]bool{}
	for _, e := range list {
		require.Len(t, e, 1)
		for _, entity := range e {
			seen[entity.ID] = true
		}
	}
	require.Len(t, seen, len(list), "an entity is there twice")
	r.entries = len(seen)
	for _, request := range f.sim.Requests() {
		r.requests++
		if request.Status == http.StatusTooManyRequests {
			r.refused++
		}
	}
	text, err := os.ReadFile(measured)
	require.NoError(t, err)
	r.peak, err = strconv.ParseInt(string(text), 10, 64)
	require.NoError(t, err)
	return r
}
