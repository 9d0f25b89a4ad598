// Command manual writes docs/manual.md from what the plugins declare, so that
// it says the same as their help. Its tests run the examples of the manual and
// the commands of the other documents.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/app"
	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/completion"
	"github.com/electricimp/impt/core/internal/plugin"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func main() {
	plugins := flag.String("plugins", "build/libexec/impt/plugins", "the folder of the built plugins")
	to := flag.String("o", "docs/manual.md", "the file to write")
	flag.Parse()
	if err := run(context.Background(), *plugins, *to); err != nil {
		fmt.Fprintln(os.Stderr, "No manual:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, plugins, to string) error {
	manifests, err := load(ctx, plugins)
	if err != nil {
		return err
	}
	return os.WriteFile(to, []byte(manual(manifests)), 0o644)
}

// load describes the plugins of a folder, without an index: what is built now
// counts.
func load(ctx context.Context, folder string) ([]*pluginv1.Manifest, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	index, err := plugin.Load(ctx, plugin.Config{
		Bundled:     folder,
		Features:    app.Features,
		Validate:    cli.Validate,
		Environment: plugin.Environment{TempDir: os.TempDir()},
	})
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, w := range index.Warnings {
		errs = append(errs, fmt.Errorf("%s: %s", w.Path, w.Text))
	}
	manifests := []*pluginv1.Manifest{completion.Group()}
	for _, p := range index.Plugins {
		m, err := p.Manifest()
		manifests, errs = append(manifests, m), append(errs, err)
	}
	if len(index.Plugins) == 0 {
		errs = append(errs, fmt.Errorf("no plugins in %s", folder))
	}
	slices.SortFunc(manifests, func(a, b *pluginv1.Manifest) int { return strings.Compare(a.GetName(), b.GetName()) })
	return manifests, errors.Join(errs...)
}
