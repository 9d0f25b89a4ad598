package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text  string
		width int
		want  []string
	}{
		"nothing":                   {"", 5, []string{""}},
		"exactly full":              {"ab cd", 5, []string{"ab cd"}},
		"one too many":              {"ab cde", 5, []string{"ab", "cde"}},
		"inner blanks stay":         {"a  b", 5, []string{"a  b"}},
		"outer blanks go":           {"  a b  ", 9, []string{"a b"}},
		"long word alone":           {"abcdefg", 3, []string{"abc", "def", "g"}},
		"next word behind its end":  {"abcd e f", 3, []string{"abc", "d e", "f"}},
		"long word begins a row":    {"x abcd", 3, []string{"x", "abc", "d"}},
		"wide characters":           {"日本語 x", 4, []string{"日本", "語 x"}},
		"narrower than a character": {"日本", 1, []string{"日", "本"}},
		"no room at all":            {"ab", -3, []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, wrap(tc.text, tc.width))
		})
	}
}

func TestExtraMayTouchTheText(t *testing.T) {
	t.Parallel()
	p := newPage(20)
	p.row(row{left: "-a", text: "ignored.", extra: "[bool]"}, 2)
	p.row(row{left: "-b", text: "ignored..", extra: "[bool]"}, 2)
	require.Equal(t, "  -a  ignored.[bool]\n  -b  ignored..\n              [bool]\n", p.String())
}

func TestBlanksAtTheEndOfATextNarrowItsColumn(t *testing.T) {
	t.Parallel()
	p := newPage(20)
	p.row(row{left: "-a", text: "abcdefg hijklm"}, 2)
	p.row(row{left: "-a", text: "abcdefg hijklm "}, 2)
	require.Equal(t, "  -a  abcdefg hijklm\n  -a  abcdefg\n      hijklm\n", p.String())
}

func TestDisplayWidth(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "日本": 4, "ｱ": 1, "Ａ": 2, "한": 2, "😀": 2, "\u200d": 0, "𠀋": 2,
	} {
		require.Equal(t, want, displayWidth(s), s)
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"plain é 日本 😀":  "plain é 日本 😀",
		"a\x1b[2Jb\r\n": `a\x1b[2Jb\x0d\x0a`,
		"\u009b31m\x7f": `\x9b31m\x7f`,
		"\u202eabc":     `\u202eabc`,
		"\u2028":        `\u2028`,
	} {
		require.Equal(t, want, printable(s))
	}
}
