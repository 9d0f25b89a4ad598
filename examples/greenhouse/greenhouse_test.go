// Package greenhouse tests a plugin in another language.
package greenhouse

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

const seed = `{
  "accounts": [{"id": "ann", "username": "ann", "email": "ann@example.com"}],
  "access_tokens": [{"token": "access", "account": "ann", "expires_at": "2099-01-01T00:00:00Z"}],
  "products": [{"id": "fridge", "name": "Fridge"}],
  "devicegroups": [{"name": "Kitchen", "product": "Fridge"}],
  "devices": [{"name": "one", "devicegroup": "Kitchen"}, {"name": "two", "devicegroup": "Kitchen"}, {"name": "three"}]
}`

// TestPluginInAnotherLanguage checks and runs the plugin, confined as any that
// does not come with impt.
func TestPluginInAnotherLanguage(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("its first line means nothing there")
	}
	if _, err := os.Stat("/usr/bin/node"); err != nil {
		t.Skip("it needs Node: ", err)
	}
	if _, err := os.Stat("node_modules"); err != nil {
		t.Skip("its libraries are fetched by npm ci: ", err)
	}
	impt := plugintest.Find(t)
	s := sim.New(sim.Config{})
	require.NoError(t, s.Seed(strings.NewReader(seed)))
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	home, err := filepath.Abs(t.TempDir())
	require.NoError(t, err)
	login, err := json.Marshal(map[string]string{
		"endpoint": server.URL + "/v5", "accessToken": "access", "expiresAt": "2099-01-01T00:00:00Z",
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(home, ".impt.auth"), login, 0o600))
	here, err := os.Getwd()
	require.NoError(t, err)
	env := impt.Environment(t, home, "IMPT_ENDPOINT="+server.URL+"/v5")
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), impt.Path, args...)
		cmd.Dir, cmd.Env = home, env
		out, err := cmd.CombinedOutput()
		t.Logf("impt %s\n%s", strings.Join(args, " "), out)
		return string(out), err
	}
	out, err := run("plugin", "check", filepath.Join(here, "impt-plugin-greenhouse"))
	require.NoError(t, err, out)
	out, err = run("plugin", "dev", here)
	require.NoError(t, err, out)
	for line, want := range map[string]string{
		"greenhouse --help":                                 "impt greenhouse census  Counts the Devices of a Product.",
		"greenhouse greet --loud":                           "HELLO FROM ANOTHER LANGUAGE!\nIMPT COMMAND SUCCEEDS",
		"example/greenhouse greet -z minimal":               "",
		"greenhouse census --product Fridge":                "Greenhouse: \n  product: Fridge\n  devices: 2\nIMPT COMMAND SUCCEEDS",
		"greenhouse census --product Fridge --output json":  `"devices": 2`,
		"greenhouse census --product Fridge --output debug": `"method": "GET"`,
	} {
		out, err := run(strings.Fields(line)...)
		require.NoError(t, err, out)
		require.Contains(t, out, want)
	}
	out, err = run("greenhouse", "census", "--product", "Oven")
	require.Error(t, err)
	require.Contains(t, out, "Error: Product \"Oven\" is not found.\nIMPT COMMAND FAILS")
}

// TestInstalledPluginInAnotherLanguage installs what an author hands on: one file
// with the libraries in it, and the contract beside it.
func TestInstalledPluginInAnotherLanguage(t *testing.T) {
	t.Parallel()
	for _, needed := range []string{"/usr/bin/node", "node_modules/.bin/esbuild"} {
		if _, err := os.Stat(needed); err != nil {
			t.Skip("it needs Node, and what npm ci fetches: ", err)
		}
	}
	impt := plugintest.Find(t)
	home := t.TempDir()
	dist := filepath.Join(home, "dist")
	bundle := exec.CommandContext(t.Context(), "node_modules/.bin/esbuild", "impt-plugin-greenhouse", "--bundle", "--platform=node", "--loader:=js",
		"--outfile="+filepath.Join(dist, runtime.GOOS+"-"+runtime.GOARCH, "impt-plugin-greenhouse"))
	output, err := bundle.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.NoError(t, os.CopyFS(filepath.Join(dist, "proto"), os.DirFS("proto")))
	env := impt.Environment(t, home)
	for _, step := range []struct{ line, want string }{
		{"plugin pack dist --to greenhouse.tar.gz", "example/greenhouse"},
		{"plugin install greenhouse.tar.gz --unsigned --grant all", `Plugin "example/greenhouse" 1.0.0 (unsigned) is installed.`},
		{"greenhouse greet --loud", "HELLO FROM ANOTHER LANGUAGE!\nIMPT COMMAND SUCCEEDS"},
		{"plugin verify", "example/greenhouse"},
	} {
		cmd := exec.CommandContext(t.Context(), impt.Path, strings.Fields(step.line)...)
		cmd.Dir, cmd.Env = home, env
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "impt %s\n%s", step.line, out)
		require.Contains(t, string(out), step.want)
	}
}

// TestContractIsTheSame compares the plugin's copy, which is all that it can
// read when it runs.
func TestContractIsTheSame(t *testing.T) {
	t.Parallel()
	const theirs, ours = "proto/impt/plugin/v1", "../../sdk/proto/impt/plugin/v1"
	files, err := filepath.Glob(filepath.Join(ours, "*.proto"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		want, err := os.ReadFile(f)
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(theirs, filepath.Base(f)))
		require.NoError(t, err)
		require.True(t, string(want) == string(got), "%s differs: make generate", filepath.Base(f))
	}
}
