package app_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bounded runs an impt that gives plugins little of everything.
func (w *world) bounded(args ...string) result {
	w.t.Helper()
	cmd := w.command(w.hasty, args...)
	cmd.Env = append(cmd.Env, hastyVariable+"="+bounded)
	return w.start(cmd).wait()
}

// TestEachLimitIsOneSentence: a plugin that goes beyond a limit is ended, with
// one sentence that names it, and leaves nothing.
func TestEachLimitIsOneSentence(t *testing.T) {
	t.Parallel()
	for command, sentence := range map[string]string{
		"mute":    "was silent for 1s, and was ended.",
		"hoard":   "was silent for 1s, and was ended.",
		"garble":  "was silent for 1s, and was ended.",
		"chatter": "made more than 2000 calls of impt in one run, and was ended.",
		"crowd":   "made more than 32 calls of impt at once, and was ended.",
		"glutton": "ended when it had used up the 256 MiB of memory that it may have.",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			w := evil(t)
			r := w.bounded("evil", command)
			require.Equal(t, 1, r.code)
			require.Equal(t, `Error: Plugin "stranger/evil" (1.2.3) `+sentence+
				" Reinstall it or tell its author, help@stranger.example.\nIMPT COMMAND FAILS\n", r.stdout, r.stderr)
			require.Empty(t, theirs(r.stderr))
			require.Empty(t, w.processes(), "something is left")
		})
	}
}

// TestSystemCountsForStrangers reads the limits that a plugin has.
func TestSystemCountsForStrangers(t *testing.T) {
	t.Parallel()
	w := evil(t)
	require.Equal(t, 0, w.bounded("evil", "swarm").code)
	report := w.report()
	require.Equal(t, "268435456 268435456", report["memory"].Got)
	require.Equal(t, "0 0", report["core"].Got)
	limit, _, _ := strings.Cut(report["processes"].Got, " ")
	may, err := strconv.Atoi(limit)
	require.NoError(t, err)
	running, err := strconv.Atoi(report["running"].Got)
	require.NoError(t, err)
	require.Less(t, may, running+4096)

	require.Equal(t, 0, w.impt("evil", "gape").code)
	report = w.report()
	require.Contains(t, report["end"].Err, "too many open files")
	opened, err := strconv.Atoi(report["open"].Got)
	require.NoError(t, err)
	require.Less(t, opened, 512)
}

// TestWhoFleesIsFound: a child that has left group and session of the plugin
// ends with it nevertheless.
func TestWhoFleesIsFound(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"", "exit"} {
		w := evil(t)
		w.installAs("hangs", w.evil)
		r := w.impt("evil", "flee", "--text", how)
		require.Contains(t, r.stdout, "fled ")
		require.Empty(t, w.processes(), "something is left")
	}
}

// TestDenialsCannotFloodTheRecord: much that is denied is little that is kept.
func TestDenialsCannotFloodTheRecord(t *testing.T) {
	t.Parallel()
	w := evil(t)
	require.Equal(t, 0, w.impt("evil", "deny", "--text", password).code)
	kept := w.read(w.home + "/.local/state/impt/denied.log")
	require.Less(t, len(kept), 64<<10)
	require.Contains(t, kept, `"count":100`)
	require.NotContains(t, kept, password)
	require.Empty(t, theirs(kept))
}
