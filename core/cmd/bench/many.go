package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// install puts as many plugins of ten commands each into a folder.
func install(ctx context.Context, folder string, many int) error {
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	first := filepath.Join(folder, "many"+exe)
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", first, "github.com/electricimp/impt/core/cmd/bench/testdata/many")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building a plugin: %w\n%s", err, out)
	}
	for i := range many {
		if err := os.Link(first, filepath.Join(folder, fmt.Sprintf("impt-plugin-many-%d%s", i, exe))); err != nil {
			return err
		}
	}
	return nil
}
