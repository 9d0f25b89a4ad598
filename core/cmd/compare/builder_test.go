package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

func TestPeersBuilderIsFoundBehindLinksAndScripts(t *testing.T) {
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
		found, err := peerBuilder(p)
		require.NoError(t, err)
		require.Equal(t, folder, found)
	}
	_, err = peerBuilder(filepath.Join(dir, "nothing"))
	require.Error(t, err)
}

func TestBuilderSourcesDifferOnlyAsTheySay(t *testing.T) {
	t.Parallel()
	a, b := buildertest.Outcome{Text: "a"}, buildertest.Outcome{Error: "b"}
	require.Empty(t, builderDifferences(&buildertest.Case{}, a, a))
	require.Len(t, builderDifferences(&buildertest.Case{}, a, b), 2)
	require.Empty(t, builderDifferences(&buildertest.Case{Differs: "M1", Want: b}, a, b))
	require.Len(t, builderDifferences(&buildertest.Case{Differs: "M1", Want: a}, a, a), 1)
	require.Len(t, builderDifferences(&buildertest.Case{Differs: "M1", Want: a}, a, b), 2)
}

func TestAnEntryThatNoSourceNeedsIsReported(t *testing.T) {
	t.Parallel()
	doc := filepath.Join(t.TempDir(), "differences.md")
	require.NoError(t, os.WriteFile(doc, []byte("### M1. One\n\n### M2. Two\n\n### O1. Other\n"), 0o600))
	rules, err := newRulebook(doc)
	require.NoError(t, err)
	rules.used["M1"]++
	var out strings.Builder
	require.False(t, rules.reportUnused(&out, builderEntries))
	require.Equal(t, "no case or rule needs M2 (Two)\n", out.String())
	rules.used["M2"]++
	require.True(t, rules.reportUnused(&out, builderEntries))
}
