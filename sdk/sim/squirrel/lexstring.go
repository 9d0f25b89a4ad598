package squirrel

import (
	"strings"
	"unicode/utf8"
)

func hexDigit(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}

// quoted reads from a quote to the next one.
func (l *lexer) quoted(quote byte) (string, error) {
	var b strings.Builder
	if l.at++; l.at == len(l.src) {
		return "", l.errorHere("error parsing the string")
	}
	for l.at < len(l.src) {
		switch ch := l.src[l.at]; ch {
		case quote:
			l.at++
			return b.String(), nil
		case '\n':
			return "", l.errorHere("newline in a constant")
		case '\\':
			l.at++
			if err := l.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(ch)
			l.at++
		}
	}
	return "", l.errorHere("unfinished string")
}

func (l *lexer) escape(b *strings.Builder) error {
	if l.at >= len(l.src) {
		return l.errorHere("unfinished string")
	}
	ch := l.src[l.at]
	l.at++
	switch ch {
	case 'x':
		n, ok := l.hex(2)
		if !ok {
			return l.errorHere("hexadecimal number expected")
		}
		b.WriteByte(byte(n)) //nolint:gosec // G115: two digits
	case 'u', 'U':
		digits := 4
		if ch == 'U' {
			digits = 8
		}
		n, ok := l.hex(digits)
		if !ok {
			return l.errorHere("hexadecimal number expected")
		}
		b.Write(utf8.AppendRune(nil, rune(n))) //nolint:gosec // G115: what is no character becomes U+FFFD
	default:
		i := strings.IndexByte(`tabnrvf0\"'`, ch)
		if i < 0 {
			l.at--
			return l.errorHere("unrecognised escaper char")
		}
		b.WriteByte("\t\a\b\n\r\v\f\x00\\\"'"[i])
	}
	return nil
}

// hex reads one digit or more, at most limit.
func (l *lexer) hex(limit int) (uint32, bool) {
	var v uint32
	n := 0
	for n < limit && l.at < len(l.src) && hexDigit(l.src[l.at]) >= 0 {
		v = v<<4 | uint32(hexDigit(l.src[l.at])) //nolint:gosec // G115: a digit
		l.at++
		n++
	}
	return v, n > 0
}

// char is a character in single quotes: an integer.
func (l *lexer) char() (Value, error) {
	s, err := l.quoted('\'')
	switch {
	case err != nil:
		return Null, err
	case s == "":
		return Null, l.errorHere("empty constant")
	case len(s) > 1:
		return Null, l.errorHere("constant too long")
	}
	return Int(int(s[0])), nil
}

// verbatim reads @"…", in which only "" means something else.
func (l *lexer) verbatim() (string, error) {
	var b strings.Builder
	if l.at += 2; l.at == len(l.src) {
		return "", l.errorHere("error parsing the string")
	}
	for l.at < len(l.src) {
		switch ch := l.src[l.at]; {
		case ch != '"':
			b.WriteByte(ch)
			if ch == '\n' {
				l.line++ // columns go on, as in the original
			}
		case strings.HasPrefix(l.src[l.at:], `""`):
			b.WriteByte('"')
			l.at++
		default:
			l.at++
			return b.String(), nil
		}
		l.at++
	}
	return "", l.errorHere("unfinished string")
}
