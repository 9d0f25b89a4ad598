//go:build unix

package project

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
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
	path := filepath.Join(dir, Name)
	// What any new file of this user gets.
	plain, err := os.Create(filepath.Join(dir, "plain"))
	require.NoError(t, err)
	require.NoError(t, plain.Close())

	require.NoError(t, Write(dir, &File{DeviceGroupID: "g"}))
	require.Equal(t, mode(t, plain.Name()), mode(t, path))
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, Write(dir, &File{DeviceGroupID: "h"}))
	require.Equal(t, fs.FileMode(0o640), mode(t, path))
}

func TestFileThatMustNotBeUsed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("the superuser may use it")
	}
	dir := write(t, `{"deviceGroupId":"g"}`)
	path := filepath.Join(dir, Name)
	require.NoError(t, os.Chmod(path, 0))
	_, err := Read(dir)
	require.EqualError(t, err, "File error: .impt.project: EACCES: permission denied, open '.impt.project'.")
	require.NoError(t, os.Chmod(path, 0o400))
	err = Write(dir, &File{DeviceGroupID: "h"})
	require.EqualError(t, err, "File error: .impt.project: EACCES: permission denied, open '.impt.project'.")

	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	err = Write(dir, &File{DeviceGroupID: "h"})
	require.EqualError(t, err, "File error: .impt.project: EACCES: permission denied, open '.impt.project'.")
	require.ErrorContains(t, Remove(dir), "EACCES: permission denied, unlink '.impt.project'")
	f, err := Read(dir)
	require.NoError(t, err)
	require.Equal(t, "g", f.DeviceGroupID)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for name, links := range map[string][]string{
		"to a file":     {"there"},
		"to nothing":    {"not there"},
		"to a link":     {"link", "there"},
		"to elsewhere":  {filepath.Join("sub", "there")},
		"link to above": {filepath.Join("sub", "link"), filepath.Join("..", "there")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
			at := filepath.Join(dir, Name)
			for _, to := range links {
				require.NoError(t, os.Symlink(to, at))
				at = filepath.Join(filepath.Dir(at), to)
			}
			if filepath.Base(at) == "there" {
				require.NoError(t, os.WriteFile(at, []byte(`{"deviceGroupId":"g","x":1}`), 0o600))
			}
			require.NoError(t, Write(dir, &File{DeviceGroupID: "h"}))
			info, err := os.Lstat(filepath.Join(dir, Name))
			require.NoError(t, err)
			require.Equal(t, fs.ModeSymlink, info.Mode().Type())
			text, err := os.ReadFile(at)
			require.NoError(t, err)
			require.Equal(t, "{\n  \"deviceGroupId\": \"h\"\n}", string(text))
		})
	}
}

func TestLinkInACircle(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Symlink(Name, filepath.Join(dir, Name)))
	_, err := Read(dir)
	require.ErrorContains(t, err, "ELOOP: too many symbolic links encountered")
	_, err = Exists(dir)
	require.ErrorContains(t, err, "ELOOP: too many symbolic links encountered")
	err = Write(dir, &File{DeviceGroupID: "g"})
	require.EqualError(t, err, "File error: .impt.project: ELOOP: too many symbolic links encountered, open '.impt.project'.")
}

func TestPipeIsNotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, Name), 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	_, err := Read(dir)
	require.EqualError(t, err, "Project File is corrupted.")
}

func TestPathTooLong(t *testing.T) {
	t.Parallel()
	dir := strings.Repeat("x", 5000)
	_, err := Read(dir)
	require.ErrorContains(t, err, "ENAMETOOLONG: name too long")
}
