package cli

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumberSyntax(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"": 0, " ": 0, "3": 3, " 3 ": 3, "\t7\n": 7, "+2": 2, "-1": -1, "2.0": 2, "5.": 5, ".5": .5, ".5e1": 5,
		"2e0": 2, "2E+2": 200, "20e-1": 2, "0b10": 2, "0B1": 1, "0o17": 15, "0x1F": 31, "0Xf": 15, "007": 7,
		"Infinity": math.Inf(1), "1e400": math.Inf(1),
	} {
		got, ok := number(text)
		require.True(t, ok, text)
		require.InDelta(t, want, got, 0, text)
	}
	for _, text := range []string{
		"abc", "1_0", "0x", "0b2", "-0x5", "+0x5", "--1", "+-1", "1e", "e1", ".", "1.2.3", "0x1p4", "inf", "nan", "NaN", "1 2", "٣",
	} {
		_, ok := number(text)
		require.False(t, ok, text)
	}
}

func TestPositiveIntegersFitTheContract(t *testing.T) {
	t.Parallel()
	for _, f := range []float64{0, -1, .5, 1.5, math.NaN(), math.Inf(1), 1 << 63} {
		_, ok := positive(f)
		require.False(t, ok, f)
	}
	n, ok := positive(1 << 53)
	require.True(t, ok)
	require.EqualValues(t, 1<<53, n)
}

func TestUnwantedWordsThatAreNumbers(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"2.50": "2.5", "0x10": "16", "0XfF": "255", "007": "7", "1e3": "1000", "+5": "5", ".5": "0.5", "5.": "5",
		"00.10": "0.1", ".0000001": "1e-7", "1.5e-9": "1.5e-9", "1e+2": "100", "0": "0",
		"9007199254740991": "9007199254740991",
		// These stay.
		"1E3": "1E3", "1e20": "1e20", "9007199254740993": "9007199254740993", "1_0": "1_0", "true": "true", "": "",
		" 5": " 5", "++5": "++5", "+0x5": "+0x5", "1.5e2x": "1.5e2x", "a\nb": `a\x0ab`,
	} {
		require.Equal(t, want, wordText(word, false), word)
	}
	require.Equal(t, "007", wordText("007", true))
}
