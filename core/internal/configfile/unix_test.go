//go:build unix

package configfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/unprivileged"
)

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestPermissionsOfTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, name)
	// What any new file of this user gets.
	plain, err := os.Create(filepath.Join(dir, "plain"))
	require.NoError(t, err)
	require.NoError(t, plain.Close())

	require.NoError(t, at(dir).Write(content("g")))
	require.Equal(t, mode(t, plain.Name()), mode(t, path))
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, at(dir).Write(content("h")))
	require.Equal(t, fs.FileMode(0o640), mode(t, path))
}

func TestFileThatMustNotBeUsed(t *testing.T) {
	t.Parallel()
	if unprivileged.Rerun(t, nil) {
		return
	}
	dir := write(t, `{"lamp":"g"}`)
	path := filepath.Join(dir, name)
	require.NoError(t, os.Chmod(path, 0))
	_, _, err := at(dir).Read()
	require.EqualError(t, err, "File error: .impt.lamp: EACCES: permission denied, open '.impt.lamp'.")
	require.NoError(t, os.Chmod(path, 0o400))
	err = at(dir).Write(content("h"))
	require.EqualError(t, err, "File error: .impt.lamp: EACCES: permission denied, open '.impt.lamp'.")

	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	require.NoError(t, at(dir).Write(content("h")))
	require.ErrorContains(t, at(dir).Remove(), "EACCES: permission denied, unlink '.impt.lamp'")
	o, _, err := at(dir).Read()
	require.NoError(t, err)
	require.Equal(t, content("h"), o)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for which, links := range map[string][]string{
		"to a file":     {"there"},
		"to nothing":    {"not there"},
		"to a link":     {"link", "there"},
		"to elsewhere":  {filepath.Join("sub", "there")},
		"link to above": {filepath.Join("sub", "link"), filepath.Join("..", "there")},
	} {
		t.Run(which, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
			end := filepath.Join(dir, name)
			for _, to := range links {
				require.NoError(t, os.Symlink(to, end))
				end = filepath.Join(filepath.Dir(end), to)
			}
			if filepath.Base(end) == "there" {
				require.NoError(t, os.WriteFile(end, []byte(`{"lamp":"g","x":1}`), 0o600))
			}
			require.NoError(t, at(dir).Write(content("h")))
			info, err := os.Lstat(filepath.Join(dir, name))
			require.NoError(t, err)
			require.Equal(t, fs.ModeSymlink, info.Mode().Type())
			text, err := os.ReadFile(end)
			require.NoError(t, err)
			require.Equal(t, "{\n  \"lamp\": \"h\"\n}", string(text))
		})
	}
}

func TestLinkInACircle(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Symlink(name, filepath.Join(dir, name)))
	_, _, err := at(dir).Read()
	require.ErrorContains(t, err, "ELOOP: too many symbolic links encountered")
	err = at(dir).Write(content("g"))
	require.EqualError(t, err, "File error: .impt.lamp: ELOOP: too many symbolic links encountered, open '.impt.lamp'.")
}

func TestPipeIsNotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	_, _, err := at(dir).Read()
	require.EqualError(t, err, "Lamp Settings File is corrupted.")
}

func TestPathTooLong(t *testing.T) {
	t.Parallel()
	dir := strings.Repeat("x", 5000)
	_, _, err := at(dir).Read()
	require.ErrorContains(t, err, "ENAMETOOLONG: name too long")
}
