package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// root is the folder of the documents.
const root = "../../.."

func TestManual(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	manifests, err := load(t.Context(), impt.Plugins)
	require.NoError(t, err)

	t.Run("fresh", func(t *testing.T) {
		t.Parallel()
		written, err := os.ReadFile(filepath.Join(root, "docs", "manual.md"))
		require.NoError(t, err)
		fresh := manual(manifests) == strings.ReplaceAll(string(written), "\r\n", "\n")
		require.True(t, fresh, "docs/manual.md is not what the groups declare: make manual")
	})
	t.Run("examples", func(t *testing.T) {
		t.Parallel()
		for _, g := range manifests {
			for _, c := range g.GetCommands() {
				require.NotEmpty(t, c.GetExamples(), "impt %s %s has no example", g.GetName(), c.GetName())
				for _, line := range c.GetExamples() {
					t.Run(line, func(t *testing.T) {
						t.Parallel()
						example(t, impt, g, c, line)
					})
				}
			}
		}
	})
	t.Run("groups", func(t *testing.T) {
		t.Parallel()
		for _, g := range manifests {
			require.Contains(t, written(t)["README.md"], "| `"+g.GetName()+"` |", "the readme's table of groups")
		}
	})
	t.Run("documents", func(t *testing.T) {
		t.Parallel()
		documents(t, impt)
	})
}

// example runs one example in a world in which it succeeds.
func example(t *testing.T, impt plugintest.Impt, g *pluginv1.Manifest, c *pluginv1.Command, line string) {
	t.Helper()
	require.True(t, strings.HasPrefix(line, "impt "+g.GetName()+" "+c.GetName()), "it is of another command")
	if runtime.GOOS == "windows" && endless(line) {
		t.Skip("nothing else can press Ctrl-C there")
	}
	w := worldFor(t, impt, g.GetName()+" "+c.GetName())
	switch g.GetName() + " " + c.GetName() {
	case "plugin bundle", "plugin install", "plugin pack", "plugin remove", "plugin rollback", "plugin update", "plugin verify":
		w.twoVersions(t)
	}
	printed := w.run(t, line)
	t.Log(printed)
	if endless(line) {
		require.Contains(t, printed, "Press <Ctrl-C> to exit.")
	}
	for _, idle := range []string{"No Deployment", "is already assigned", "is already unassigned", "does not have assigned Devices"} {
		require.NotContains(t, printed, idle, "it shows nothing of what the command does")
	}
}

// worldFor is a world in which the examples of a command succeed.
func worldFor(t *testing.T, impt plugintest.Impt, name string) *world {
	t.Helper()
	seed, err := os.ReadFile(filepath.Join("testdata", "cloud.json"))
	require.NoError(t, err)
	cloud := string(seed)
	switch name {
	case "device unassign", "device restart", "log stream":
		cloud = strings.Replace(cloud, `"name": "meter-7"`, `"name": "meter-7", "devicegroup": "Kitchen"`, 1)
	}
	if name == "test run" {
		cloud = strings.Replace(cloud, `"name": "meter-7"`, `"name": "meter-7", "devicegroup": "Bench"`, 1)
		cloud = strings.TrimSuffix(strings.TrimSpace(cloud), "}") + testScript + "}"
	}
	w := newWorld(t, impt, strings.NewReader(cloud))
	if name != "auth login" {
		w.logIn(t)
	}
	switch name {
	case "build deploy", "build preprocess", "build run", "test create":
		w.write(t, "device.nut", `server.log("three");`)
		w.write(t, "agent.nut", "")
	case "project info", "project update", "project delete":
		w.write(t, ".impt.project", `{"deviceGroupId": "90000000-0000-4000-8000-000000000001", "deviceFile": "device.nut"}`)
		w.write(t, "device.nut", `server.log("three");`)
	case "plugin new":
		w.checkout(t)
	case "plugin dev", "plugin check":
		w.fleet(t)
	case "test info", "test update", "test delete", "test run":
		w.write(t, ".impt.test", `{"deviceGroupId": "90000000-0000-4000-8000-000000000004", "timeout": 30, "testFiles": ["tests/*.test.nut"]}`)
		require.NoError(t, os.Mkdir(filepath.Join(w.dir, "tests"), 0o700))
		w.write(t, "tests/leds.test.nut", "class LedTestCase extends ImpTestCase { function testBlink() {} }")
	}
	return w
}

// testScript is what a Device logs that runs the tests of the examples.
const testScript = `, "scripts": [{
  "reason": "assigned", "device_code": "session = \"(?P<id>[a-z-]+)\"", "common": {"__IMPUNIT__": 1, "session": "${id}"},
  "lines": [
    {"type": "status", "msg": "Agent restarted: reload."},
    {"msg": {"type": "SESSION_START", "message": ""}},
    {"msg": {"type": "TEST_START", "message": "LedTestCase::testBlink()"}},
    {"msg": {"type": "TEST_OK", "message": null}},
    {"msg": {"type": "SESSION_RESULT", "message": {"tests": 1, "assertions": 0, "failures": 0}}}
  ]
}]`

// endless tells the lines that go on until Ctrl-C.
func endless(line string) bool {
	return strings.HasPrefix(line, "impt sim start") || strings.HasPrefix(line, "impt log stream") || strings.HasSuffix(line, " --log")
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for line, words := range map[string][]string{
		`impt a -b c`:            {"impt", "a", "-b", "c"},
		`impt --descr ""`:        {"impt", "--descr", ""},
		`impt "a b"  'c "d"'`:    {"impt", "a b", `c "d"`},
		`A=1 impt --x="Keep it"`: {"A=1", "impt", "--x=Keep it"},
	} {
		got, err := split(line)
		require.NoError(t, err)
		require.Equal(t, words, got)
	}
	for _, line := range []string{"", " ", `impt "a`} {
		_, err := split(line)
		require.Error(t, err)
	}
}
