//go:build unix

package plugin

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// withStore adds a store with two plugins, and counts how often it is asked.
func withStore(t testing.TB, c *Config) (asked *int, paths []string) {
	t.Helper()
	folder := filepath.Join(filepath.Dir(c.User), "store")
	install(t, folder, "obedient-a", "obedient-b")
	var all []Active
	for _, name := range []string{"obedient-a", "obedient-b"} {
		path := filepath.Join(folder, filePrefix+name)
		p := &Plugin{Path: path}
		require.NoError(t, p.digest())
		all = append(all, Active{Name: name, Vendor: "acme", Version: "1.2.3", Path: path, SHA256: p.SHA256})
		paths = append(paths, path)
	}
	asked = new(int)
	c.Installed = func() ([]Active, error) { *asked++; return all, nil }
	c.InstalledKey = "first"
	return asked, paths
}

// What is installed costs a start nothing: neither the store is read nor any
// of its files looked at, until one is started.
func TestInstalledPluginsAreKnownFromTheIndex(t *testing.T) {
	t.Parallel()
	c := config(t)
	asked, paths := withStore(t, &c)
	require.ElementsMatch(t, []string{"obedient-a", "obedient-b"}, load(t, c).Described)
	require.Equal(t, 1, *asked)
	for _, p := range paths {
		require.NoError(t, os.Rename(p, p+".away"))
	}
	x := load(t, c)
	require.Equal(t, 1, *asked)
	require.Empty(t, x.Described)
	require.Len(t, x.Plugins, 2)
	for _, p := range x.Plugins {
		require.True(t, p.Installed)
		m, err := p.Manifest()
		require.NoError(t, err)
		require.Equal(t, p.Name, m.GetName())
	}
	_, err := Start(t.Context(), x.Plugins[0], StartOptions{})
	require.Error(t, err)
	require.NoError(t, os.Rename(paths[0]+".away", paths[0]))
	require.NoError(t, os.Rename(paths[1]+".away", paths[1]))

	// Another state of the store is read once.
	c.InstalledKey = "second"
	require.Empty(t, load(t, c).Described)
	require.Empty(t, load(t, c).Described)
	require.Equal(t, 2, *asked)
	// So is one that has nothing any more.
	c.Installed, c.InstalledKey = func() ([]Active, error) { *asked++; return nil, nil }, ""
	require.Empty(t, load(t, c).Plugins)
	require.Empty(t, load(t, c).Plugins)
	require.Equal(t, 3, *asked)
}

// What is not what was installed is never started, nor even described.
func TestInstalledPluginThatWasChanged(t *testing.T) {
	t.Parallel()
	c := config(t)
	_, paths := withStore(t, &c)
	change := func() {
		b, err := os.ReadFile(paths[0])
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(paths[0]+".new", append(b, 'x'), 0o700))
		require.NoError(t, os.Rename(paths[0]+".new", paths[0]))
	}
	load(t, c)
	change()
	x := load(t, c)
	p := find(t, x, "obedient-a")
	require.Nil(t, p.Fault, "help is from the index")
	_, err := Start(t.Context(), p, StartOptions{})
	require.ErrorContains(t, err, "is not what was installed")
	require.NoError(t, os.RemoveAll(c.CacheDir))
	x = load(t, c)
	require.Equal(t, []string{"obedient-b"}, x.Described)
	require.ErrorContains(t, find(t, x, "obedient-a").Fault, "is not what was installed")
}
