package halfway

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/unprivileged"
	"github.com/electricimp/impt/sdk/plugintest"
)

// unwritable is a command that cannot write one of its files, and that changes
// nothing at all for that.
type unwritable struct {
	scene
	// folders are directories in the place of files.
	folders []string
	// locked is a file that may only be read, or ".", the directory.
	locked string
	// sentence is what follows "File error: ".
	sentence string
}

func TestFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	if unprivileged.Rerun(t, needed(impt), "IMPT="+filepath.Join("bin", "impt")) {
		return
	}
	attic := project("attic")
	tests := map[string]unwritable{
		"create, no folder for the device": {scene: scene{args: line("project create -p fridge -n Garage -x src/a.nut -y agent.nut -q")}, sentence: `src/a\.nut: ENOENT: no such file or directory, open 'src/a\.nut'`},
		"create, no folder for the agent":  {scene: scene{args: line("project create -p fridge -n Garage -y src/a.nut -q")}, sentence: `src/a\.nut: ENOENT: no such file or directory, open 'src/a\.nut'`},
		"create, with everything":          {scene: scene{args: line("project create -p Freezer -c -f -n Belt -t Store -r -u Trial -w -y src/a.nut -q")}, sentence: `src/a\.nut: ENOENT`},
		"create, project is a folder":      {scene: scene{args: line("project create -p fridge -n Garage -q")}, folders: []string{".impt.project"}, sentence: `\.impt\.project: EISDIR`},
		"create, locked directory":         {scene: scene{args: line("project create -p fridge -n Garage -q")}, locked: ".", sentence: `device\.nut: EACCES`},
		"create, locked, with sources":     {scene: scene{args: line("project create -p fridge -n Garage -q"), files: code}, locked: ".", sentence: `\.impt\.project: EACCES`},
		"create, locked project":           {scene: scene{args: line("project create -p fridge -n Garage -q"), files: attic}, locked: ".impt.project", sentence: `\.impt\.project: EACCES`},
		"link, no folder for the device":   {scene: scene{args: line("project link -g attic -x src/a.nut -q")}, sentence: `src/a\.nut: ENOENT`},
		"link, no folder for the agent":    {scene: scene{args: line("project link -g attic -y src/a.nut -q")}, sentence: `src/a\.nut: ENOENT`},
		"link, locked directory":           {scene: scene{args: line("project link -g attic -q"), files: code}, locked: ".", sentence: `\.impt\.project: EACCES`},
		"link, locked project":             {scene: scene{args: line("project link -g cellar -x new.nut -q"), files: attic}, locked: ".impt.project", sentence: `\.impt\.project: EACCES`},
		"update, no folder":                {scene: scene{args: line("project update -n Loft -x new.nut -y src/a.nut"), files: attic}, sentence: `src/a\.nut: ENOENT`},
		"update, locked project":           {scene: scene{args: line("project update -n Loft -x new.nut"), files: attic}, locked: ".impt.project", sentence: `\.impt\.project: EACCES`},
		"deploy, no folder for the lines":  {scene: scene{args: line("build deploy -g cellar -x device.nut --line-map src/lines"), files: code}, sentence: `src/lines: ENOENT`},
		"deploy, lines are a folder":       {scene: scene{args: line("build deploy -g cellar -x device.nut --line-map lines"), files: code}, folders: []string{"lines"}, sentence: `lines: EISDIR`},
		"run, locked directory":            {scene: scene{args: line("build run -g cellar -x device.nut --line-map lines"), files: code}, locked: ".", sentence: `lines: EACCES`},
		"get, no folder for the device":    {scene: scene{args: line("build get -b b3 -x src/a.nut -y agent.nut -q"), files: code}, sentence: `src/a\.nut: ENOENT`},
		"get, no folder for the agent":     {scene: scene{args: line("build get -b b3 -x device.nut -y src/a.nut -q"), files: code}, sentence: `src/a\.nut: ENOENT`},
		"get, nothing there, no folder":    {scene: scene{args: line("build get -b b3 -x device.nut -y src/a.nut -q")}, sentence: `src/a\.nut: ENOENT`},
		"get, agent is a folder":           {scene: scene{args: line("build get -b b3 -x device.nut -y agent -q"), files: code}, folders: []string{"agent"}, sentence: `agent: EISDIR`},
		"get, locked directory":            {scene: scene{args: line("build get -b b3 -x device.nut -y agent.nut -q")}, locked: ".", sentence: `device\.nut: EACCES`},
		"get, locked agent":                {scene: scene{args: line("build get -b b3 -x device.nut -y agent.nut -q"), files: code}, locked: "agent.nut", sentence: `agent\.nut: EACCES`},
		"get, locked device":               {scene: scene{args: line("build get -b b3 -x device.nut -y agent.nut -q"), files: code}, locked: "device.nut", sentence: `device\.nut: EACCES`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, impt, &test.scene)
			for _, f := range test.folders {
				require.NoError(t, os.MkdirAll(w.path(f), 0o700))
			}
			if test.locked != "" {
				lock(t, w.path(test.locked))
			}
			before := w.state(t)
			for _, m := range modes {
				r := w.run(t, m, test.args...)
				require.Equal(t, 1, r.exit, r.out)
				require.Empty(t, read(t, m, r).done)
				require.Regexp(t, "Error\"?: \"?File error: "+test.sentence, r.out)
				require.Empty(t, w.requests(true))
				require.Equal(t, before.entities, w.state(t).entities)
				for name, content := range w.state(t).files {
					require.Equal(t, layout(before.files[name]), layout(content), name)
				}
				require.Len(t, w.state(t).files, len(before.files))
			}
			if test.locked != "" {
				require.NoError(t, os.Chmod(w.path(test.locked), 0o700))
			}
			for _, f := range test.folders {
				require.NoError(t, os.Remove(w.path(f)))
			}
			require.NoError(t, os.MkdirAll(w.path("src"), 0o700))
			r := w.run(t, text, test.args...)
			require.Zero(t, r.exit, r.out)
		})
	}
}

// needed is what of impt and of the tests is used here.
func needed(impt plugintest.Impt) map[string]string {
	files := map[string]string{
		filepath.Join("bin", "impt"):            impt.Path,
		filepath.Join("testdata", "cloud.json"): filepath.Join("testdata", "cloud.json"),
	}
	for _, group := range []string{"build", "project"} {
		name := "impt-plugin-" + group
		files[filepath.Join("libexec", "impt", "plugins", name)] = filepath.Join(impt.Plugins, name)
	}
	return files
}

// lock lets nobody write what is at a path.
func lock(t *testing.T, path string) {
	t.Helper()
	if os.Geteuid() < 0 {
		t.Skip("nothing can be locked on Windows")
	}
	mode := os.FileMode(0o400)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		mode = 0o500
	}
	require.NoError(t, os.Chmod(path, mode))
	t.Cleanup(func() { _ = os.Chmod(path, 0o700) })
}

// The first of two source files can be deleted.
func TestFileThatCannotBeDeleted(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	for _, m := range modes {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, impt, &scene{files: project("attic")})
			require.NoError(t, os.Remove(w.path("agent.nut")))
			require.NoError(t, os.Mkdir(w.path("agent.nut"), 0o700))
			r := w.run(t, m, line("project delete -a -q")...)
			require.Equal(t, 1, r.exit)
			told := read(t, m, r)
			require.Contains(t, told.done, `delete Device Group "attic"`)
			require.Contains(t, told.done, `delete Device/agent source files "device.nut"`)
			require.ElementsMatch(t, []string{"delete Project", `delete Device/agent source files "agent.nut"`}, told.undone)
			require.True(t, w.state(t).has(".impt.project"))
			require.False(t, w.state(t).has("device.nut"))

			require.NoError(t, os.Remove(w.path("agent.nut")))
			w.write(t, "agent.nut", "")
			r = w.run(t, m, line("project delete -a -q")...)
			require.Zero(t, r.exit, r.out)
			require.Empty(t, w.state(t).files)
		})
	}
}
