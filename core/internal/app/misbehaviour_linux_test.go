package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/denials"
	"github.com/electricimp/impt/sdk/sim"
)

// TestMisbehavingPluginIsOneSentence has plugins go wrong when a command runs
// in them: what the user reads names the plugin and says what to do.
func TestMisbehavingPluginIsOneSentence(t *testing.T) {
	t.Parallel()
	const reinstall = "Reinstall it or tell its author, help@stranger.example."
	for line, c := range map[string]struct{ sentence, debug string }{
		"run-exits good":   {"ended unexpectedly. " + reinstall, `cannot find \u001b[31mlibfoo`},
		"run-rubbish good": {`printed "Loading \\x1b[31mmodules" before it was ready. ` + reinstall, ""},
		"run-future good":  {"speaks version 2 of the plugin contract, and impt version 1. Update impt.", ""},
		"run-past good":    {"speaks version 0 of the plugin contract, and impt version 1. Update the plugin.", ""},
		"run-panics good":  {"ended unexpectedly. " + reinstall, "main.plugin.before"},
		"evil exit":        {"ended unexpectedly. " + reinstall, "exit status 0"},
		"evil crash":       {"ended unexpectedly. " + reinstall, "testdata/evil/commands.go"},
		"evil status":      {"failed without saying why. " + reinstall, "a text for nobody"},
		"evil large":       {"answered with more than 32 MiB. " + reinstall, ""},
		"panics panic":     {"has crashed. Tell its author, help@stranger.example.", "testdata/panics/main.go"},
		"panics thread":    {"ended unexpectedly. " + reinstall, "testdata/panics/main.go"},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			name, command, _ := strings.Cut(line, " ")
			if name == "panics" {
				w.installAs(name, w.panics)
			} else {
				w.install(name)
			}
			sentence := `Plugin "stranger/` + name + `" (1.2.3) ` + strings.ReplaceAll(c.sentence, `\\`, `\`)
			r := w.impt(name, command)
			require.Equal(t, 1, r.code)
			require.Equal(t, "Error: "+sentence+"\nIMPT COMMAND FAILS\n", r.stdout)
			require.Empty(t, theirs(r.stderr))

			r = w.impt(name, command, "-z", "json")
			require.Equal(t, 1, r.code)
			require.Empty(t, r.stderr)
			var object map[string]any
			require.NoError(t, json.Unmarshal([]byte(r.stdout), &object), r.stdout)
			require.Equal(t, sentence, object["Error"])

			r = w.impt(name, command, "--output", "debug")
			require.Equal(t, 1, r.code)
			require.Contains(t, r.stdout, "Error: "+sentence+"\nIMPT COMMAND FAILS\n")
			require.Contains(t, unescaped(r.stdout), unescaped(c.debug))
			require.Empty(t, w.processes(), "something is left")
		})
	}
}

// unescaped makes the two ways alike in which controls are shown.
func unescaped(s string) string { return strings.ReplaceAll(s, `\x1b`, `\u001b`) }

// TestBrokenPluginIsNamedInJSON: a plugin that could not even be described is
// named in the mode that was asked for.
func TestBrokenPluginIsNamedInJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("exits")
	for range 2 {
		r := w.impt("exits", "good", "-z", "json")
		require.Equal(t, 1, r.code)
		var object map[string]any
		require.NoError(t, json.Unmarshal([]byte(r.stdout), &object), r.stdout)
		require.Equal(t, []any{`cannot find \x1b[31mlibfoo`}, object["Last lines"])
		require.Equal(t, `Plugin "exits" ended unexpectedly. Reinstall it or tell its author.`, object["Error"])
	}
}

// TestPluginThatHangs runs an impt of little patience.
func TestPluginThatHangs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{"hangs": {"hangs", ""}, "run-hangs": {"stranger/run-hangs", " (1.2.3)"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.install(name)
			cmd := w.command(w.hasty, name, "good")
			cmd.Env = append(cmd.Env, hastyVariable+"=1")
			r := w.start(cmd).wait()
			require.Equal(t, 1, r.code)
			require.Regexp(t, `^Error: Plugin "`+c[0]+`"`+regexp.QuoteMeta(c[1])+` did not answer within 1s. Reinstall it or tell its author`, r.stdout)
			require.Empty(t, w.processes(), "something is left")
		})
	}
}

// TestNoChildOfAPluginStays: what a plugin starts ends with the run.
func TestNoChildOfAPluginStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil", "hangs")
	require.NoError(t, os.Remove(w.installAs("hangs", w.evil)))
	begun := time.Now()
	r := w.impt("evil", "breed")
	require.Equal(t, 0, r.code, r)
	require.Contains(t, r.stdout, "bred")
	require.Less(t, time.Since(begun), 4*time.Second)
	require.Empty(t, w.processes())
}

// TestFaultsOfPluginsAreShown: what a plugin says is wrong is no misbehaviour.
func TestFaultsOfPluginsAreShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil")
	require.Equal(t, result{code: 1, stdout: "Error: Device \"meter-7\" is not found.\nIMPT COMMAND FAILS\n"}, w.impt("evil", "fault"))
}

// TestBrokenPluginIsAccountedFor: of a plugin that ends without a word the user
// learns who it is, whom to tell, what it printed last, and what it had done.
func TestBrokenPluginIsAccountedFor(t *testing.T) {
	t.Parallel()
	done := []string{
		`Product "[^"]+" is created successfully\.`, `Product "p-1" is updated successfully\.`, `Device "d-1" is restarted successfully\.`,
	}
	const words = "The last lines of the plugin:\n  first\n  second \\x1b[31mred\n"
	for how, sentence := range map[string]string{
		"exit": "ended unexpectedly.", "status": "failed without saying why.",
	} {
		for _, mode := range []string{"", "minimal", "json", "debug"} {
			t.Run(how+" "+mode, func(t *testing.T) {
				t.Parallel()
				w := evil(t)
				line := []string{"evil", "vandal", "--text", how}
				if mode != "" {
					line = append(line, "-z", mode)
				}
				r := w.impt(line...)
				require.Equal(t, 1, r.code)
				require.Empty(t, theirs(r.stdout+r.stderr))
				sentence := `Plugin "stranger/evil" (1.2.3) ` + sentence + ` Reinstall it or tell its author, help@stranger.example.`
				if mode == "json" {
					var object struct {
						Error string
						Done  []string
						Words []string `json:"Last lines"`
					}
					require.NoError(t, json.Unmarshal([]byte(r.stdout), &object), r.stdout)
					require.Equal(t, sentence, object.Error)
					require.Regexp(t, "^"+strings.Join(done, " ")+"$", strings.Join(object.Done, " "))
					require.Equal(t, []string{"first", `second \x1b[31mred`}, object.Words)
					require.Empty(t, r.stderr)
					return
				}
				require.Contains(t, r.stdout, "Error: "+sentence+"\n")
				require.Regexp(t, "(?s)^Done: "+strings.Join(done, " ")+"\n"+regexp.QuoteMeta(words)+"$", r.stderr)
			})
		}
	}
}

// TestChangeUnderWayIsNotKnown: the plugin ends while its request is.
func TestChangeUnderWayIsNotKnown(t *testing.T) {
	t.Parallel()
	w := evil(t)
	held := w.sim.Inject(sim.Fault{Method: "PATCH", Path: "/devices/d-1", Hold: true})
	r := w.start(w.command(w.programs.impt, "evil", "vandal", "--text", "halfway"))
	require.NoError(t, held.WaitHits(within(t, patience), 1))
	require.NoError(t, syscall.Kill(r.plugin(), syscall.SIGKILL))
	got := r.wait()
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stdout, "ended unexpectedly.")
	require.Contains(t, got.stderr, `It is not known whether Device "d-1" is updated.`)
	held.Release()
}

// TestNothingWasChanged is a word too.
func TestNothingWasChanged(t *testing.T) {
	t.Parallel()
	w := evil(t)
	w.sim.Inject(sim.Fault{Status: 500, Count: -1})
	r := w.impt("evil", "vandal", "--text", "exit")
	require.True(t, strings.HasPrefix(r.stderr, "Nothing was changed on the server.\n"), r.stderr)
}

// TestDeniedCallsAreRecorded reads what impt keeps of them.
func TestDeniedCallsAreRecorded(t *testing.T) {
	t.Parallel()
	w := evil(t)
	require.Equal(t, 0, w.impt("evil", "beg").code)
	w.impt("evil", "vandal", "--text", "exit")
	all, err := denials.Of(filepath.Join(w.home, ".local", "state", "impt"), "stranger/evil")
	require.NoError(t, err)
	var kept []string
	for _, d := range all {
		require.Equal(t, "1.2.3", d.Version)
		kept = append(kept, d.Command+": "+d.What)
	}
	require.Contains(t, kept, `vandal: Plugin "stranger/evil" (1.2.3) asked for changing webhook, which its manifest does not declare.`)
	require.Contains(t, kept, `beg: Plugin "stranger/evil" (1.2.3) asked for changing project, which its manifest does not declare.`)
	require.Less(t, len(kept), 60, "each once")
	b, err := os.ReadFile(filepath.Join(w.home, ".local", "state", "impt", "denied.log"))
	require.NoError(t, err)
	require.NotContains(t, string(b), accessToken)
}
