package squirrel

import (
	"fmt"
	"strconv"
	"strings"
)

// formatFunc is format(): C's conversions of strings, integers and floats.
func formatFunc(c *Call) (Value, error) {
	layout, err := c.String(0)
	if err != nil {
		return Null, err
	}
	var b strings.Builder
	for next := 1; layout != ""; {
		text, rest, found := strings.Cut(layout, "%")
		b.WriteString(text)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "%") {
			b.WriteByte('%')
			layout = rest[1:]
			continue
		}
		if next >= len(c.Args) {
			return Null, c.Fail("not enough paramters for the given format string") //nolint:misspell // the text of the language
		}
		conv, after, err := conversionOf(rest)
		if err != nil {
			return Null, err
		}
		piece, err := conv.apply(c, next)
		if err != nil {
			return Null, err
		}
		if b.WriteString(piece); b.Len() > maxString {
			return Null, c.Fail("string too long")
		}
		next++
		layout = after
	}
	return c.VM.newString(b.String())
}

// conversion is what comes after a %: its flags, width and precision as they
// are, and its letter.
type conversion struct {
	flags, width, precision string
	letter                  byte
}

func conversionOf(s string) (conversion, string, error) {
	var c conversion
	take := func(set string) string {
		n := 0
		for n < len(s) && strings.IndexByte(set, s[n]) >= 0 {
			n++
		}
		taken := s[:n]
		s = s[n:]
		return taken
	}
	c.flags = take("-+ #0")
	if len(c.flags) > 16 {
		return c, "", errorf("format to long")
	}
	if c.width = take("0123456789"); len(c.width) > 3 {
		return c, "", errorf("width format too long")
	}
	if strings.HasPrefix(s, ".") {
		s = s[1:]
		digits := take("0123456789")
		if len(digits) > 3 {
			return c, "", errorf("precision format too long")
		}
		c.precision = "." + digits
	}
	if s == "" {
		return c, "", errorf("invalid format")
	}
	c.letter = s[0]
	return c, s[1:], nil
}

func (f conversion) apply(c *Call, i int) (string, error) {
	verb := "%" + f.flags + f.width + f.precision
	switch f.letter {
	case 's':
		s, ok := c.Arg(i).AsString()
		if !ok {
			return "", c.Fail("string expected for the specified format")
		}
		return f.text(s), nil
	case 'i', 'd', 'o', 'u', 'x', 'X', 'c':
		n, ok := c.Arg(i).AsInt()
		if !ok {
			return "", c.Fail("integer expected for the specified format")
		}
		return f.integer(int32(n)), nil //nolint:gosec // G115: integers have 32 bits
	case 'f', 'g', 'G', 'e', 'E':
		x, ok := c.Arg(i).AsFloat()
		if !ok {
			return "", c.Fail("float expected for the specified format")
		}
		if (f.letter == 'g' || f.letter == 'G') && f.precision == "" {
			verb += ".6"
		}
		return fmt.Sprintf(verb+string(f.letter), x), nil
	}
	return "", c.Fail("invalid format")
}

// text is a string cut and padded by bytes.
func (f conversion) text(s string) string {
	if f.precision != "" {
		n, _ := strconv.Atoi(f.precision[1:]) // none: nothing
		s = s[:min(n, len(s))]
	}
	width, _ := strconv.Atoi(f.width)
	fill := strings.Repeat(" ", max(0, width-len(s)))
	if strings.Contains(f.flags, "-") {
		return s + fill
	}
	return fill + s
}

func (f conversion) integer(n int32) string {
	bits := uint32(n) //nolint:gosec // G115: the bits, not the number
	var digits, prefix string
	switch f.letter {
	case 'c':
		f.precision = ""
		return f.text(string([]byte{byte(n)})) //nolint:gosec // G115: the low byte
	case 'o':
		digits = strconv.FormatUint(uint64(bits), 8)
		if strings.Contains(f.flags, "#") && digits != "0" {
			digits = "0" + digits
		}
	case 'x', 'X':
		digits = strconv.FormatUint(uint64(bits), 16)
		if strings.Contains(f.flags, "#") && bits != 0 {
			prefix = "0x"
		}
	case 'u':
		digits = strconv.FormatUint(uint64(bits), 10)
	default:
		digits = strings.TrimPrefix(strconv.Itoa(int(n)), "-")
		switch {
		case n < 0:
			prefix = "-"
		case strings.Contains(f.flags, "+"):
			prefix = "+"
		case strings.Contains(f.flags, " "):
			prefix = " "
		}
	}
	if f.letter == 'X' {
		digits, prefix = strings.ToUpper(digits), strings.ToUpper(prefix)
	}
	width, _ := strconv.Atoi(f.width)
	zeros := 0
	if f.precision != "" {
		least, _ := strconv.Atoi(f.precision[1:])
		zeros = least - len(digits)
		if least == 0 && bits == 0 {
			digits = ""
		}
	} else if strings.Contains(f.flags, "0") && !strings.Contains(f.flags, "-") {
		zeros = width - len(digits) - len(prefix)
	}
	f.precision = ""
	return f.text(prefix + strings.Repeat("0", max(0, zeros)) + digits)
}
