package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// mistake is something wrong in a command line.
type mistake struct {
	words []string
	// maybe tells that it depends on the command whether it is one.
	maybe bool
	// late tells that impCentral alone can know, so that what comes before may
	// have been done; then it is told.
	late bool
}

// twins are two entities of each type that have a name in common.
const twins = `{
  "products": [{"name": "Twin", "owner": "demo"}, {"name": "Twin", "owner": "bob"}],
  "devicegroups": [{"name": "Twin", "product": "f0000000-0000-4000-8000-000000000001"}, {"name": "Twin", "product": "f0000000-0000-4000-8000-000000000002"}],
  "deployments": [{"devicegroup": "Cellar", "tags": ["Twin"]}, {"devicegroup": "Cellar", "tags": ["Twin"]}],
  "devices": [{"name": "Twin", "owner": "demo"}, {"name": "Twin", "owner": "demo"}]
}`

// files are the roles of paths.
var files = []pluginv1.ValueRole{
	pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE, pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE,
	pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE,
}

// mistakes are the ways to use an option wrongly.
func mistakes(o *pluginv1.Option) []mistake {
	name := "--" + o.GetName()
	var all []mistake
	wrong := func(values ...string) {
		for _, v := range values {
			all = append(all, mistake{words: []string{name, v}})
		}
	}
	perhaps := func(values ...string) {
		for _, v := range values {
			all = append(all, mistake{words: []string{name, v}, maybe: true})
		}
	}
	kind, role := o.GetKind(), o.GetRole()
	if kind == pluginv1.OptionKind_OPTION_KIND_FLAG {
		return nil
	}
	if kind == pluginv1.OptionKind_OPTION_KIND_BOOL {
		wrong("maybe", "1")
		return all
	}
	if kind == pluginv1.OptionKind_OPTION_KIND_NUMBER {
		wrong("many", "-1", "0", "1.5", "", "1e400", "99999999999999999999", "0x")
	}
	if kind != pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT {
		all = append(all, mistake{words: []string{name}})
	}
	if kind != pluginv1.OptionKind_OPTION_KIND_LIST {
		all = append(all, mistake{words: []string{name, "1", name, "1"}})
	}
	switch {
	case kind == pluginv1.OptionKind_OPTION_KIND_LIST:
		perhaps("")
	case !o.GetAllowEmpty() && kind != pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT:
		wrong("")
	}
	if len(o.GetChoices()) > 0 {
		wrong("another", strings.ToUpper(o.GetChoices()[0]))
	}
	switch {
	case role == pluginv1.ValueRole_VALUE_ROLE_ENTITY:
		// None is found by a filter, or all that have the name.
		perhaps("nothing of that name", "{me}{nothing}", "{}{}", "../..", "a/b?c#d%", strings.Repeat("long", 20_000), "\xff")
		if o.GetEntity() != "account" && o.GetEntity() != "webhook" {
			perhaps("Twin")
		}
	case slices.Contains(files, role):
		// Some commands only note the path.
		perhaps("folder", "no/such/file", "wide.txt", "huge.txt", "loop", strings.Repeat("long", 10_000), "a\nb")
	case role == pluginv1.ValueRole_VALUE_ROLE_UNSPECIFIED && kind != pluginv1.OptionKind_OPTION_KIND_NUMBER && len(o.GetChoices()) == 0:
		for _, v := range []string{strings.Repeat("long", 20_000), "\xff", "\x1b[2J"} {
			all = append(all, mistake{words: []string{name, v}, maybe: true, late: true})
		}
	}
	return all
}

// TestMistakes makes every mistake with every option of every command: each is
// told in one sentence, and nothing is changed.
func TestMistakes(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	manifests, err := load(t.Context(), impt.Plugins)
	require.NoError(t, err)
	for _, g := range manifests {
		for _, c := range g.GetCommands() {
			t.Run(g.GetName()+" "+c.GetName(), func(t *testing.T) {
				t.Parallel()
				var w *world
				try := func(m mistake, args []string) {
					if w == nil {
						w = worldFor(t, impt, g.GetName()+" "+c.GetName())
						require.NoError(t, w.sim.Seed(strings.NewReader(twins)))
						w.spoil(t)
					}
					if !w.make(t, m, args) {
						w = nil // it was none
					}
				}
				words, err := split(c.GetExamples()[0])
				require.NoError(t, err)
				words = without(words[1:], &pluginv1.Option{Name: "output", Alias: "z"})
				for _, o := range c.GetOptions() {
					rest := without(words, o)
					for _, m := range mistakes(o) {
						try(m, append(rest[:len(rest):len(rest)], m.words...))
					}
				}
				for _, more := range [][]string{{"--nonsense"}, {"nonsense"}, {"--", "nonsense"}, {"-Ω"}} {
					try(mistake{}, append(words[:len(words):len(words)], more...))
				}
			})
		}
	}
}

// without is a command line without an option and its values.
func without(words []string, o *pluginv1.Option) []string {
	names := []string{"--" + o.GetName(), "-" + o.GetAlias()}
	var rest []string
	for i := 0; i < len(words); i++ {
		if !slices.Contains(names, words[i]) {
			rest = append(rest, words[i])
			continue
		}
		if i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") {
			i++
		}
	}
	return rest
}

// spoil makes files that nobody can use.
func (w *world) spoil(t *testing.T) {
	t.Helper()
	require.NoError(t, os.Mkdir(filepath.Join(w.dir, "folder"), 0o700))
	w.write(t, "wide.txt", "\xff\xfes\x00e\x00r\x00v\x00e\x00r\x00")
	_ = os.Symlink("loop", filepath.Join(w.dir, "loop")) // nobody can read it; elsewhere it is missing
	w.write(t, "huge.txt", "")
	require.NoError(t, os.Truncate(filepath.Join(w.dir, "huge.txt"), 1<<32))
}

// internals are what no user should see.
var internals = regexp.MustCompile(`panic|goroutine|rpc error|runtime error|\.go:\d|%!|<nil>|0x[0-9a-f]{8}`)

// sentence is what says that something failed.
var sentence = regexp.MustCompile(`(?m)^Error: .+`)

// make makes a mistake, as text and as JSON, and tells whether it was one.
func (w *world) make(t *testing.T, m mistake, args []string) bool {
	t.Helper()
	line := short(strings.Join(args, " "))
	before := w.content(t)
	for _, mode := range []string{"text", "json"} {
		if mode == "json" {
			args = slices.Insert(slices.Clone(args), 2, "-z", mode)
		}
		printed, _, err := w.impts(t, w.env, args)
		if err == nil && m.maybe {
			return false
		}
		failed, ok := errors.AsType[*exec.ExitError](err)
		require.True(t, ok, "%s: %v\n%s", line, err, short(printed))
		require.Equal(t, 1, failed.ExitCode(), "%s\n%s", line, short(printed))
		require.NotRegexp(t, internals, short(printed), line)
		if m.late && regexp.MustCompile(`is (created|updated) successfully|"Done"`).MatchString(printed) {
			return false
		}
		require.True(t, reflect.DeepEqual(before, w.content(t)), "it changed something: %s\n%s", line, short(printed))
		if mode == "text" || strings.HasPrefix(printed, "\nUsage: ") {
			require.Len(t, sentence.FindAllString(printed, -1), 1, "%s\n%s", line, short(printed))
			require.Truef(t, strings.HasSuffix(printed, "\nIMPT COMMAND FAILS\n"), "%s\n%s", line, short(printed))
			continue
		}
		objects := json.NewDecoder(strings.NewReader(printed))
		for {
			var o struct{ Error string }
			err := objects.Decode(&o)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, "%s\n%s", line, short(printed))
			require.NotEmpty(t, o.Error, "%s\n%s", line, short(printed))
		}
	}
	return true
}

func short(text string) string {
	if len(text) > 2000 {
		return text[:1000] + " … " + text[len(text)-1000:]
	}
	return text
}

// content is what a mistake must leave as it was.
type content struct {
	cloud map[string]any
	files map[string]string
}

func (w *world) content(t *testing.T) content {
	t.Helper()
	var saved bytes.Buffer
	require.NoError(t, w.sim.Save(&saved))
	c := content{files: map[string]string{}}
	require.NoError(t, json.Unmarshal(saved.Bytes(), &c.cloud))
	delete(c.cloud, "ids_drawn") // errors have ids as well
	require.NoError(t, filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			c.files[path] = ""
			return err
		}
		if d.Type() == fs.ModeSymlink {
			c.files[path], err = os.Readlink(path)
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		begin, err := io.ReadAll(io.LimitReader(f, 1<<16))
		c.files[path] = string(begin)
		return err
	}))
	return c
}
