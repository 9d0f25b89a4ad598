//go:build unix

package shell_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/shell"
)

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, err := shell.Run(t.Context(), dir, `pwd; echo "a  b" >&2; exit 3`, time.Minute)
	require.NoError(t, err)
	require.Equal(t, shell.Result{Stdout: []byte(dir + "\n"), Stderr: []byte("a  b\n"), ExitCode: 3}, r)
}

func TestRunKeepsTheBeginningOfLongOutput(t *testing.T) {
	t.Parallel()
	r, err := shell.Run(t.Context(), t.TempDir(), "head -c 3000000 /dev/zero", time.Minute)
	require.NoError(t, err)
	require.Len(t, r.Stdout, 1<<20)
	require.Zero(t, r.ExitCode)
}

func TestRunEndsWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	// The child of the shell ends too, or reading its output would take longer.
	r, err := shell.Run(t.Context(), t.TempDir(), "echo begun; sleep 60; true", 50*time.Millisecond)
	require.NoError(t, err)
	require.True(t, r.TimedOut)
}

func TestRunEndsWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := shell.Run(ctx, t.TempDir(), "true", time.Minute)
	require.ErrorIs(t, err, context.Canceled)
}
