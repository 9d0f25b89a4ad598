package builder_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
)

func build(t *testing.T, text string, s builder.Settings) (*builder.Result, error) {
	t.Helper()
	return builder.Build(t.Context(), text, builder.Place{File: "main", Path: "/case"}, s)
}

func TestEachLineOfAResultKnowsItsSource(t *testing.T) {
	t.Parallel()
	files := buildertest.Files{
		"lib/a.nut": "A1\n@set x = 1\nA3\n@include \"b.nut\"\nA5 @{x} a\nA6",
		"lib/b.nut": "@ comment\nB2\n",
		"text":      "T1\nT2\n",
	}
	source := "M1\n@include \"lib/a.nut\"\n@macro m(a)\nin m @{a}\nmore\n@end\nM7\n@repeat 2\n@include m(1)\n@end\n[@{include(\"text\")}] M11\nM12 @{\"a\\nb\"}\nM13"
	want := []string{
		"main:1 M1", "a.nut:1 A1", "a.nut:3 A3", "b.nut:2 B2", "a.nut:5 A5 1 a", "a.nut:6 A6", "main:7 M7",
		"main:4 in m 1", "main:5 more", "main:4 in m 1", "main:5 more",
		"main:11 [T1", "main:11 T2] M11", "main:12 M12 a", "main:12 b", "main:13 M13",
	}
	lines := func(s builder.Settings) []string {
		s.Reader = files
		result, err := build(t, source, s)
		require.NoError(t, err)
		var found []string
		for i, line := range strings.Split(result.Text, "\n") {
			p, ok := result.Position(i + 1)
			require.True(t, ok)
			if strings.HasPrefix(line, "#line ") {
				continue
			}
			found = append(found, p.File+":"+strconv.Itoa(p.Line)+" "+line)
			if p.File == "a.nut" {
				require.Equal(t, builder.Position{Name: "/case/lib/a.nut", Dir: "/case/lib", File: "a.nut", Line: p.Line}, p)
			}
		}
		_, ok := result.Position(0)
		require.False(t, ok)
		_, ok = result.Position(strings.Count(result.Text, "\n") + 2)
		require.False(t, ok)
		return found
	}
	require.Equal(t, want, lines(builder.Settings{}))
	require.Equal(t, want, lines(builder.Settings{LineControl: true}))
}

func TestAnErrorTellsWhereAndHowItCameThere(t *testing.T) {
	t.Parallel()
	files := buildertest.Files{
		"a.nut": "\n@include \"b.nut\"\n", "b.nut": "@set v = 1 + ~\n", "c.nut": "x @{1 + ~}\n",
		"d/d.nut": "ok\n  @end\n", "m.nut": "@macro m(a)\n@{1 + a.x}\n@end\n",
	}
	for _, c := range []struct {
		text  string
		error string
		trace []string
	}{
		{"@include \"a.nut\"", "Expected expression after + at character 4 (/case/b.nut:1)", []string{"/case/b.nut:1:14", "/case/a.nut:2", "/case/main:1"}},
		{"é@{include(\"c.nut\")}", "Syntax error in the inline instruction at (c.nut:1) (/case/main:1)", []string{"/case/c.nut:1:9", "/case/main:1"}},
		{"@include \"d/d.nut\"", "Unexpected @end (d.nut:2)", []string{"/case/d/d.nut:2:3", "/case/main:1"}},
		{"@include \"m.nut\"\n[@{m(1)}]", "Cannot use 'in' operator to search for 'x' in 1 (/case/m.nut:2) (/case/main:2)", []string{"/case/m.nut:2:7", "/case/main:2"}},
		{"@if 0", "Unclosed @if statement (main:1)", []string{"/case/main:1"}},
		{"é @{\"é\" + -f()}", "Function \"f\" is not defined (/case/main:1)", []string{"/case/main:1:12"}},
		{"@set a = [1, 6 / (2 - 2)]", "Division by zero (/case/main:1)", []string{"/case/main:1:16"}},
		{"@set a /* */ 6 / 0", "Division by zero (/case/main:1)", []string{"/case/main:1"}},
		{" @include 1 | nothing", "Function \"nothing\" is not defined (/case/main:1)", []string{"/case/main:1:13"}},
		{"@include once \"gone\"", "Local file \"gone\" not found (/case/main:1)", []string{"/case/main:1:15"}},
		{"@macro m(1)\n@end", "Syntax error in macro declaration (/case/main:1)", []string{"/case/main:1:8"}},
		{"@repeat n.a\n@end", "Owner of \"a\" property is undefined (/case/main:1)", []string{"/case/main:1:9"}},
	} {
		_, err := build(t, c.text, builder.Settings{Reader: files})
		var e *builder.Error
		require.ErrorAs(t, err, &e)
		require.EqualError(t, e, c.error)
		require.Equal(t, c.trace, e.Trace(), c.text)
		require.True(t, strings.HasPrefix(c.error, e.Message))
		require.False(t, e.User)
	}
	_, err := build(t, "@macro m()\n@error \"no\"\n@end\n@{m()}", builder.Settings{})
	var e *builder.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "no (/case/main:4)", e.Error())
	require.True(t, e.User)
	require.Equal(t, builder.Position{Name: "main", Dir: "/case", File: "main", Line: 2}, e.Position)
}

func TestAReadersErrorIsTheCause(t *testing.T) {
	t.Parallel()
	gone := errors.New("it is gone")
	reader := readerFunc(func(string, builder.Place) (builder.Source, error) { return builder.Source{}, gone })
	for _, text := range []string{"@include \"x\"", "@{include(\"x\")}"} {
		_, err := build(t, text, builder.Settings{Reader: reader})
		require.ErrorIs(t, err, gone)
		require.EqualError(t, err, "it is gone (/case/main:1)")
	}
	_, err := build(t, "@include \"x\"", builder.Settings{})
	require.EqualError(t, err, `Source "x" is not supported (/case/main:1)`)
}

type readerFunc func(reference string, from builder.Place) (builder.Source, error)

func (f readerFunc) Read(_ context.Context, reference string, from builder.Place) (builder.Source, error) {
	return f(reference, from)
}

func TestPlacesOfRemoteSourcesHoldForWhatTheyInclude(t *testing.T) {
	t.Parallel()
	sources := map[string]builder.Source{
		"github:a": {Place: builder.Place{File: "a", Path: "github:u/r", RepoPrefix: "github:u/r", RepoRef: "v1"}, Text: "@include \"local\"\n@include \"http://h/b\"\n@include \"github:c\"\n@macro m()\n@{__PATH__}/@{__FILE__} @{__REPO_REF__}\n@end\n"},
		"github:c": {Place: builder.Place{File: "c", Path: "github:u/q", RepoPrefix: "github:u/q"}, Text: "c @{__REPO_PREFIX__} @{__REPO_REF__}"},
		"http://h/b": {
			Place: builder.Place{File: "b", Path: "http://h", URLRoot: "http://h", URLPath: "b"},
			Text:  "b @{__URL_ROOT__} @{__URL_PATH__} @{__REPO_REF__}",
		},
		"local": {Place: builder.Place{File: "l", Path: "/l"}, Text: "l @{__PATH__} @{__REPO_PREFIX__} @{__REPO_REF__} @{__URL_ROOT__}"},
	}
	var from []string
	result, err := build(t, "@include \"github:a\"\n@include m()\n@{__REPO_PREFIX__}", builder.Settings{
		Reader: readerFunc(func(reference string, place builder.Place) (builder.Source, error) {
			from = append(from, place.Path+"/"+place.File)
			return sources[reference], nil
		}),
	})
	require.NoError(t, err)
	require.Equal(t, "l /l github:u/r v1 null\nb http://h b v1\nc github:u/q null\ngithub:u/r/a null\nnull", result.Text)
	require.Equal(t, []string{"/case/main", "github:u/r/a", "github:u/r/a", "github:u/r/a"}, from)
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	var warned []string
	settings := builder.Settings{
		Reader: buildertest.Files{"a": "x\n", "b": "x"},
		Warn:   func(w builder.Warning) { warned = append(warned, w.Position.String()+" "+w.Message) },
	}
	_, err := build(t, "@warning \"careful\"\n@include \"a\"\n@include \"b\"\n@include once \"b\"", settings)
	require.NoError(t, err)
	const duplicate = "Warning: duplicated includes detected! The same exact file content is included from\n    main:2 (a)\n    main:3 (b)"
	require.Equal(t, []string{"/case/main:1 careful", "/case/main:3 " + duplicate}, warned)

	warned, settings.SuppressDuplicates = nil, true
	_, err = build(t, "@include \"a\"\n@include \"b\"", settings)
	require.NoError(t, err)
	require.Empty(t, warned)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	small := builder.Limits{Steps: 1000, Output: 100, Memory: 10_000, Depth: 5}
	for text, message := range map[string]string{
		"@while 1\n@end":                                                    "Too many steps, possible endless loop? (/case/main:1)",
		"@repeat 30\nmore\n@end":                                            "The result is too long, possible endless loop? (/case/main:2)",
		"@set a \"ab\"\n@repeat 20\n@set a a + a\n@end":                     "Invalid string length (/case/main:3)",
		"@set a [1]\n@repeat 20\n@set a [a, a]\n@end\n@{a}":                 "Invalid string length (/case/main:5)",
		"@{S.repeat(\"ab\", 10000)}":                                        "Invalid string length (/case/main:1)",
		strings.Repeat("@{1}", 30):                                          "Too many directives and expressions (main:1)",
		strings.Repeat("@if 1\n", 30):                                       "Too many directives and expressions (main:26)",
		"@if 1\n@if 1\n@if 1\n@if 1\n@if 1\n" + strings.Repeat("@end\n", 5): "Maximum execution depth reached, possible cyclic reference? (/case/main:5)",
	} {
		_, err := build(t, text, builder.Settings{Limits: small})
		require.EqualError(t, err, message, text)
	}
	result, err := build(t, "@repeat 10000\n@set a = a + \"0123456789\"\n@end\n@{S.substr(a, 0, 6)}@{a == null}", builder.Settings{})
	require.NoError(t, err, "a text may grow bit by bit")
	require.Equal(t, "null01false", result.Text)
	_, err = build(t, "@set a "+strings.Repeat("(", 100_000), builder.Settings{})
	require.EqualError(t, err, "Maximum call stack size exceeded (/case/main:1)")
	_, err = build(t, "@set a 1"+strings.Repeat("+1", 100_000), builder.Settings{})
	require.EqualError(t, err, "Maximum call stack size exceeded (/case/main:1)")
	_, err = build(t, "@set a "+strings.Repeat("-", 100_000)+"1", builder.Settings{})
	require.EqualError(t, err, "Maximum call stack size exceeded (/case/main:1)")
	_, err = build(t, "@set a 1\n@repeat 2000\n@set a [a]\n@end\n@{a}", builder.Settings{})
	require.EqualError(t, err, "Maximum call stack size exceeded (/case/main:5)")
}

func TestStrayEndsOfLinesTakeTheirTimeOnce(t *testing.T) {
	t.Parallel()
	const n = 50_000
	for _, end := range []string{"\r", "\u2028", "\u2029", "\r\r\n\u2028", "\u2027"} {
		result, err := build(t, strings.Repeat("a"+end, n)+"\r\n", builder.Settings{})
		require.NoError(t, err)
		require.Equal(t, n, strings.Count(result.Text, "a"))
	}
}

func TestALongLineTakesItsTimeOnce(t *testing.T) {
	t.Parallel()
	const n = 50_000
	for _, piece := range []string{"@{1}", "é@{'}'}@{\"\"}", "x@ {1}@", "{@{[1,\"@{\"]}}"} {
		result, err := build(t, strings.Repeat(piece, n), builder.Settings{})
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(result.Text), n)
	}
	_, err := build(t, "é@{1}"+strings.Repeat("@{1} ", n)+"@{f()}", builder.Settings{})
	var e *builder.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, 5*n+8, e.Column)
}

func TestDepthCountsIncludesMacrosConditionsAndLoops(t *testing.T) {
	t.Parallel()
	nested := func(open string, n int) string { return strings.Repeat(open, n) + "x\n" + strings.Repeat("@end\n", n) }
	chain := func(n int) buildertest.Files {
		files := buildertest.Files{strconv.Itoa(n): "x"}
		for i := 1; i < n; i++ {
			files[strconv.Itoa(i)] = "y\n@include \"" + strconv.Itoa(i+1) + "\"\n"
		}
		return files
	}
	for _, open := range []string{"@if 1\n", "@repeat 1\n"} {
		_, err := build(t, nested(open, 255), builder.Settings{})
		require.NoError(t, err)
		_, err = build(t, nested(open, 256), builder.Settings{})
		require.EqualError(t, err, "Maximum execution depth reached, possible cyclic reference? (/case/main:256)")
	}
	_, err := build(t, "@include \"1\"", builder.Settings{Reader: chain(255)})
	require.NoError(t, err)
	_, err = build(t, "@include \"1\"", builder.Settings{Reader: chain(256)})
	require.EqualError(t, err, "Maximum execution depth reached, possible cyclic reference? (/case/256:2)")
	_, err = build(t, "@macro m()\n@{m()}\n@end\n@{m()}", builder.Settings{})
	require.EqualError(t, err, "Maximum execution depth reached, possible cyclic reference?"+strings.Repeat(" (/case/main:2)", 256)+" (/case/main:4)")
}

func TestABuildEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := builder.Build(ctx, "@while 1\n@end", builder.Place{}, builder.Settings{})
	require.ErrorIs(t, err, context.Canceled)
}
