package buildertest_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

func TestCasesAreRead(t *testing.T) {
	t.Parallel()
	cases, err := buildertest.Load(fstest.MapFS{"d/a.txtar": {Data: []byte(`-- one --
in
|a
|@include "b"
file b "B\n"
var v {"x": 1}
env E "e f"
lib l.js "exports.l = 1"
line-control
suppress
differs M1
error "no"
warning careful
logged "a line"
-- many --
each @{%}
: 1 + 1 => 2
: " a " => " a "
: ~ =! no
= "a\n" => "a\n"
`)}}, "d/*.txtar")
	require.NoError(t, err)
	require.Len(t, cases, 5)
	require.Equal(t, buildertest.Case{
		Name: "a.txtar: one", Text: "a\n@include \"b\"", Files: buildertest.Files{"b": "B\n"},
		Variables: map[string]any{"v": map[string]any{"x": 1.0}}, Environment: map[string]string{"E": "e f"},
		Libraries: map[string]string{"l.js": "exports.l = 1"}, LineControl: true, Suppress: true, Differs: "M1",
		Want: buildertest.Outcome{Error: "no", Warnings: []string{"careful"}, Logged: []string{"a line"}},
	}, cases[0])
	require.Equal(t, "@{1 + 1}", cases[1].Text)
	require.Equal(t, " a ", cases[2].Want.Text)
	require.Equal(t, "no", cases[3].Want.Error)
	require.Equal(t, "a\n", cases[4].Text)
}

func TestMistakesInCasesAreRefused(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"nonsense", `in "a`, "var v {", ": 1", `= "a => "b"`, `: 1 => "a`} {
		_, err := buildertest.Load(fstest.MapFS{"a.txtar": {Data: []byte("-- one --\n" + line + "\n")}}, "*.txtar")
		require.Error(t, err, line)
	}
}
