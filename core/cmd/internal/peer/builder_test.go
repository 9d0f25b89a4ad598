package peer_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/cmd/internal/peer"
)

func TestBuilderIsFoundBehindLinksAndScripts(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	folder := filepath.Join(dir, "lib", "node_modules", "Builder")
	require.NoError(t, os.MkdirAll(folder, 0o700))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "lib", "bin"), 0o700))
	program := filepath.Join(dir, "lib", "bin", "impt")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "package.json"), []byte("{}"), 0o600))
	require.NoError(t, os.WriteFile(program, []byte("#!/usr/bin/env node\n"), 0o600))
	script := filepath.Join(dir, "script")
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\nexec node \""+program+"\" \"$@\"\n"), 0o600))
	for _, p := range []string{program, script} {
		found, err := peer.Builder(p)
		require.NoError(t, err)
		require.Equal(t, folder, found)
	}
	_, err = peer.Builder(filepath.Join(dir, "nothing"))
	require.Error(t, err)
}
