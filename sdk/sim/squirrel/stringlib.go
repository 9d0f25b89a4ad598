package squirrel

import (
	"math"
	"strconv"
	"strings"
)

// onString is a method of strings.
func onString(f func(c *Call, s string) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if s, ok := c.This.AsString(); ok {
			return f(c, s)
		}
		return Null, c.wrongThis("string")
	}
}

var stringMethods = methods{
	"len": {0, 0, onString(func(_ *Call, s string) (Value, error) { return Int(len(s)), nil })},
	"tointeger": {0, 1, onString(func(c *Call, s string) (Value, error) {
		base, err := c.IntOr(0, 10)
		if err != nil {
			return Null, err
		}
		return parseNumber(s, base, true)
	})},
	"tofloat": {0, 0, onString(func(_ *Call, s string) (Value, error) { return parseNumber(s, 10, false) })},
	"slice": {0, 2, onString(func(c *Call, s string) (Value, error) {
		from, to, err := c.slice(len(s))
		if err != nil {
			return Null, err
		}
		return c.VM.newString(s[from:to])
	})},
	"find": {1, 2, onString(func(c *Call, s string) (Value, error) {
		what, err := c.String(0)
		if err != nil {
			return Null, err
		}
		from, err := c.IntOr(1, 0)
		if err != nil || from < 0 || from >= len(s) {
			return Null, err
		}
		if i := strings.Index(s[from:], what); i >= 0 {
			return Int(from + i), nil
		}
		return Null, nil
	})},
	"tolower": {0, 2, onString(inCase('A', 'Z'))},
	"toupper": {0, 2, onString(inCase('a', 'z'))},
}

// inCase changes the case of ASCII letters between two.
func inCase(first, last byte) func(c *Call, s string) (Value, error) {
	return func(c *Call, s string) (Value, error) {
		from, to, err := c.slice(len(s))
		if err != nil {
			return Null, err
		}
		b := []byte(s)
		for i := from; i < to; i++ {
			if b[i] >= first && b[i] <= last {
				b[i] ^= 0x20
			}
		}
		return c.VM.newString(string(b))
	}
}

// parseNumber reads a number from the beginning of a string, as C's strtol and
// strtod do.
func parseNumber(s string, base int, toInteger bool) (Value, error) {
	failed := errorf("cannot convert the string")
	if base != 0 && (base < 2 || base > 36) {
		return Null, failed
	}
	text := strings.TrimLeft(s, " \t\n\v\f\r")
	signs := ".eE"
	if base > 13 {
		signs = "." // e is a digit
	}
	if strings.ContainsAny(text, signs) {
		n := floatLength(text)
		if n == 0 {
			return Null, failed
		}
		f, _ := strconv.ParseFloat(text[:n], 64) // out of range: an infinity
		if toInteger {
			return int32Value(truncate(float32(f))), nil
		}
		return Float(f), nil
	}
	n, ok := parseInteger(text, base)
	if !ok {
		return Null, failed
	}
	if toInteger {
		return int32Value(n), nil
	}
	return float32Value(float32(n)), nil
}

func parseInteger(text string, base int) (int32, bool) {
	negative := strings.HasPrefix(text, "-")
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	hex := len(text) > 2 && (text[:2] == "0x" || text[:2] == "0X") && hexDigit(text[2]) >= 0
	switch {
	case hex && (base == 16 || base == 0):
		text, base = text[2:], 16
	case base == 0 && strings.HasPrefix(text, "0"):
		base = 8
	case base == 0:
		base = 10
	}
	n, digits := int64(0), 0
	for digits < len(text) {
		d := digitOf(text[digits])
		if d < 0 || d >= base {
			break
		}
		n = min(n*int64(base)+int64(d), math.MaxInt32+1)
		digits++
	}
	if negative {
		return int32(-n), digits > 0
	}
	return int32(min(n, math.MaxInt32)), digits > 0
}

func digitOf(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'a' && b <= 'z':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'Z':
		return int(b-'A') + 10
	}
	return -1
}

// floatLength is how much of a text is a decimal number.
func floatLength(s string) int {
	digits := func(i int) int {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i
	}
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	end := digits(i)
	some := end > i
	if end < len(s) && s[end] == '.' {
		after := digits(end + 1)
		some = some || after > end+1
		end = after
	}
	if !some {
		return 0
	}
	if end < len(s) && (s[end] == 'e' || s[end] == 'E') {
		at := end + 1
		if at < len(s) && (s[at] == '+' || s[at] == '-') {
			at++
		}
		if after := digits(at); after > at {
			return after
		}
	}
	return end
}

func stringLibrary(r *Table) {
	Define(r, "format", 1, -1, formatFunc)
	Define(r, "regexp", 1, 1, newRegexp)
	Define(r, "regexp2", 1, 1, newRegexp2)
	Define(r, "split", 2, 2, split)
	Define(r, "strip", 1, 1, trimmer(true, true))
	Define(r, "lstrip", 1, 1, trimmer(true, false))
	Define(r, "rstrip", 1, 1, trimmer(false, true))
}

func trimmer(left, right bool) NativeFunc {
	return func(c *Call) (Value, error) {
		s, err := c.String(0)
		if err != nil {
			return Null, err
		}
		const space = " \t\n\v\f\r"
		if left {
			s = strings.TrimLeft(s, space)
		}
		if right {
			s = strings.TrimRight(s, space)
		}
		return c.VM.newString(s)
	}
}

// firstOf is where the first of some bytes is, or -1.
func firstOf(s, bytes string) int {
	for i := range len(s) {
		if strings.IndexByte(bytes, s[i]) >= 0 {
			return i
		}
	}
	return -1
}

// split cuts a string at every one of some bytes; the last piece is left out
// when it is empty.
func split(c *Call) (Value, error) {
	s, err := c.String(0)
	if err != nil {
		return Null, err
	}
	separators, err := c.String(1)
	if err != nil {
		return Null, err
	}
	if separators == "" {
		return Null, c.Fail("empty separators string")
	}
	pieces := NewArray()
	for s != "" {
		end := firstOf(s, separators)
		piece := s
		if end >= 0 {
			piece, s = s[:end], s[end+1:]
		} else {
			s = ""
		}
		v, err := c.VM.newString(piece)
		if err != nil {
			return Null, err
		}
		if err := pieces.grow(c.VM, v); err != nil {
			return Null, err
		}
	}
	return pieces.Value(), nil
}
