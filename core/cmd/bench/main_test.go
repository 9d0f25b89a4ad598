package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
)

func TestBench(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	var out strings.Builder
	require.NoError(t, run(t.Context(), &out, impt.Path, impt.Path, 1, 0))
	require.Contains(t, out.String(), "product list")
	require.Contains(t, out.String(), "ratio")
	require.Contains(t, out.String(), "200 includes")
	require.Contains(t, out.String(), "there is no node_modules/Builder beside")
	require.NoError(t, run(t.Context(), &out, impt.Path, "", 1, 0))
	require.Contains(t, out.String(), "__complete fish =dev")
	require.Error(t, run(t.Context(), &out, impt.Path, "", 0, 0))
}

func TestFailingCommand(t *testing.T) {
	t.Parallel()
	p := &program{name: "impt", path: plugintest.Find(t).Path, dir: t.TempDir(), env: environment(t.TempDir())}
	_, err := interleaved(t.Context(), []*program{p}, []string{"nosuch"}, 1)
	require.ErrorContains(t, err, "impt nosuch: exit status 1\n")
}

func TestMedian(t *testing.T) {
	t.Parallel()
	ms := time.Millisecond
	odd := []sample{{5 * ms, ms}, {ms, 9 * ms}, {3 * ms, 2 * ms}}
	require.Equal(t, sample{3 * ms, 2 * ms}, median(odd))
	require.Equal(t, sample{3 * ms, 5 * ms}, median(odd[:2]))
}
