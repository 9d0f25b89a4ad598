package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatAPluginKeptGoesWithIt: settings and secrets are there after an update,
// and gone after a removal.
func TestWhatAPluginKeptGoesWithIt(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("what a plugin keeps lies elsewhere on other systems")
	}
	a := newAuthor(t)
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags=grpcnotrace", "-ldflags=-s -w",
		"-o", filepath.Join(a.dir, "dist", runtime.GOOS+"-"+runtime.GOARCH, "impt-plugin-stamp"), "../../examples/stamp")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	a.does("", "impt", "plugin", "pack", "dist", "--to", "stamp.tar.gz")
	install := []string{"plugin", "install", "stamp.tar.gz", "--unsigned", "--grant", "all"}
	kept := filepath.Join(a.dir, "home", ".local", "share", "impt", "settings", "example.stamp.json")

	a.does("", "impt", install...)
	a.does("", "impt", "stamp", "setup", "--by", "ann", "--key", "nobody-else-says-this")
	a.does("", "impt", install...)
	text, err := os.ReadFile(kept)
	require.NoError(t, err)
	require.Contains(t, string(text), "nobody-else-says-this")

	a.does("", "impt", "plugin", "remove", "stamp", "--confirmed")
	require.NoFileExists(t, kept)
	left := exec.CommandContext(t.Context(), "grep", "-rl", "nobody-else-says-this", filepath.Join(a.dir, "home"))
	output, _ = left.Output()
	require.Empty(t, string(output), "where the secret is left")
}
