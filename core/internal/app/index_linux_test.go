package app_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// lines are command lines that need no plugin, with their exit codes.
var lines = map[string]int{
	"--help": 0, "--version": 0, "": 1, "evil": 1, "evil --help": 0, "evil good --help": 0, "evil good -h": 0,
	"good --help": 0, "evil god": 1, "evil good --nothing": 1, "evil good extra": 1, "evil good --output odd": 1,
	"product": 1, "product --help": 0, "product list --help": 0, "product delete": 1, "product info --product": 1,
	"nothing": 1, "nothing at all --help": 0, "--nothing": 1, "help": 0, "evil --version": 1,
}

func args(line string) []string { return strings.Fields(line) }

// TestHelpAndErrorsStartNothing counts the starts of all plugins.
func TestHelpAndErrorsStartNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// An impt all of whose plugins write down that they were started.
	w.bundle()
	// They need an interpreter that can be taken away without a change of
	// their own files.
	interpreter := filepath.Join(w.dir, "interpreter")
	require.NoError(t, copyFile(interpreter, w.evil))
	for _, name := range []string{"evil", "product", "device"} {
		w.installAs(name, interpreter)
	}
	require.Equal(t, 0, w.impt("--version").code)
	require.ElementsMatch(t, []string{"evil describe", "product describe", "device describe"}, w.starts())

	var before []string
	for line, code := range lines {
		r := w.impt(args(line)...)
		require.Equal(t, code, r.code, "%s: %s", line, r.stdout)
		before = append(before, line+": "+r.stdout)
	}
	require.Len(t, w.starts(), 3, "nothing was started")
	require.Equal(t, 0, w.impt("evil", "good").code)
	require.Len(t, w.starts(), 4, "starts are counted")

	// None of the plugins can be started any more, and nobody notices.
	require.NoError(t, os.Truncate(interpreter, 0))
	for _, line := range before {
		line, shown, _ := strings.Cut(line, ": ")
		require.Equal(t, shown, w.impt(args(line)...).stdout, line)
	}
	r := w.impt("evil", "good")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.stdout, `Plugin "stranger/evil" (1.2.3) cannot be started: exec format error.`)
}

// TestIndexFollowsThePlugins changes, adds and removes plugins.
func TestIndexFollowsThePlugins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NotContains(t, w.impt("--help").stdout, "evil")
	w.install("evil", "other")
	require.Contains(t, w.impt("--help").stdout, "impt evil")
	require.ElementsMatch(t, []string{"evil describe", "other describe"}, w.starts(), "new ones are described")
	w.impt("--help")
	require.Len(t, w.starts(), 2, "once")

	path := filepath.Join(w.plugins, "impt-plugin-evil")
	w.write(path, w.read(path)+"# changed\n")
	require.NoError(t, os.Chmod(path, 0o755))
	require.Equal(t, 0, w.impt("--help").code)
	require.Equal(t, []string{"evil describe"}, w.starts()[2:], "the changed one is described again")

	require.NoError(t, os.Remove(path))
	require.NotContains(t, w.impt("--help").stdout, "impt evil")
	r := w.impt("evil", "good")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.stdout, "Error: Unknown arguments: evil, good")
	require.Contains(t, w.impt("--help").stdout, "impt other")
	require.Len(t, w.starts(), 3)
}

// TestCommandsAreAddedToAGroup: nothing that there was changes its meaning, and
// nothing is started but what runs.
func TestCommandsAreAddedToAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil", "adds-a", "adds-b")
	require.NotContains(t, w.impt("--help").stdout, "adds-", "they have no group")
	require.Len(t, w.starts(), 3)
	r := w.impt("evil", "--help")
	require.Contains(t, r.stdout, "Adds. (stranger/adds-a)")
	const taken = `Warning: plugin "stranger/adds-b" cannot add "further" to the group evil, which has it from ` +
		`plugin "stranger/adds-a"; it is reached as: impt stranger/adds-b evil further.` + "\n"
	require.Contains(t, r.stderr, taken)
	require.Len(t, w.starts(), 3)
	require.Equal(t, "hello\nIMPT COMMAND SUCCEEDS\n", w.impt("evil", "good").stdout)
	require.Equal(t, result{stdout: "from adds-a\nIMPT COMMAND SUCCEEDS\n", stderr: taken}, w.impt("evil", "further"))
	require.Equal(t, result{stdout: "from adds-b\nIMPT COMMAND SUCCEEDS\n"}, w.impt("stranger/adds-b", "evil", "further"))
	require.Equal(t, result{stdout: "hello\nIMPT COMMAND SUCCEEDS\n"}, w.impt("stranger/evil", "good"))
	require.Equal(t, []string{"evil run", "adds-a run", "adds-b run", "evil run"}, w.starts()[3:])
	require.Equal(t, 1, w.impt("adds-a", "further").code)

	require.NoError(t, os.Remove(filepath.Join(w.plugins, "impt-plugin-adds-a")))
	require.Equal(t, "from adds-b\nIMPT COMMAND SUCCEEDS\n", w.impt("evil", "further").stdout)
	require.NoError(t, os.Remove(filepath.Join(w.plugins, "impt-plugin-adds-b")))
	require.Equal(t, 1, w.impt("evil", "further").code)
}

// TestPluginsAreDescribedSideBySide: each of the two ends only when the other
// was started as well.
func TestPluginsAreDescribedSideBySide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("together-a", "together-b")
	r := w.impt("--help")
	require.Equal(t, 0, r.code)
	for _, name := range []string{"together-a", "together-b"} {
		require.Regexp(t, "impt "+name+" +Is not to be trusted", r.stdout)
		require.Equal(t, 0, w.impt(name, "good").code)
	}
}

func TestBrokenPluginHidesNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil", "exits", "rubbish", "future", "panics", "bad-escapes", "bad-impostor", "bad-bloated", "bad-bursting")
	w.write(filepath.Join(w.plugins, "impt-plugin-text"), "no program")
	require.NoError(t, os.Chmod(filepath.Join(w.plugins, "impt-plugin-text"), 0o755))
	require.NoError(t, os.Symlink("/nowhere", filepath.Join(w.plugins, "impt-plugin-absent")))
	require.NoError(t, os.Mkdir(filepath.Join(w.plugins, "impt-plugin-folder"), 0o755))
	w.installAs("open", w.evil)
	require.NoError(t, os.Chmod(filepath.Join(w.plugins, "impt-plugin-open"), 0o777))
	w.logIn(valid)
	for range 2 { // described, and from the index
		for _, line := range []string{"--help", "evil --help", "evil good", "product list", "product --help", "device list"} {
			require.Equal(t, 0, w.impt(args(line)...).code, line)
		}
	}
	for name, sentence := range map[string]string{
		"bad-escapes":  "declares something that impt cannot use",
		"bad-impostor": "declares something that impt cannot use",
		"bad-bloated":  "declares something that impt cannot use",
		"bad-bursting": "answered with more than 32 MiB.",
		"text":         "cannot be started: exec format error.",
		"open":         "is not used: others may change",
	} {
		r := w.impt(name, "good")
		require.Equal(t, 1, r.code)
		require.Contains(t, r.stdout, sentence, name)
		require.Contains(t, r.stdout, `Error: Plugin "`+name+`"`)
		require.Empty(t, theirs(r.stdout))
	}
	// Nobody takes the place of a bundled plugin.
	w.install("product")
	require.Contains(t, w.impt("product", "--help").stdout, "impt product list")
	require.Equal(t, 0, w.impt("product", "list").code)
	require.NotContains(t, w.starts(), "product run")
}

// TestManyPluginsStartNothing counts the starts of fifty plugins: each is
// described once, and then what runs is started and nothing else.
func TestManyPluginsStartNothing(t *testing.T) {
	t.Parallel()
	w := evil(t)
	const many = 50
	for i := range many - 1 {
		w.install(fmt.Sprint("stranger-", i))
	}
	require.Equal(t, 0, w.impt("--help").code)
	require.Len(t, w.starts(), many)
	for _, line := range []string{"--help", "--version", "stranger-7 --help", "product list", "completion bash", "nothing"} {
		w.impt(args(line)...)
	}
	require.Len(t, w.starts(), many, "nothing more was started")
	require.Equal(t, 0, w.impt("stranger-7", "good").code)
	require.Equal(t, []string{"stranger-7 run"}, w.starts()[many:])
}

// spoilt are the plugins whose manifests are attacks.
var spoilt = []string{
	"vendor-path", "vendor-codes", "version-path", "version-nul", "version-long", "name-path", "contact-codes", "contact-tricks",
	"command-path", "command-dots", "command-nul", "command-long", "command-help", "command-twice", "option-help", "option-twice",
	"option-codes", "alias-twice", "rule-alone", "requires-codes", "example-codes", "shadow-group", "million",
}

// TestSpoiltManifestsAreRefused: each is one sentence about the plugin, and no
// code, name or path of it gets anywhere.
func TestSpoiltManifestsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var names []string
	for _, how := range spoilt {
		names = append(names, "bad-"+how)
	}
	w.install(append(names, "evil")...)
	help := w.impt("--help")
	require.Equal(t, 0, help.code)
	require.Empty(t, theirs(help.stdout+help.stderr))
	for _, name := range names {
		r := w.impt(name, "good")
		require.Equal(t, 1, r.code, name)
		require.Regexp(t, `^Error: Plugin "`+name+`"( \(.{1,120}\))? (declares something that impt cannot use: |needs the feature "|answered with more than 32 MiB\.)`, r.stdout)
		require.Empty(t, theirs(r.stdout+r.stderr), name)
		require.Less(t, len(r.stdout), 1000, name)
	}
	require.Equal(t, 0, w.impt("evil", "good").code, "the others are not hidden")
}

// TestFirstStartsAtOnce starts many impts that know nothing yet.
func TestFirstStartsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, os.RemoveAll(filepath.Join(w.cache, "impt")))
	w.install("evil", "other", "exits")
	const many = 32
	var all sync.WaitGroup
	results := make([]result, many)
	for i := range many {
		all.Go(func() { results[i] = w.impt("--help") })
	}
	all.Wait()
	for _, r := range results {
		require.Equal(t, results[0], r)
		require.Equal(t, 0, r.code)
	}
	require.Contains(t, results[0].stdout, "impt product")
	require.ElementsMatch(t, []string{"evil describe", "other describe", "exits describe"}, w.starts(), "one describes for all")
	// What is kept is whole, and the user's alone.
	info, err := os.Stat(filepath.Join(w.cache, "impt", "plugins.index"))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
}
