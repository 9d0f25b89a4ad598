package builder

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JavaScript counts texts in units of UTF-16, and so does the language.

// ascii tells whether bytes are units. It looks at eight at a time.
func ascii(s string) bool {
	var all byte
	for ; len(s) >= 8; s = s[8:] {
		if s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7] >= utf8.RuneSelf {
			return false
		}
	}
	for i := range len(s) {
		all |= s[i]
	}
	return all < utf8.RuneSelf
}

func length16(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// slice16 returns the units from begin up to end. Half a pair becomes U+FFFD.
func slice16(s string, begin, end int) string {
	if ascii(s) {
		return strings.Clone(s[begin:end]) // a part does not keep the whole
	}
	if begin >= end {
		return ""
	}
	var part strings.Builder
	unit := 0
	for _, r := range s {
		size := max(1, utf16.RuneLen(r))
		switch {
		case unit >= end:
			return part.String()
		case unit >= begin && unit+size <= end:
			part.WriteRune(r)
		case unit+size > begin:
			part.WriteRune(utf8.RuneError)
		}
		unit += size
	}
	return part.String()
}

// compare16 orders texts by their units.
func compare16(s, t string) int {
	for s != "" && t != "" {
		r, m := utf8.DecodeRuneInString(s)
		q, n := utf8.DecodeRuneInString(t)
		if r != q {
			if order := cmp.Compare(firstUnit(r), firstUnit(q)); order != 0 {
				return order
			}
			return cmp.Compare(r, q)
		}
		s, t = s[m:], t[n:]
	}
	return cmp.Compare(len(s), len(t))
}

func firstUnit(r rune) rune {
	if first, _ := utf16.EncodeRune(r); first != utf8.RuneError {
		return first
	}
	return r
}

// isBlank tells what JavaScript takes for white space.
func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

func trimBlanks(s string) string { return strings.TrimFunc(s, isBlank) }

// specialUpper is what becomes longer in capitals.
var specialUpper = strings.NewReplacer(
	"ß", "SS", "ŉ", "\u02bcN", "ǰ", "J\u030c", "ΐ", "Ι\u0308\u0301", "ΰ", "Υ\u0308\u0301", "և", "ԵՒ",
	"ẖ", "H\u0331", "ẗ", "T\u0308", "ẘ", "W\u030a", "ẙ", "Y\u030a", "ẚ", "A\u02be",
	"ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST",
)

func toUpper(s string) string {
	if !ascii(s) {
		s = specialUpper.Replace(s)
	}
	return strings.ToUpper(s)
}

// toLower knows that sigma has another form at the end of a word.
func toLower(s string) string {
	if !strings.ContainsAny(s, "Σİ") || !utf8.ValidString(s) {
		return strings.ToLower(s)
	}
	var lower strings.Builder
	before := ' '
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == 'İ':
			lower.WriteString("i\u0307")
		case r == 'Σ' && isLetter(before) && !isLetter(after):
			lower.WriteRune('ς')
		default:
			lower.WriteRune(unicode.ToLower(r))
		}
		before = r
	}
	return lower.String()
}

func isLetter(r rune) bool { return unicode.ToLower(r) != unicode.ToUpper(r) }
