package systext

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err            error
		op, path, want string
	}{
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, "open", "x", "EACCES: permission denied, open 'x'"},
		{fmt.Errorf("reading: %w", syscall.EISDIR), "read", "", "EISDIR: illegal operation on a directory, read"},
		{syscall.ENOENT, "open", "a b", "ENOENT: no such file or directory, open 'a b'"},
		{syscall.ENOTDIR, "open", "x", "ENOTDIR: not a directory, open 'x'"},
		{syscall.ELOOP, "open", "x", "ELOOP: too many symbolic links encountered, open 'x'"},
		{fs.ErrNotExist, "open", "x", "ENOENT: no such file or directory, open 'x'"},
		{fs.ErrPermission, "open", "x", "EACCES: permission denied, open 'x'"},
		{fs.ErrExist, "open", "x", "EEXIST: file already exists, open 'x'"},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrClosed}, "write", "", "file already closed, write"},
		{errors.New("odd"), "open", "x", "odd, open 'x'"},
	} {
		require.Equal(t, c.want, Text(c.err, c.op, c.path))
	}
}

func TestTextOfTheSystem(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none", "file")
	_, err := os.Open(path)
	require.Equal(t, "ENOENT: no such file or directory, open 'file'", Text(err, "open", "file"))
}
