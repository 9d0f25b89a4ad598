package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
)

func TestMain(m *testing.M) { plugintest.Main(m, group) }

func TestScripts(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("its paths are not those of the transcripts")
	}
	system := runtime.GOOS + "-" + runtime.GOARCH
	dist := t.TempDir()
	for version, wants := range map[string]string{"1.0.0": "", "1.1.0": "", "1.2.0": "beside", "2.0.0": "more", "3.0.0": "device/list"} {
		fleet(t, filepath.Join(dist, version, system, "impt-plugin-fleet"), version, wants)
	}
	share := filepath.Join(dist, "1.2.0", "share")
	require.NoError(t, os.MkdirAll(share, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(share, "about.txt"), []byte("Has read the file beside it."), 0o600))
	plugintest.Scripts(t, "testdata", "DIST="+dist, "SYSTEM="+system)
}

// fleet builds a version of a plugin of somebody else's.
func fleet(t *testing.T, to, version, wants string) {
	t.Helper()
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags=grpcnotrace",
		"-ldflags=-s -w -X main.version="+version+" -X main.wants="+wants, "-o", to, "./testdata/fleet")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
}
