package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/electricimp/impt/core/cmd/internal/peer"
	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
	"github.com/electricimp/impt/sdk/builder/source"
)

// largeRuns is how often the large source is built at most; the peer takes its
// time.
const largeRuns = 15

//go:embed builder.js
var builderDriver string

// builders times the Builder language on a large source in files: impt's in this
// process, the peer's in one of its own, where starting does not count. The first
// builds do not count either. Of the others the fastest counts, which is least
// disturbed by what else the machine does.
func builders(ctx context.Context, out io.Writer, program string, runs int) error {
	dir, err := largeSource()
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	runs = warmUps + min(runs, largeRuns)
	ours, text, err := buildLarge(ctx, dir, runs)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nBuilder, 5000 lines, 200 includes, the best of %d builds:\nimpt %.2f ms\n", runs-warmUps, milliseconds(ours))
	if program == "" {
		return nil
	}
	folder, err := peer.Builder(program)
	if err != nil {
		fmt.Fprintln(out, err)
		return nil
	}
	theirs, expected, err := peerBuildLarge(ctx, folder, dir, runs)
	if err != nil {
		return err
	}
	if text != expected {
		return errors.New("the results of the builders differ")
	}
	fmt.Fprintf(out, "peer %.2f ms, %.0f times as long\n", milliseconds(theirs), ratio(theirs, ours))
	return nil
}

// largeSource writes the source into a directory.
func largeSource() (string, error) {
	dir, err := os.MkdirTemp("", "impt-bench-*")
	if err != nil {
		return "", err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	text, files := buildertest.Large()
	files["main.nut"] = text
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return "", err
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func buildLarge(ctx context.Context, dir string, runs int) (time.Duration, string, error) {
	var times []time.Duration
	var text string
	for range runs {
		begin := time.Now()
		sources := source.New(source.Config{WorkDir: dir, InputDir: dir})
		result, err := builder.Build(ctx, `@include "`+filepath.ToSlash(dir)+`/main.nut"`, builder.Place{File: "main", Path: filepath.ToSlash(dir)},
			builder.Settings{Reader: sources, LineControl: true})
		if err != nil {
			return 0, "", err
		}
		times = append(times, time.Since(begin))
		text = result.Text
		if err := sources.Close(); err != nil {
			return 0, "", err
		}
	}
	return slices.Min(times[warmUps:]), text, nil
}

func peerBuildLarge(ctx context.Context, folder, dir string, runs int) (time.Duration, string, error) {
	cmd := exec.CommandContext(ctx, "node", "-e", builderDriver, folder, filepath.ToSlash(dir)+"/main.nut", strconv.Itoa(runs))
	cmd.Dir = dir
	var complaints strings.Builder
	cmd.Stderr = &complaints
	answer, err := cmd.Output()
	if err != nil {
		return 0, "", fmt.Errorf("the peer's Builder: %w\n%s", err, complaints.String())
	}
	var built struct {
		Times []float64
		Text  string
	}
	if err := json.Unmarshal(answer, &built); err != nil {
		return 0, "", err
	}
	times := make([]time.Duration, len(built.Times))
	for i, ms := range built.Times {
		times[i] = time.Duration(ms * float64(time.Millisecond))
	}
	return slices.Min(times[warmUps:]), built.Text, nil
}
