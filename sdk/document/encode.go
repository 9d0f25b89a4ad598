package document

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Encode returns the compact JSON text of v, as JavaScript's JSON.stringify
// writes it. Besides a Value, v may hold Go's integers and []string.
func Encode(v Value) []byte { return appendValue(nil, v, "", "") }

// EncodeIndent returns the JSON text of v with two blanks per level.
func EncodeIndent(v Value) []byte { return appendValue(nil, v, "\n", "  ") }

func appendValue(dst []byte, v Value, newline, indent string) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case json.Number:
		return append(dst, Number(v)...)
	case string:
		return appendString(dst, v)
	case []string:
		l := make(List, len(v))
		for i, s := range v {
			l[i] = s
		}
		return appendValue(dst, l, newline, indent)
	case List:
		return appendList(dst, v, newline, indent)
	case Object:
		return appendObject(dst, v, newline, indent)
	default:
		// Values of other types cannot come from Parse; they are a
		// programmer's error, and null is the answer that hides nothing else.
		return append(dst, "null"...)
	}
}

func appendList(dst []byte, l List, newline, indent string) []byte {
	if len(l) == 0 {
		return append(dst, "[]"...)
	}
	inner := deeper(newline, indent)
	dst = append(dst, '[')
	for i, e := range l {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, inner...)
		dst = appendValue(dst, e, inner, indent)
	}
	dst = append(dst, newline...)
	return append(dst, ']')
}

func appendObject(dst []byte, o Object, newline, indent string) []byte {
	if len(o) == 0 {
		return append(dst, "{}"...)
	}
	inner := deeper(newline, indent)
	dst = append(dst, '{')
	for i, f := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, inner...)
		dst = appendString(dst, f.Key)
		dst = append(dst, ':')
		if indent != "" {
			dst = append(dst, ' ')
		}
		dst = appendValue(dst, f.Value, inner, indent)
	}
	dst = append(dst, newline...)
	return append(dst, '}')
}

func deeper(newline, indent string) string {
	if newline == "" {
		return ""
	}
	return newline + indent
}

const hex = "0123456789abcdef"

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		}
		i++
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		case strings.IndexByte("\b\f\n\r\t", c) >= 0:
			dst = append(dst, '\\', map[byte]byte{'\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}[c])
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, '"')
}

// Number returns n as JavaScript prints it: 2.50 is 2.5, 1e21 is 1e+21.
// Integers that a double cannot hold keep their digits.
func Number(n json.Number) string {
	s := n.String()
	if isInteger(s) {
		return s
	}
	f, err := n.Float64()
	if err != nil || math.IsInf(f, 0) {
		return "null"
	}
	if f == 0 {
		return "0"
	}
	if abs := math.Abs(f); abs >= 1e21 || abs < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		sign := exponent[:1]
		return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func isInteger(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if len(digits) > 20 || s == "-0" {
		return false
	}
	return strings.Trim(digits, "0123456789") == ""
}
