package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
)

// The tour works, and the picture of the readme shows what it prints.
func TestTour(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("nothing can press Ctrl-C there")
	}
	impt := plugintest.Find(t)
	var printed strings.Builder
	require.NoError(t, run(t.Context(), &printed, impt.Path, filepath.Join("..", "kitchen")), "%s", &printed)
	fresh := draw(scenes(printed.String(), pictured))
	committed, err := os.ReadFile(filepath.Join("..", "..", "docs", "tour.svg"))
	require.NoError(t, err)
	times := regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`)
	require.Equal(t, times.ReplaceAllString(string(committed), "TIME"), times.ReplaceAllString(fresh, "TIME"),
		"the tour prints something else: make picture")
}

func TestScenes(t *testing.T) {
	t.Parallel()
	printed := "\n$ impt a b --c\nOne: 1\n\n$ impt d\nnot this\n\n$ impt a b\nTwo\nlines <&>\n"
	lines := scenes(printed, []string{"a b"})
	require.Equal(t, []string{"$ impt a b --c", "One: 1", "", "$ impt a b", "Two", "lines <&>", "", "$ "}, lines)
	svg := draw(lines)
	require.Contains(t, svg, `<tspan class="command">impt a b --c</tspan>`)
	require.Contains(t, svg, `<tspan class="key">One: </tspan>1`)
	require.Contains(t, svg, "lines &lt;&amp;&gt;")
}
