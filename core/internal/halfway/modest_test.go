package halfway

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/app"
	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/sdk/plugintest"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

var tests = map[string]string{".impt.test": `{"deviceGroupId": "attic", "testFiles": ["*.nut"]}`}

// modest commands change one thing, so that they cannot stay halfway.
var modest = []scene{
	{args: line("build copy -b b1 -g cellar")},
	{args: line("build deploy -g cellar -x device.nut -f"), files: code},
	{args: line("build update -b b1 -s other -f false -t v1")},
	{args: line("device assign -d 2300000000000001 -g cellar -q")},
	{args: line("device restart -d 2300000000000001")},
	{args: line("device unassign -d 2300000000000001")},
	{args: line("device update -d 2300000000000001 -n other")},
	{args: line("dg create -p plant -n Belt -y pre-factory -t shop -u bench")},
	{args: line("loginkey update -k 7d8e6670aa285e9d -w secret -s other")},
	{args: line("product create -n Freezer")},
	{args: line("product update -p fridge -n Freezer -s cold")},
	{args: line("test create -g attic -f *.nut -q"), files: tests},
	{args: line("test github -i github.json -u ann -w secret -q")},
	{args: line("test update -f other.nut -t 5"), files: tests},
	{args: line("webhook create -g cellar -u http://example.com -e deployment -m json")},
	{args: line("webhook delete -w hook -q")},
	{args: line("webhook update -w hook -u http://example.com")},
}

func TestModestCommands(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	for _, s := range modest {
		t.Run(strings.Join(s.args, " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, impt, &s)
			before := w.state(t)
			r := w.run(t, text, s.args...)
			require.Zero(t, r.exit, "%s%s", r.out, r.err)
			made := len(w.requests(true))
			after := w.state(t)
			for name, content := range after.files {
				if before.files[name] != content {
					made++
				}
			}
			require.Equal(t, 1, made)
			require.LessOrEqual(t, len(before.files), len(after.files))
		})
	}
}

// elsewhere are commands that other tests are about: of files alone in
// files_test.go, and of what runs anew when it is repeated.
var elsewhere = []string{"build get", "project link", "test run"}

func TestNoCommandIsForgotten(t *testing.T) {
	t.Parallel()
	index, err := plugin.Load(t.Context(), plugin.Config{
		Bundled: plugintest.Find(t).Plugins, Features: app.Features, Validate: cli.Validate,
		Environment: plugin.Environment{TempDir: os.TempDir()},
	})
	require.NoError(t, err)
	known := slices.Clone(elsewhere)
	for _, s := range slices.Concat(scenes, modest) {
		known = append(known, strings.Join(s.args[:2], " "))
	}
	for _, p := range index.Plugins {
		m, err := p.Manifest()
		require.NoError(t, err)
		for _, c := range m.GetCommands() {
			for _, need := range c.GetNeeds() {
				if need.GetAccess() == pluginv1.Access_ACCESS_WRITE && !slices.Contains([]string{"settings", "login", "builder", "plugins"}, need.GetResource()) {
					require.Contains(t, known, m.GetName()+" "+c.GetName(), need.GetResource())
				}
			}
		}
	}
}
