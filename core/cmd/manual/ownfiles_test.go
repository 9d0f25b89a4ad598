package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// ownFiles are the files of impt in the working directory.
var ownFiles = []string{".impt.auth", ".impt.project", ".impt.test"}

// broken are contents of which no such file can be understood; "/" stands for a
// folder in its place, and "@" for a link to itself, which nobody can read.
var broken = []string{
	"", "{", "null", "[]", "/", "@", "\xff\xfe{\x00}\x00", `{"deviceGroupId": 5, "accessToken": []}`, "{}{}",
}

// commandsOf calls f for each command of the groups that have to do with impCentral.
func commandsOf(manifests []*pluginv1.Manifest, f func(name string, c *pluginv1.Command)) {
	for _, g := range manifests {
		if slices.Contains([]string{"completion", "plugin", "sim"}, g.GetName()) {
			continue
		}
		for _, c := range g.GetCommands() {
			f(g.GetName()+" "+c.GetName(), c)
		}
	}
}

// TestBrokenFiles runs every command where one of the files of impt is broken:
// if the command wants it, it fails in one sentence, and nothing is changed.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	manifests, err := load(t.Context(), impt.Plugins)
	require.NoError(t, err)
	turn := 0
	commandsOf(manifests, func(name string, c *pluginv1.Command) {
		words, err := split(c.GetExamples()[0])
		require.NoError(t, err)
		words = without(words[1:], &pluginv1.Option{Name: "output", Alias: "z"})
		for _, file := range ownFiles {
			// Each file is broken in each way many times, but not with each command.
			turn++
			contents := []string{broken[turn%len(broken)], broken[(turn+len(broken)/2)%len(broken)]}
			t.Run(name+" "+file, func(t *testing.T) {
				t.Parallel()
				for _, content := range contents {
					w := worldFor(t, impt, name)
					w.breakFile(t, file, content)
					w.make(t, mistake{maybe: true}, words)
				}
			})
		}
	})
}

func (w *world) breakFile(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(w.dir, name)
	require.NoError(t, os.RemoveAll(path))
	switch content {
	case "/":
		require.NoError(t, os.Mkdir(path, 0o700))
	case "@":
		if os.Symlink(name, path) != nil {
			t.Skip("there are no links here")
		}
	default:
		w.write(t, name, content)
	}
}

// anew are commands that write a file of impt without a look at what it said.
var anew = []string{"auth login", "project create", "project link", "test create"}

// TestUnknownFieldsAreKept runs every command where the files of impt say more
// than impt knows of.
func TestUnknownFieldsAreKept(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	manifests, err := load(t.Context(), impt.Plugins)
	require.NoError(t, err)
	commandsOf(manifests, func(name string, c *pluginv1.Command) {
		if slices.Contains(anew, name) {
			return
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldFor(t, impt, name)
			const own = "of another program"
			more := map[string]any{"nested": []any{1.5, "ü", nil, map[string]any{}}}
			for _, file := range ownFiles {
				if said := w.object(t, file); said != nil {
					said[own] = more
					text, err := json.Marshal(said)
					require.NoError(t, err)
					w.write(t, file, string(text))
				}
			}
			w.run(t, c.GetExamples()[0])
			for _, file := range ownFiles {
				if says := w.object(t, file); says != nil {
					require.Equal(t, more, says[own], file)
				}
			}
		})
	})
}

// object is what a file says, nil if there is none.
func (w *world) object(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	var o map[string]any
	require.NoError(t, json.Unmarshal(text, &o))
	return o
}
