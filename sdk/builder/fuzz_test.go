package builder_test

import (
	"context"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
)

// FuzzBuild builds whatever it gets: no text makes the language crash, run for
// ever or use up memory, and each line of a result knows where it comes from.
func FuzzBuild(f *testing.F) {
	cases, err := buildertest.Load(os.DirFS("testdata/compare"), "*.txtar")
	require.NoError(f, err)
	for _, c := range cases {
		f.Add(c.Text, c.Files["a.nut"], c.LineControl)
	}
	debug.SetMemoryLimit(256 << 20)
	limits := builder.Limits{Steps: 50_000, Output: 1 << 20, Memory: 4 << 20}
	f.Fuzz(func(t *testing.T, text, included string, lineControl bool) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		files := buildertest.Files{"a.nut": included, "d/a.nut": included + "\n@include \"../main\"", "main": text}
		result, err := builder.Build(ctx, text, builder.Place{File: "main", Path: buildertest.Root}, builder.Settings{
			Reader: files, LineControl: lineControl, Limits: limits, Warn: func(builder.Warning) {},
			Variables: map[string]any{"v": []any{1, "x", map[string]any{"a": nil}}},
		})
		require.NoError(t, ctx.Err(), "it took too long")
		if err != nil {
			var e *builder.Error
			require.ErrorAs(t, err, &e)
			require.True(t, strings.HasPrefix(err.Error(), e.Message), err)
			require.NotZero(t, e.Position.Line)
			return
		}
		lines := strings.Count(result.Text, "\n")
		if !strings.HasSuffix(result.Text, "\n") && result.Text != "" {
			lines++
		}
		for line := range lines {
			p, ok := result.Position(line + 1)
			require.True(t, ok, line+1)
			require.Positive(t, p.Line)
		}
		_, ok := result.Position(lines + 1)
		require.False(t, ok)
	})
}
