package halfway

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

// Who repeats the command is told what to do if it can leave no note.
func TestNoNote(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("notes are beside the cache there, which is needed")
	}
	impt := plugintest.Find(t)
	for args, test := range map[string]struct {
		files       map[string]string
		lost        sim.Fault
		hint, again string
	}{
		"project create -p fridge -n Garage -q": {
			nil, sim.Fault{Method: http.MethodPost, Path: "/devicegroups"},
			`(?m)^The Device Group may be there all the same\. If so, "impt project link" makes the project of it\.$`,
			`(?m)^Error: Duplicate Resource: `,
		},
		"project delete -e -q": {
			project("attic"), sim.Fault{Method: http.MethodDelete, Path: "/devicegroups/attic"},
			`(?m)^Without Device Group "attic" the command does not find the rest, which has to be deleted one by one\.$`,
			`(?m)^Project is deleted successfully\.$`,
		},
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, impt, &scene{files: test.files})
			data := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(data, "impt"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(data, "impt", "settings"), nil, 0o600))
			w.env = append(w.env, "XDG_DATA_HOME="+data)
			test.lost.After, test.lost.DropConnection = true, true
			w.sim.Inject(test.lost)
			r := w.run(t, text, line(args)...)
			require.Equal(t, 1, r.exit)
			require.Regexp(t, test.hint, r.out)
			require.NotContains(t, r.err, goOn)
			require.Regexp(t, test.again, w.run(t, text, line(args)...).out)
		})
	}
}

// A group that the command has not made itself is not taken.
func TestGroupOfAnotherRun(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	create := line("project create -p fridge -n Garage -q")
	for name, others := range map[string][]string{
		"not failed before": line("dg create -p fridge -n Garage"),
		"other description": line("dg create -p fridge -n Garage -s warm"),
		"other type":        line("dg create -p fridge -n Garage -y pre-production"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, impt, &scene{})
			if name != "not failed before" {
				w.sim.Inject(sim.Fault{Method: http.MethodPost, Path: "/devicegroups", DropConnection: true})
				require.Equal(t, 1, w.run(t, text, create...).exit)
			}
			require.Zero(t, w.run(t, text, others...).exit)
			r := w.run(t, text, create...)
			require.Equal(t, 1, r.exit)
			require.Contains(t, r.out, "Error: Duplicate Resource: ")
			require.Empty(t, w.state(t).files)
		})
	}
}
