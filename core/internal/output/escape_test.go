package output

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "",
		"plain é 日本 😀\n\t":          "plain é 日本 😀\n\t",
		"\x1b[2J":                   `\u001b[2J`,
		"\x00\x07\x08\x0b\x7f":      `\u0000\u0007\u0008\u000b\u007f`,
		"a\u0080\u009bb":            `a\u0080\u009bb`,
		"\u202aa\u202e\u2066\u2069": `\u202aa\u202e\u2066\u2069`,
		"\u200e\u2028":              "\u200e\u2028",
		"dos\r\nlines\r":            "dos\r\nlines\\u000d",
		"\r\r\n":                    "\\u000d\r\n",
		"no\x9butf8\xff":            "no\ufffdutf8\ufffd",
	} {
		require.Equal(t, want, Escape(in), "%q", in)
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("a\x1b\u202e\r\n\xff")
	f.Fuzz(func(t *testing.T, s string) {
		e := Escape(s)
		require.True(t, utf8.ValidString(e))
		require.Equal(t, e, Escape(e))
		for i, r := range e {
			require.False(t, controls(r) && (r != '\r' || e[i+1] != '\n'), "%q", e)
		}
	})
}
