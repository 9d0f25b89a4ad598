package main

import (
	"cmp"
	"strings"
	"unicode"
)

// rank is the order of signs in the English locale, in which the peer sorts:
// signs, digits, letters.
const rank = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"

// inOrder compares paths in the order in which tests run: letters first by the
// alphabet, then small before capital.
func inOrder(a, b string) int {
	x, y := []rune(a), []rune(b)
	for i := range min(len(x), len(y)) {
		if c := cmp.Compare(weight(x[i]), weight(y[i])); c != 0 {
			return c
		}
	}
	if c := cmp.Compare(len(x), len(y)); c != 0 {
		return c
	}
	return -strings.Compare(a, b) // in ASCII, capitals come first
}

func weight(r rune) rune {
	if i := strings.IndexRune(rank, r); i >= 0 {
		return rune(i) - unicode.MaxRune //nolint:gosec // a small number
	}
	return unicode.ToLower(r)
}
