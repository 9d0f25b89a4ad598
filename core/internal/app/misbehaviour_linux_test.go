package app_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMisbehavingPluginIsOneSentence has plugins go wrong when a command runs
// in them: what the user reads names the plugin and says what to do.
func TestMisbehavingPluginIsOneSentence(t *testing.T) {
	t.Parallel()
	const reinstall = "Reinstall it or tell its author."
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
		"panics panic":     {"has crashed. Tell its author.", "testdata/panics/main.go"},
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
			sentence := `Plugin "` + name + `" (1.2.3) ` + strings.ReplaceAll(c.sentence, `\\`, `\`)
			r := w.impt(name, command)
			require.Equal(t, result{code: 1, stdout: "Error: " + sentence + "\nIMPT COMMAND FAILS\n"}, r)

			r = w.impt(name, command, "-z", "json")
			require.Equal(t, 1, r.code)
			require.Empty(t, r.stderr)
			var object map[string]string
			require.NoError(t, json.Unmarshal([]byte(r.stdout), &object), r.stdout)
			require.Equal(t, map[string]string{"Error": sentence}, object)

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
		var object map[string]string
		require.NoError(t, json.Unmarshal([]byte(r.stdout), &object), r.stdout)
		require.Equal(t, `Plugin "exits" ended unexpectedly. Reinstall it or tell its author.`, object["Error"])
	}
}

// TestPluginThatHangs runs an impt of little patience.
func TestPluginThatHangs(t *testing.T) {
	t.Parallel()
	for name, when := range map[string]string{"hangs": "", "run-hangs": " (1.2.3)"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.install(name)
			cmd := w.command(w.hasty, name, "good")
			cmd.Env = append(cmd.Env, hastyVariable+"=1")
			r := w.start(cmd).wait()
			require.Equal(t, 1, r.code)
			require.Equal(t, `Error: Plugin "`+name+`"`+when+` did not answer within 1s. Reinstall it or tell its author.`+
				"\nIMPT COMMAND FAILS\n", r.stdout)
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
