package source

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

func TestLocalFilesAreLookedForInOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *Config) { c.InputDir = "input" })
	from := builder.Place{Path: filepath.ToSlash(filepath.Join(d.dir, "includer"))}
	for _, dir := range []string{"", "input/", "includer/"} {
		d.file(t, dir+"x.nut", dir)
		got, err := d.Read(t.Context(), "x.nut", from)
		require.NoError(t, err)
		require.Equal(t, terminated(dir), got.Text)
		require.Equal(t, filepath.ToSlash(filepath.Join(d.dir, dir, "x.nut")), got.Name)
	}
	require.Equal(t, "input/\n", d.text(t, "x.nut"))
	require.Equal(t, "includer/\n", d.text(t, filepath.Join(d.dir, "includer", "x.nut")))
	// What a repository says of the includer still holds.
	got, err := d.Read(t.Context(), "x.nut", builder.Place{Path: "github:u/r/d", RepoPrefix: "github:u/r", RepoRef: "v"})
	require.NoError(t, err)
	require.Equal(t, "github:u/r", got.RepoPrefix)
	d.file(t, "github:u/x.nut", "odd name")
	require.Equal(t, "odd name\n", d.text(t, "github:u/x.nut"))
}

func TestRemoteSourcesIncludeFilesNearbyAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	far := filepath.Join(t.TempDir(), "far.nut")
	require.NoError(t, os.WriteFile(far, []byte("far"), 0o600))
	d.file(t, "lib/near.nut", "near")
	require.NoError(t, os.Symlink(far, filepath.Join(d.dir, "link.nut")))
	remote := []builder.Place{
		{Path: "github:u/r", RepoPrefix: "github:u/r"}, {Path: "http://h", URLRoot: "http://h"},
		{Path: filepath.ToSlash(d.dir), RepoPrefix: "github:u/r"}, // included from there
	}
	for _, from := range remote {
		got, err := d.Read(t.Context(), "lib/near.nut", from)
		require.NoError(t, err)
		require.Equal(t, "near\n", got.Text)
		for _, path := range []string{far, "link.nut"} {
			require.Contains(t, d.fails(t, path, from), "cannot be included: a remote source has no business outside")
		}
	}
	require.Equal(t, "far\n", d.text(t, far))
	require.Equal(t, "far\n", d.text(t, "link.nut"))
	got, err := d.Read(t.Context(), far, builder.Place{Path: "git-local:x", RepoPrefix: "git-local:/x"})
	require.NoError(t, err)
	require.Equal(t, "far\n", got.Text)
}

func TestLocalFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *Config) {
		c.Allowed = func(path string) error {
			if filepath.Base(path) == "own" {
				return errors.New("it is ours")
			}
			return nil
		}
	})
	d.file(t, "dir/own", "")
	require.NoError(t, os.Symlink("dir/own", filepath.Join(d.dir, "link")))
	require.NoError(t, os.Symlink("dir", filepath.Join(d.dir, "linked")))
	require.NoError(t, os.Symlink("loop", filepath.Join(d.dir, "loop")))
	d.file(t, "dir/open", "open")
	require.Equal(t, "open\n", d.text(t, "linked/open"))
	d.file(t, "little", "\xff\xfea\x00")
	d.file(t, "unmarked", "a\x00b\x00c\x00")
	d.file(t, "latin", "caf\xe9")
	d.file(t, "marked", "\xef\xbb\xbfa")
	d.file(t, "empty", "")
	for name, want := range map[string]string{
		"none":       `Local file "none" not found`,
		"dir":        `Local file "dir" not found`,
		"a\x00b":     "Local file \"a\x00b\" not found",
		"dir/own":    `Local file "dir/own" cannot be included: it is ours`,
		"link":       `Local file "link" cannot be included: it is ours`,
		"linked/own": `Local file "linked/own" cannot be included: it is ours`, // where its directory leads is known
		"linked":     `Local file "linked" not found`,
		"loop":       `Local file "loop" not found`,
		"dir/open/x": `Local file "dir/open/x" not found`,
		"little":     `File "` + filepath.ToSlash(d.dir) + `/little" is saved as UTF-16, sources have to be UTF-8`,
		"unmarked":   `File "` + filepath.ToSlash(d.dir) + `/unmarked" is saved as UTF-16, sources have to be UTF-8`,
	} {
		require.Equal(t, want, d.fails(t, name, builder.Place{}))
	}
	require.Equal(t, "caf\uFFFD\n", d.text(t, "latin"))
	require.Equal(t, "a\n", d.text(t, "marked"))
	require.Equal(t, "a\n", d.text(t, "marked"))
	require.Empty(t, d.text(t, "empty"))
	require.Equal(t, "File \""+filepath.ToSlash(d.dir)+"/latin\" is not UTF-8; what is not is replaced by question marks.\n"+
		"File \""+filepath.ToSlash(d.dir)+"/marked\" begins with a byte-order mark, which is left out.\n", d.told.String())
}
