package cli

import (
	"fmt"
	"strings"
	"unicode"
)

// printable escapes what could steer a terminal or turn a text around. Texts
// of manifests and of the command line go through it before they are shown.
func printable(s string) string {
	if strings.IndexFunc(s, steers) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !steers(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, "\\x%02x", r)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}

// steers says that r is a control character, a line or paragraph separator, or
// changes the direction of writing.
func steers(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return false
	case r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	default:
		return unicode.Is(unicode.Cc, r)
	}
}
