package output

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Escape makes the characters visible with which a text could control a
// terminal or turn the order of what is read: control characters but line feed
// and tab, and those that change the direction of writing. A carriage return
// is left before a line feed.
func Escape(s string) string {
	start := suspicious(s)
	if start < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:start])
	for i := start; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\r' && strings.HasPrefix(s[i:], "\r\n"):
			b.WriteByte('\r')
		case controls(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r) // U+FFFD for a byte that is no UTF-8
		}
		i += n
	}
	return b.String()
}

// suspicious is where the first byte is that needs a closer look, or -1.
func suspicious(s string) int {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			return i
		}
	}
	return -1
}

func controls(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// escape is text as the sink may show it.
func (k *sink) escape(text string) string {
	if k.clean {
		return Escape(text)
	}
	return text
}
