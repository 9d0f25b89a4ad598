package main

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSelections(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]selection{
		"":                {},
		"tests/1":         {files: "tests/1"},
		`a\b`:             {files: `a\b`},
		`a\b:`:            {files: "a/b"},
		":Case":           {class: "Case"},
		"f:Case":          {files: "f", class: "Case"},
		"f:Case::testOne": {files: "f", class: "Case", method: "testOne"},
		"f::testOne":      {files: "f", method: "testOne"},
		":A::B::testOne":  {class: "A::B", method: "testOne"},
		":Case::":         {class: "Case"},
	} {
		want.given = given
		require.Equal(t, want, parseSelection(given), given)
	}
}

func TestCodeIsSelectedByWhatItSeemsToHave(t *testing.T) {
	t.Parallel()
	const code = "class  FirstTestCase extends ImpTestCase {\n function testMethod_1() {} }"
	for given, want := range map[string]bool{
		"": true, ":First": true, ":FirstTestCase": true, ":Second": false,
		"::testMethod": true, "::other": false, ":First::testMethod_1": true, ":First::other": false, ":F.*Case": true,
	} {
		got, err := parseSelection(given).code(code)
		require.NoError(t, err)
		require.Equal(t, want, got, given)
	}
	_, err := parseSelection(":(").code(code)
	require.ErrorContains(t, err, "Invalid regular expression: /class[ s]*(/: ")
	found, err := parseSelection(`(a)\1`).file("xaax")
	require.NoError(t, err)
	require.True(t, found, "it is JavaScript's")
}

func TestFilesAreInTheOrderOfTheEnglishLocale(t *testing.T) {
	t.Parallel()
	want := []string{
		"!x", "(x", "[x", "@x", "#x", "=x", "~x", "$x", "1", "10", "2",
		"a b", "a_b", "a-b", "a,b", "a.b", "a/b", "a+b", "ab", "aB", "Ab", "abc", "b", "z", "Z",
	}
	got := slices.Clone(want)
	slices.Sort(got)
	require.NotEqual(t, want, got)
	slices.SortStableFunc(got, inOrder)
	require.Equal(t, want, got)
}

func FuzzSelection(f *testing.F) {
	f.Add("a:b::c")
	f.Fuzz(func(t *testing.T, given string) {
		s := parseSelection(given)
		_, _ = s.file("tests/a.test.nut")
		_, _ = s.code("class A {}")
	})
}
