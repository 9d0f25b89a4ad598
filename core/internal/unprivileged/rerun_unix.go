//go:build unix

package unprivileged

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// nobody is a user to whom no file belongs but those that he is given here.
const nobody = 65534

// Rerun runs the calling test in a process of the user nobody, if this one is
// root's, and tells whether it did: the caller has nothing left to do then.
//
// That process works in a directory of its own, which has copies of the given
// files, from by to, since nobody may not look into the caller's. Variables are
// all of its environment but those that name directories for temporary files.
func Rerun(t *testing.T, files map[string]string, variables ...string) bool {
	t.Helper()
	if os.Geteuid() != 0 {
		return false
	}
	dir, err := os.MkdirTemp("", "impt-nobody") //nolint:usetesting // that of the test is closed to others
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755)) //nolint:gosec // nobody has to get in
	self, err := os.Executable()
	require.NoError(t, err)
	program := filepath.Join(dir, "tests")
	require.NoError(t, copyFile(program, self))
	for to, from := range files {
		require.NoError(t, copyFile(filepath.Join(dir, to), from))
	}
	temp := filepath.Join(dir, "tmp")
	require.NoError(t, os.Mkdir(temp, 0o700))
	require.NoError(t, os.Chown(temp, nobody, nobody))

	args := []string{"-test.v", "-test.run=^" + t.Name() + "$"}
	if d, ok := t.Deadline(); ok {
		args = append(args, "-test.timeout="+time.Until(d).String())
	}
	cmd := exec.CommandContext(t.Context(), program, args...) //nolint:gosec // this very program
	cmd.Dir = dir
	cmd.Env = append(variables, "TMPDIR="+temp, "HOME="+temp, "GOCOVERDIR="+temp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "as nobody: %s", out)
	require.Contains(t, string(out), "--- PASS: "+t.Name(), "nothing ran")
	require.False(t, strings.Contains(string(out), "--- SKIP"), "as nobody: %s", out)
	return true
}

// copyFile makes a file that everybody may read and run.
func copyFile(to, from string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil { //nolint:gosec // nobody has to get in
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755) //nolint:gosec // a program, or for one
	if err != nil {
		return err
	}
	_, err = io.Copy(f, source)
	return errors.Join(err, f.Close())
}
