package store

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/plugin"
)

func pluginOf(t testing.TB, h *shop) *plugin.Plugin {
	t.Helper()
	active, err := h.Active()
	require.NoError(t, err)
	a := active[0]
	return &plugin.Plugin{Name: a.Name, Vendor: a.Vendor, Version: a.Version, Path: a.Path, Installed: true}
}

// publish puts releases and an index of them into a folder.
func publish(t testing.TB, dir string, date time.Time, releases ...*release) {
	t.Helper()
	c := catalogue{Format: 1, Date: date}
	for _, r := range releases {
		path := r.file(t, dir)
		c.Plugins = append(c.Plugins, entry{
			Vendor: "acme", Name: "fleet", Version: r.manifest.Version, Date: date,
			URL: filepath.Base(path), SHA256: digest(string(read(t, path))), Binaries: r.manifest.binaries(),
		})
	}
	b, err := json.Marshal(c)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, indexName), b, 0o600))
}

var today = time.Date(2040, 1, 2, 0, 0, 0, 0, time.UTC)

func TestIndexes(t *testing.T) {
	t.Parallel()
	acme := newPublisher(t)
	for name, at := range map[string]func(t *testing.T, dir string) string{
		"folder": func(_ *testing.T, dir string) string { return dir },
		"file":   func(_ *testing.T, dir string) string { return filepath.Join(dir, indexName) },
		"web": func(t *testing.T, dir string) string {
			server := httptest.NewServer(http.FileServer(http.Dir(dir)))
			t.Cleanup(server.Close)
			return server.URL + "/" + indexName
		},
		"git": func(t *testing.T, dir string) string {
			if _, err := exec.LookPath("git"); err != nil {
				t.Skip("there is no git")
			}
			commit(t, dir)
			return "git+file://" + dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			old, newer := newRelease("1.0.0", &acme), newRelease("1.2.0", &acme)
			publish(t, dir, today, old, newRelease("2.0.0-rc.1", &acme), newer, newRelease("1.1.0", &acme))
			h := newShop(t)
			index := at(t, dir)
			_, err := h.Install(t.Context(), "acme/fleet@1.0.0", index, all)
			require.NoError(t, err)
			require.Equal(t, "1.0.0", h.active(t))
			updated, err := h.Update(t.Context(), nil, Options{})
			require.NoError(t, err)
			require.Len(t, updated, 1)
			require.Equal(t, "1.2.0", h.active(t), "the newest release")
			_, err = h.Install(t.Context(), "acme/fleet@3.0.0", index, all)
			require.ErrorContains(t, err, "does not have version 3.0.0")
			_, err = h.Install(t.Context(), "acme/lamp", index, all)
			require.ErrorContains(t, err, "does not have it")
			require.Empty(t, h.leftovers(t))
		})
	}
}

func commit(t testing.TB, dir string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "--quiet"}, {"add", "."},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "x"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		output, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", output)
	}
}

// An index that hides what it had is noticed, as is one with other archives.
func TestIndexThatLies(t *testing.T) {
	t.Parallel()
	acme := newPublisher(t)
	h, dir := newShop(t), t.TempDir()
	publish(t, dir, today, newRelease("1.0.0", &acme))
	_, err := h.Install(t.Context(), "acme/fleet", dir, all)
	require.NoError(t, err)
	publish(t, dir, today.Add(-time.Hour), newRelease("1.0.0", &acme), newRelease("1.1.0", &acme))
	_, err = h.Install(t.Context(), "acme/fleet", dir, all)
	require.ErrorContains(t, err, "hiding newer versions")

	publish(t, dir, today.Add(time.Hour), newRelease("1.1.0", &acme))
	newRelease("1.1.0", &acme, "login:write").file(t, dir)
	_, err = h.Install(t.Context(), "acme/fleet", dir, all)
	require.ErrorContains(t, err, "it is another archive than expected")

	// An old archive under a new version's name.
	require.NoError(t, os.Rename(newRelease("1.0.1", &acme).file(t, t.TempDir()), filepath.Join(dir, "fleet-1.1.0.tar.gz")))
	publishAs(t, dir, "1.1.0", "fleet-1.1.0.tar.gz", today.Add(2*time.Hour))
	_, err = h.Install(t.Context(), "acme/fleet", dir, all)
	require.ErrorContains(t, err, "the index has acme/fleet 1.0.1 for acme/fleet 1.1.0")
	require.Equal(t, "1.0.0", h.active(t))

	for _, bad := range []string{
		"", "null", "<html></html>", `{"format": 2}`, `{"format": 1, "plugins": [{"vendor": "..", "name": "fleet", "version": "9.0.0", "sha256": "x"}]}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, indexName), []byte(bad), 0o600))
		_, err = h.Install(t.Context(), "acme/fleet", dir, all)
		require.Error(t, err, bad)
	}
	for _, url := range []string{"../secret", "/etc/passwd", "link", "http://plugins.example.com/x", "file:///etc/passwd"} {
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(dir), "secret"), []byte("x"), 0o600))
		_ = os.Symlink("../secret", filepath.Join(dir, "link"))
		publishAs(t, dir, "1.1.0", url, today.Add(3*time.Hour))
		_, err = h.Install(t.Context(), "acme/fleet", dir, all)
		require.Error(t, err, url)
	}
	for _, at := range []string{"git+ext::sh -c true", "git+http://example.com/x", "git+https://u:p@example.com/x", "git+ssh://-oProxyCommand=x/y", "git+--upload-pack=x", "git+file://host/x"} {
		_, err = h.Install(t.Context(), "acme/fleet", at, all)
		require.Error(t, err, at)
	}
}

func publishAs(t testing.TB, dir, version, url string, date time.Time) {
	t.Helper()
	sum := digest("")
	if b, err := os.ReadFile(filepath.Join(dir, url)); err == nil {
		sum = digest(string(b))
	}
	b, err := json.Marshal(catalogue{Format: 1, Date: date, Plugins: []entry{{Vendor: "acme", Name: "fleet", Version: version, URL: url, SHA256: sum}}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, indexName), b, 0o600))
}
