package builder_test

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
	"github.com/electricimp/impt/sdk/builder/jslib"
)

// fuzzLibrary has what takes values to JavaScript and back, and calls the
// language from there.
const fuzzLibrary = `
let kept = null;
module.exports = {
  same: (v) => v,
  keep: (v) => { const before = kept; kept = v; return before; },
  pair: (a, b) => [a, b, [b, a]],
  thing: { n: 1, list: [1, [2]], text: "t", f(x) { return { x, y: this.__LINE__ }; }, toString() { return "thing " + kept; } },
  text: function (v) { return String(v) + this.__FILE__ + this.loop; },
  set: function (n, v) { this.globals[n] = v; return Object.keys(this.globals).length; },
  call: function (n, v) { return (this[n] || this.globals[n])(v); },
  within: function (n) { try { return this.include(n); } catch (e) { return e.message; } },
  fail: (v) => { throw v; },
};`

// mostMemory is what a build may take, with all that this process needs besides.
const mostMemory = 256 << 20

// FuzzBuild builds whatever it gets: no text makes the language crash, run for
// ever or use up memory, and each line of a result knows where it comes from.
func FuzzBuild(f *testing.F) {
	cases, err := buildertest.Load(os.DirFS("testdata/compare"), "*.txtar")
	require.NoError(f, err)
	for _, c := range cases {
		f.Add(c.Text, c.Files["a.nut"], c.LineControl)
	}
	for _, text := range []string{
		"@{same([1,[v]])}@{pair(1, thing)}@{thing.f(2).x}@{thing}", "@set a keep(v)\n@{call(\"m\", 1)}@{within(\"a.nut\")}",
		"@macro m(a)\n@{set(\"g\", a)}@{g}\n@end\n@{call(\"m\", [1])}@{text(m)}@{fail(thing)}",
	} {
		f.Add(text, "@{text(thing.list)}", true)
	}
	debug.SetMemoryLimit(mostMemory)
	debug.FreeOSMemory() // of the tests before this one
	libraries, err := jslib.Load(f.Context(), []jslib.Library{{Name: "l.js", Text: fuzzLibrary}}, jslib.Settings{Time: 1000 * time.Hour})
	require.NoError(f, err)
	limits := builder.Limits{Steps: 50_000, Output: 1 << 20, Memory: 4 << 20}
	f.Fuzz(func(t *testing.T, text, included string, lineControl bool) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		files := buildertest.Files{"a.nut": included, "d/a.nut": included + "\n@include \"../main\"", "main": text}
		result, err := builder.Build(ctx, text, builder.Place{File: "main", Path: buildertest.Root}, builder.Settings{
			Reader: files, LineControl: lineControl, Limits: limits, Warn: func(builder.Warning) {},
			Variables: map[string]any{"v": []any{1, "x", map[string]any{"a": nil}}}, Libraries: libraries,
		})
		require.Less(t, memory(), uint64(mostMemory))
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

// memory is what the process has of the system, without what it gave back.
func memory() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
