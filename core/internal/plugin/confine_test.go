//go:build unix

package plugin

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFoldersWithPrivateFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	login := filepath.Join(dir, "home", ".impt.auth")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "home", "plugins"), 0o700))
	require.NoError(t, os.WriteFile(login, nil, 0o600))
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(filepath.Join(dir, "home"), link))
	here, err := os.Getwd()
	require.NoError(t, err)
	for _, c := range []struct {
		folder  string
		private []string
		holds   bool
	}{
		{filepath.Join(dir, "home"), []string{login}, true},
		{dir, []string{login}, true},
		{link, []string{login}, true},
		{filepath.Join(dir, "home"), []string{filepath.Join(link, ".impt.auth")}, true},
		{filepath.Join(dir, "home", "plugins"), []string{login}, false},
		{filepath.Join(dir, "home", "plugins"), []string{filepath.Join(dir, "home")}, false},
		{filepath.Join(dir, "home"), []string{filepath.Join(dir, "home", "absent")}, false},
		{filepath.Join(dir, "absent"), nil, true},
		// What is not set is not the working directory.
		{here, []string{""}, false},
	} {
		require.Equal(t, c.holds, holdsAny(c.folder, c.private), "%v", c)
	}
}
