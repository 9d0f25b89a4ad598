package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/fault"
)

// sourceNouns are what messages call the source files.
var sourceNouns = [2]string{"Device source file", "Agent source file"}

// sources are the source files of a project, in the order of their nouns.
func sources(p sdk.ProjectFile) []string { return []string{p.DeviceFile, p.AgentFile} }

// prepare finds out whether the files of a project can be written, before
// anything is changed, and leaves no trace of that. It returns what making the
// source files is announced as.
func prepare(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) ([]string, error) {
	var changes []string
	for i, path := range sources(p) {
		if path == "" {
			continue
		}
		existed, err := c.CreateFile(ctx, path)
		switch {
		case err != nil:
		case existed:
			err = isFile(ctx, c, path)
		default:
			changes = append(changes, "create "+source(i, path))
			err = c.DeleteFile(ctx, path)
		}
		if err != nil {
			return nil, err
		}
	}
	return changes, c.TryProject(ctx)
}

// isFile fails for a directory, which can hold no code.
func isFile(ctx context.Context, c *sdk.Call, path string) error {
	there, err := c.StatFile(ctx, path)
	if err == nil && there.Directory {
		err = fault.File(path, fmt.Sprintf("EISDIR: illegal operation on a directory, open '%s'", path), nil)
	}
	return err
}

func source(i int, path string) string { return fmt.Sprintf("%s \"%s\"", sourceNouns[i], path) }

// createSources makes the source files that do not exist.
func createSources(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) error {
	for i, path := range sources(p) {
		if path == "" {
			continue
		}
		existed, err := c.CreateFile(ctx, path)
		if err != nil {
			return err
		}
		if existed {
			continue
		}
		what := source(i, path)
		if err := c.Did(ctx, "create "+what, "%s is created successfully.", what); err != nil {
			return err
		}
	}
	return nil
}

// existing are the source files to be deleted.
func existing(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) ([]string, error) {
	var sources []string
	if !files.Of(c) && !all.Of(c) {
		return nil, nil
	}
	for _, path := range []string{p.DeviceFile, p.AgentFile} {
		if path == "" {
			continue
		}
		there, err := c.StatFile(ctx, path)
		if err != nil {
			return nil, err
		}
		if there.Exists {
			sources = append(sources, path)
		}
	}
	return sources, nil
}

// deletion is how it is announced that source files, or without any the
// project file, will be deleted.
func deletion(sources []string) string {
	if len(sources) == 0 {
		return "delete " + noun
	}
	return "delete " + named(sources)
}

func named(sources []string) string {
	quoted := make([]string, len(sources))
	for i, path := range sources {
		quoted[i] = fmt.Sprintf("\"%s\"", path)
	}
	return "Device/agent source files " + strings.Join(quoted, ", ")
}
