package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/atomicfile"
)

func TestReplacedFilesKeepTheirModeAndLeaveNothingBeside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o640))
	require.NoError(t, atomicfile.Replace(file, []byte("new"), 0))
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "new", string(got))
	info, err := os.Stat(file)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		require.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	}
	require.NoError(t, atomicfile.Replace(file, []byte("secret"), atomicfile.Private))
	if info, err = os.Stat(file); runtime.GOOS != "windows" {
		require.NoError(t, err)
		require.Equal(t, atomicfile.Private, info.Mode().Perm())
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestLinksStayAndTheirTargetIsReplaced(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("target", link))
	require.NoError(t, atomicfile.Replace(link, []byte("x"), atomicfile.Private))
	to, err := os.Readlink(link)
	require.NoError(t, err)
	require.Equal(t, "target", to)
	got, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))

	loop := filepath.Join(dir, "loop")
	require.NoError(t, os.Symlink("loop", loop))
	require.Error(t, atomicfile.Replace(loop, nil, 0))
}

func TestFailuresChangeNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Error(t, atomicfile.Replace(filepath.Join(dir, "none", "file"), []byte("x"), 0))
	require.Error(t, atomicfile.Replace(dir, []byte("x"), atomicfile.Private), "a directory")
	long := filepath.Join(dir, strings.Repeat("n", 300))
	require.Error(t, atomicfile.Replace(long, []byte("x"), 0))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}
