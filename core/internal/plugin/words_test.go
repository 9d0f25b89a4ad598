package plugin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsKeepBothEnds(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 7, 4096, 100_000} {
		var w words
		var all strings.Builder
		for i := 0; all.Len() < 300_000; i++ {
			all.WriteString(strings.Repeat(string(rune('a'+i%26)), 1+i%50))
		}
		text := all.String()
		for rest := text; rest != ""; {
			n, err := w.Write([]byte(rest[:min(size, len(rest))]))
			require.NoError(t, err)
			rest = rest[n:]
		}
		kept := w.String()
		require.True(t, strings.HasPrefix(kept, text[:keptHead]))
		require.True(t, strings.HasSuffix(kept, text[len(text)-keptTail:]))
	}
}

func TestWordsThatFitAreKeptWhole(t *testing.T) {
	t.Parallel()
	var w words
	text := strings.Repeat("line\n", 5000)
	_, _ = w.Write([]byte(text))
	require.Equal(t, strings.TrimSuffix(text, "\n"), w.String())
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for given, wanted := range map[string]string{
		"plain\ttext ü":     "plain\ttext ü",
		"\x1b[31mred\x07":   `\x1b[31mred\a`,
		"bad \xff byte":     "bad � byte",
		"over\rwritten":     `over\rwritten`,
		"right\u202eto":     `right\u202eto`,
		"it's a \"quote\" ": "it's a \"quote\" ",
	} {
		require.Equal(t, wanted, printable(given))
	}
}

func TestShortenedCutsBetweenLetters(t *testing.T) {
	t.Parallel()
	require.Equal(t, "short", shortened("short"))
	for n := range 4 {
		s := shortened(strings.Repeat("x", maxQuoted-n) + "üüüü")
		require.True(t, strings.HasSuffix(s, "…"))
		require.NotContains(t, s, "�")
	}
}
