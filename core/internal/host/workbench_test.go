package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func TestFindFiles(t *testing.T) {
	t.Parallel()
	s, dir := lamp(t, can("sources", reading))
	for _, f := range []string{"b.nut", "B.nut", "a.nut", ".c.nut", "tests/x/d.nut", "tests/.y/e.nut", "tests/f.txt"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(dir, f), nil, 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "dir.nut"), 0o777))
	for pattern, want := range map[string][]string{
		"*.nut":             {"B.nut", "a.nut", "b.nut"},
		"tests/**/*.nut":    {"tests/x/d.nut"},
		"**/{d,f}.*":        {"tests/f.txt", "tests/x/d.nut"},
		"./a.nut":           {"a.nut"},
		"tests/../a.nut":    {"a.nut"},
		".c.nut":            {".c.nut"},
		"none":              nil,
		dir + "/[ab].nut":   {filepath.ToSlash(dir) + "/a.nut", filepath.ToSlash(dir) + "/b.nut"},
		"../*/tests/f.txt":  {"../" + filepath.Base(dir) + "/tests/f.txt"},
		"tests/x/../f.t?t":  {"tests/f.txt"},
		"tests/**/**/d.nut": {"tests/x/d.nut"},
	} {
		r, err := s.FindFiles(t.Context(), &pluginv1.FindFilesRequest{Pattern: pattern})
		require.NoError(t, err, pattern)
		require.Equal(t, want, r.GetPaths(), pattern)
	}
	_, err := s.FindFiles(t.Context(), &pluginv1.FindFilesRequest{Pattern: "a[.nut"})
	require.ErrorContains(t, err, `The pattern "a[.nut" cannot be understood.`)
	s, _ = lamp(t)
	_, err = s.FindFiles(t.Context(), &pluginv1.FindFilesRequest{Pattern: "*"})
	require.ErrorContains(t, err, "reading sources")
}

func TestExecute(t *testing.T) {
	t.Parallel()
	s, _ := lamp(t, can("commands", changing))
	r, err := s.Execute(t.Context(), &pluginv1.ExecuteRequest{Command: "echo one"})
	require.NoError(t, err)
	require.Contains(t, string(r.GetStdout()), "one")
	s, _ = lamp(t, can("commands", reading))
	_, err = s.Execute(t.Context(), &pluginv1.ExecuteRequest{Command: "echo one"})
	require.ErrorContains(t, err, "changing commands")
}

func TestBuiltFilesStayInTheirDirectory(t *testing.T) {
	t.Parallel()
	write := func(s *Session, path string) error {
		_, err := s.WriteFile(t.Context(), &pluginv1.WriteFileRequest{Path: path, Content: []byte("code")})
		return err
	}
	s, dir := lamp(t, can("builder", changing))
	require.NoError(t, write(s, ".build/a/b.nut"))
	content, err := os.ReadFile(filepath.Join(dir, ".build", "a", "b.nut"))
	require.NoError(t, err)
	require.Equal(t, "code", string(content))
	for _, path := range []string{".build/../x", ".build/a/../b", ".build/a/../../x", ".build", "/.build/x", "x/.build/y"} {
		require.ErrorContains(t, write(s, path), "a file that nobody named", path)
	}
	require.NoError(t, os.Symlink("..", filepath.Join(dir, ".build", "up")))
	require.Error(t, write(s, ".build/up/x"))
	require.ErrorContains(t, write(s, ".build/up/../x"), "a file that nobody named")
	require.NoFileExists(t, filepath.Join(dir, "x"))

	s, dir = lamp(t, can("builder", changing))
	require.NoError(t, os.Symlink(".", filepath.Join(dir, ".build")))
	require.Error(t, write(s, ".build/x"))
	require.NoFileExists(t, filepath.Join(dir, "x"))
	s, _ = lamp(t)
	require.ErrorContains(t, write(s, ".build/x"), "a file that nobody named")
}
