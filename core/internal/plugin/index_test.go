//go:build unix

package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// config is one with folders of this test alone.
func config(t testing.TB) Config {
	t.Helper()
	dir := publicDir(t)
	return Config{
		Bundled:     filepath.Join(dir, "bundled"),
		User:        filepath.Join(dir, "user"),
		Path:        []string{filepath.Join(dir, "one"), filepath.Join(dir, "two")},
		CacheDir:    filepath.Join(dir, "cache"),
		Version:     "3.0.0",
		Environment: surroundings(t),
		Limits:      patient,
		Validate: func(m *pluginv1.Manifest) error {
			if m.GetSynopsis() == "invalid" {
				return errors.New("the synopsis is no sentence.")
			}
			return nil
		},
	}
}

func load(t testing.TB, c Config) *Index {
	t.Helper()
	x, err := Load(t.Context(), c)
	require.NoError(t, err)
	return x
}

func find(t testing.TB, x *Index, name string) *Plugin {
	t.Helper()
	p, ok := x.Find(t.Context(), name)
	require.True(t, ok)
	return p
}

func TestNoPluginsAtAll(t *testing.T) {
	t.Parallel()
	x := load(t, config(t))
	require.Empty(t, x.Plugins)
	require.Empty(t, x.Warnings)
	_, ok := x.Find(t.Context(), "device")
	require.False(t, ok)
}

func TestSecondLoadStartsNothing(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.Bundled, "obedient-a", "obedient-b")
	install(t, c.User, "obedient-c")
	x := load(t, c)
	require.ElementsMatch(t, []string{"obedient-a", "obedient-b", "obedient-c"}, x.Described)
	for range 2 {
		x = load(t, c)
		require.Empty(t, x.Described)
		require.Len(t, x.Plugins, 3)
		for i, name := range []string{"obedient-a", "obedient-b", "obedient-c"} {
			p := x.Plugins[i]
			require.Nil(t, p.Fault)
			require.Equal(t, []any{name, "1.2.3", "Does what its name says.", name != "obedient-c"}, []any{p.Name, p.Version, p.Synopsis, p.Bundled})
			require.Len(t, p.SHA256, 32)
			m, err := p.Manifest()
			require.NoError(t, err)
			require.Equal(t, name, m.GetName())
		}
	}
}

func TestPluginThatHasChangedIsDescribedAgain(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient-a", "obedient-b")
	require.Len(t, load(t, c).Described, 2)

	path := filepath.Join(c.User, filePrefix+"obedient-a")
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path+".new", append(b, "more\n"...), 0o700))
	require.NoError(t, os.Rename(path+".new", path))
	require.Equal(t, []string{"obedient-a"}, load(t, c).Described)

	// Another time is no other content.
	require.NoError(t, os.Chtimes(path, time.Now(), time.Now().Add(time.Hour)))
	require.Empty(t, load(t, c).Described)
	require.Empty(t, load(t, c).Described)

	c.Version = "3.0.1"
	require.Len(t, load(t, c).Described, 2, "another host asks for itself")
}

func TestBrokenPluginHidesNoOther(t *testing.T) {
	t.Parallel()
	broken := map[string]string{
		"hollow":    "declares something that impt cannot use: it has no manifest. Reinstall it or tell its author.",
		"impostor":  `declares something that impt cannot use: the group "device", in a file for the group "impostor". Reinstall it or tell its author.`,
		"bloated":   "declares something that impt cannot use: its manifest is larger than 1 MiB. Reinstall it or tell its author.",
		"bursting":  "answered with more than 32 MiB. Reinstall it or tell its author.",
		"demanding": `needs the feature "telepathy" of impt, which this version lacks. Update impt.`,
		"invalid":   "declares something that impt cannot use: the synopsis is no sentence. Reinstall it or tell its author.",
		"exits":     "ended unexpectedly. Reinstall it or tell its author.",
	}
	c := config(t)
	c.Limits.Memory = roomy
	install(t, c.User, "obedient")
	for name := range broken {
		install(t, c.User, name)
	}
	for i, described := range []int{len(broken) + 1, 0} {
		x := load(t, c)
		require.Len(t, x.Described, described, "load %d", i)
		require.Len(t, x.Plugins, len(broken)+1)
		for _, p := range x.Plugins {
			_, err := p.Manifest()
			if p.Name == "obedient" {
				require.NoError(t, err)
				continue
			}
			subject := fmt.Sprintf("Plugin %q ", p.Name)
			if p.Version != "" {
				subject = fmt.Sprintf("Plugin %q (1.2.3) ", p.Name)
			}
			requireFault(t, err, subject+broken[p.Name])
		}
	}
}

func TestPluginThatHangsIsWaitedForOnce(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.Limits.Describe = 300 * time.Millisecond
	install(t, c.User, "hangs", "slow")
	for _, described := range []int{2, 0} {
		x := load(t, c)
		require.Len(t, x.Described, described)
		for _, p := range x.Plugins {
			requireFault(t, p.Fault, fmt.Sprintf("Plugin %q did not answer within 300ms. Reinstall it or tell its author.", p.Name))
		}
	}
}

func TestPassingTroublePasses(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "once")
	broken := filepath.Join(c.User, "broken")
	require.NoError(t, os.WriteFile(broken, nil, 0o600))
	require.NotNil(t, load(t, c).Plugins[0].Fault)

	x := load(t, c)
	require.Empty(t, x.Described, "nobody asked for it")
	require.NotNil(t, find(t, x, "once").Fault)
	require.Len(t, x.Described, 1)

	require.NoError(t, os.Remove(broken))
	require.Nil(t, find(t, load(t, c), "once").Fault)
	require.Nil(t, load(t, c).Plugins[0].Fault)
}

func TestFirstFolderWins(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.Bundled, "obedient-a")
	install(t, c.User, "obedient-a", "obedient-b")
	install(t, c.Path[0], "obedient-b", "obedient-c")
	install(t, c.Path[1], "obedient-a", "obedient-c")
	c.Path = append(c.Path, c.User) // the same file hides nothing
	x := load(t, c)
	for name, folder := range map[string]string{"obedient-a": c.Bundled, "obedient-b": c.User, "obedient-c": c.Path[0]} {
		require.Equal(t, folder, filepath.Dir(find(t, x, name).Path))
	}
	require.Len(t, x.Warnings, 4)
	require.Equal(t, Warning{
		filepath.Join(c.User, filePrefix+"obedient-a"),
		"it is hidden by " + filepath.Join(c.Bundled, filePrefix+"obedient-a"),
	}, x.Warnings[0])
}

func TestVendorsTellPluginsOfOneNameApart(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.Bundled, "vendored-a")
	install(t, c.User, "vendored-a", "vendored-b")
	install(t, c.Path[0], "vendored-b")
	for range 2 {
		x := load(t, c)
		require.Len(t, x.Plugins, 4)
		require.Empty(t, x.Warnings)
		first := find(t, x, "vendored-b")
		require.Equal(t, "vendor-of-user/vendored-b", first.Qualified())
		require.Equal(t, []string{"build", "vendored-b"}, first.Groups)
		require.True(t, x.Owns(first))
		second := find(t, x, "vendor-of-one/vendored-b")
		require.Equal(t, c.Path[0], filepath.Dir(second.Path))
		require.False(t, x.Owns(second))
		require.Equal(t, c.Bundled, filepath.Dir(find(t, x, "vendored-a").Path))
	}
}

func TestWhatIsNoPlugin(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient", "Loud", "two words", "9lives", "a-very-long-name-of-more-than-32-letters")
	require.NoError(t, os.WriteFile(filepath.Join(c.User, filePrefix+"text"), []byte("x"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(c.User, "README"), []byte("x"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(c.User, filePrefix+"folder"), 0o700))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(c.User, filePrefix+"dangling")))
	c.Path = []string{"relative", filepath.Join(c.User, "README")}
	x := load(t, c)
	require.Len(t, x.Plugins, 1)
	texts := map[string]string{}
	for _, w := range x.Warnings {
		texts[filepath.Base(w.Path)] = w.Text
	}
	require.Equal(t, map[string]string{
		filePrefix + "Loud":      `"Loud" is not the name of a group`,
		filePrefix + "two words": `"two words" is not the name of a group`,
		filePrefix + "9lives":    `"9lives" is not the name of a group`,
		filePrefix + "a-very-long-name-of-more-than-32-letters": `"a-very-long-name-of-more-than-32-letters" is not the name of a group`,
		filePrefix + "text":     "it is not used: it is not a regular file that can be executed",
		filePrefix + "folder":   "it is not used: it is not a regular file that can be executed",
		filePrefix + "dangling": "it is not used: no such file or directory",
		"relative":              "it is not an absolute path",
		"README":                "it cannot be read: not a directory",
	}, texts)
}

func TestPluginThatOthersMayChangeIsNotUsed(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.Bundled, "obedient-bundled")
	install(t, c.User, "obedient-open")
	b, err := os.ReadFile(filepath.Join(c.User, filePrefix+"obedient-open"))
	require.NoError(t, err)
	open := filepath.Join(c.User, filePrefix+"obedient-file")
	require.NoError(t, os.WriteFile(open, b, 0o600))
	require.NoError(t, os.Chmod(open, 0o775))
	require.NoError(t, os.Mkdir(c.Path[1], 0o700))
	require.NoError(t, os.Symlink(open, filepath.Join(c.Path[1], filePrefix+"obedient-link")))
	install(t, c.Path[0], "obedient-open", "obedient-folder")
	require.NoError(t, os.Chmod(c.Path[0], 0o777))

	x := load(t, c)
	require.ElementsMatch(t, []string{"obedient-open", "obedient-bundled"}, x.Described)
	require.Equal(t, c.User, filepath.Dir(find(t, x, "obedient-open").Path))
	for name, place := range map[string]string{
		"obedient-file":   open,
		"obedient-folder": c.Path[0],
		"obedient-link":   filepath.Join(c.Path[1], filePrefix+"obedient-link"),
	} {
		requireFault(t, find(t, x, name).Fault,
			fmt.Sprintf("Plugin %q is not used: others may change %s; forbid it with: chmod go-w %s.", name, place, place))
	}
	require.Len(t, x.Warnings, 4)
}

func TestIndexThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"damaged": func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.WriteFile(filepath.Join(dir, indexFile), []byte(format+"rubbish"), 0o600))
		},
		"absent": func(t *testing.T, dir string) { t.Helper(); require.NoError(t, os.RemoveAll(dir)) },
		"link": func(t *testing.T, dir string) {
			t.Helper()
			path := filepath.Join(dir, indexFile)
			require.NoError(t, os.Rename(path, path+".real"))
			require.NoError(t, os.Symlink(path+".real", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			install(t, c.User, "obedient")
			load(t, c)
			require.Empty(t, load(t, c).Described)
			spoil(t, c.CacheDir)
			require.Len(t, load(t, c).Described, 1)
			require.Empty(t, load(t, c).Described, "it is written again")
		})
	}
}

func TestDamagedManifestIsDescribedAnew(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient-a", "obedient-b")
	load(t, c)
	path := filepath.Join(c.CacheDir, indexFile)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	b[len(b)-1] ^= 1 // that of the last plugin
	require.NoError(t, os.WriteFile(path, b, 0o600))

	known := c
	known.OnlyKnown = true
	x := load(t, known)
	_, err = find(t, x, "obedient-b").Manifest()
	require.Error(t, err)
	require.Empty(t, x.Described)

	for _, described := range [][]string{{"obedient-b"}, nil} {
		x = load(t, c)
		require.Empty(t, x.Described, "nobody asked for it")
		for _, name := range []string{"obedient-a", "obedient-b"} {
			m, err := find(t, x, name).Manifest()
			require.NoError(t, err)
			require.Equal(t, name, m.GetName())
		}
		require.Equal(t, described, x.Described)
	}
}

func TestManifestsOfAnIndexThatWasReplaced(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient-b")
	load(t, c)
	x := load(t, c)
	install(t, c.User, "obedient-a") // before the other
	require.Len(t, load(t, c).Described, 1)
	_, err := find(t, x, "obedient-b").Manifest()
	require.NoError(t, err)
	require.Empty(t, x.Described)
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, cache := range map[string]func(c *Config){
		"none":   func(c *Config) { c.CacheDir = "" },
		"a file": func(c *Config) { c.CacheDir = filepath.Join(c.User, filePrefix+"obedient") },
		"open": func(c *Config) {
			require.NoError(t, os.Mkdir(c.CacheDir, 0o700))
			require.NoError(t, os.Chmod(c.CacheDir, 0o777))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			cache(&c)
			install(t, c.User, "obedient")
			for range 2 {
				x := load(t, c)
				require.Len(t, x.Described, 1)
				require.Nil(t, x.Plugins[0].Fault)
			}
		})
	}
}

func TestHostsWithOtherFoldersShareTheIndex(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient-a")
	install(t, c.Path[0], "obedient-b")
	one, two := c, c
	one.Path, two.User = nil, ""
	require.Len(t, load(t, one).Described, 1)
	require.Len(t, load(t, two).Described, 1)
	require.Empty(t, load(t, one).Described)
	require.Empty(t, load(t, two).Described)
	require.Empty(t, load(t, c).Described)
}

func TestManyFirstLoadsAtOnce(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient-a", "obedient-b", "obedient-c", "rubbish")
	var all sync.WaitGroup
	var described atomic.Int32
	for range 64 {
		all.Go(func() {
			x, err := Load(t.Context(), c)
			if err != nil || len(x.Plugins) != 4 {
				t.Error("load", err)
				return
			}
			for _, p := range x.Plugins {
				if (p.Fault != nil) != (p.Name == "rubbish") {
					t.Error(p.Name, p.Fault)
				}
			}
			described.Add(int32(len(x.Described)))
		})
	}
	all.Wait()
	require.EqualValues(t, 4, described.Load(), "one describes for all")
	entries, err := os.ReadDir(c.CacheDir)
	require.NoError(t, err)
	require.Len(t, entries, 2, "the index and its lock")
}

func TestHalfWrittenIndexesAreRemoved(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "obedient")
	require.NoError(t, os.Mkdir(c.CacheDir, 0o700))
	left := filepath.Join(c.CacheDir, indexFile+".123")
	require.NoError(t, os.WriteFile(left, []byte(format), 0o600))
	require.NoError(t, os.Chtimes(left, time.Now(), time.Now().Add(-2*abandoned)))
	load(t, c)
	require.NoFileExists(t, left)
}

func TestInterruptedLoad(t *testing.T) {
	t.Parallel()
	c := config(t)
	install(t, c.User, "hangs")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := Load(ctx, c)
	require.ErrorIs(t, err, context.Canceled)
}

func TestBundledFolderIsThatOfTheRealFile(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o700))
	file := filepath.Join(dir, "bin", "impt")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	link := filepath.Join(t.TempDir(), "impt")
	require.NoError(t, os.Symlink(file, link))
	folder, err := BundledFolder(link)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "libexec", "impt", "plugins"), folder)
	_, err = BundledFolder(filepath.Join(dir, "absent"))
	require.Error(t, err)
}

// A forged index may have a manifest that is none.
func TestManifestThatCannotBeRead(t *testing.T) {
	t.Parallel()
	p := &Plugin{Name: "forged"}
	p.holdLater(func() ([]byte, bool) { return []byte{0xff}, true })
	_, err := p.Manifest()
	require.ErrorContains(t, err, `Plugin "forged" declares something that impt cannot use`)
}
