package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

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
