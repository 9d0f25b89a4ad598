package squirrel

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// pattern is a regular expression of a program. Go's engine runs it, in linear
// time whatever the pattern.
type pattern struct {
	re    *regexp.Regexp
	whole *regexp.Regexp // matches all of a string or nothing
}

var regexpTable = func() *Table {
	t := NewTable()
	Define(t, "match", 1, 1, onPattern(regexpMatch))
	Define(t, "search", 1, 2, onPattern(regexpSearch))
	Define(t, "capture", 1, 2, onPattern(regexpCapture))
	Define(t, "subexpcount", 0, 0, onPattern(func(_ *Call, p *pattern) (Value, error) {
		return Int(p.re.NumSubexp() + 1), nil
	}))
	return t
}()

func onPattern(f func(c *Call, p *pattern) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if m := c.This.AsMeta(); m != nil {
			if p, ok := m.Data.(*pattern); ok {
				return f(c, p)
			}
		}
		return Null, c.wrongThis("regexp")
	}
}

func newRegexp(c *Call) (Value, error) {
	s, err := c.String(0)
	if err != nil {
		return Null, err
	}
	translated, err := translatePattern(s)
	if err != nil {
		return Null, err
	}
	return c.compilePattern("regexp", translated)
}

func newRegexp2(c *Call) (Value, error) {
	s, err := c.String(0)
	if err != nil {
		return Null, err
	}
	return c.compilePattern("regexp2", s)
}

// maxPattern is the longest regular expression.
const maxPattern = 4096

func (c *Call) compilePattern(name, s string) (Value, error) {
	if len(s) > maxPattern {
		return Null, c.Fail("pattern too long")
	}
	re, err := regexp.Compile("(?s)" + latin(s))
	if err != nil {
		return Null, c.Fail("invalid pattern: %s", s)
	}
	whole, err := regexp.Compile(`(?s)\A(?:` + latin(s) + `)\z`)
	if err != nil {
		return Null, c.Fail("invalid pattern: %s", s)
	}
	m := &Meta{Name: name, Data: &pattern{re, whole}, Methods: regexpTable}
	return m.Value(), c.VM.charge(1024 + 64*len(s))
}

// latin makes every byte from 0x80 on a character of its own.
func latin(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// patternClasses are the escapes that the language has and Go does not, inside
// of brackets; a negated one stands outside of brackets only.
var patternClasses = map[byte]string{
	'l': "a-z", 'u': "A-Z", 'a': "a-zA-Z", 'x': "0-9A-Fa-f", 'c': `\x00-\x1f\x7f`, 'p': "!-/:-@\\[-`{-~",
	'w': `\w`, 's': `\s`, 'd': `\d`,
}

// translatePattern writes a pattern of the language in Go's syntax.
func translatePattern(s string) (string, error) {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(s); i++ {
		ch := s[i]
		if ch != '\\' || i+1 == len(s) {
			switch {
			case ch == '[' && inClass:
				b.WriteByte('\\')
			case ch == '[':
				inClass = true
			case ch == ']':
				inClass = false
			}
			b.WriteByte(ch)
			continue
		}
		i++
		switch ch = s[i]; {
		case patternClasses[ch] != "" && inClass:
			b.WriteString(patternClasses[ch])
		case patternClasses[ch] != "":
			b.WriteString("[" + patternClasses[ch] + "]")
		case ch|0x20 != ch && patternClasses[ch|0x20] != "" && !inClass:
			b.WriteString("[^" + patternClasses[ch|0x20] + "]")
		case ch == 'b' || ch == 'B':
			b.WriteString(`\` + string(ch))
		case ch == 'm':
			return "", errorf(`the simulator knows no \m in patterns`)
		case strings.IndexByte("nrtvf", ch) >= 0:
			b.WriteString(`\` + string(ch))
		default:
			b.WriteString(regexp.QuoteMeta(string(rune(ch))))
		}
	}
	return b.String(), nil
}

// find returns the places of a match and its groups in bytes of s.
func (p *pattern) find(s string, from int) []int {
	text := latin(s[from:])
	at := p.re.FindStringSubmatchIndex(text)
	if len(text) != len(s)-from {
		for i, n := range at {
			if n >= 0 {
				at[i] = utf8.RuneCountInString(text[:n])
			}
		}
	}
	for i := range at {
		at[i] = max(0, at[i]+from)
	}
	return at
}

// subject are the string and where to begin.
func (c *Call) subject() (s string, from int, err error) {
	if s, err = c.String(0); err != nil {
		return "", 0, err
	}
	if from, err = c.IntOr(1, 0); err != nil {
		return "", 0, err
	}
	return s, min(max(from, 0), len(s)), c.VM.charge(2 * len(s))
}

func regexpMatch(c *Call, p *pattern) (Value, error) {
	s, _, err := c.subject()
	if err != nil {
		return Null, err
	}
	return Bool(p.whole.MatchString(latin(s))), nil
}

func regexpSearch(c *Call, p *pattern) (Value, error) {
	s, from, err := c.subject()
	if err != nil {
		return Null, err
	}
	at := p.find(s, from)
	if at == nil {
		return Null, nil
	}
	return span(at[0], at[1]), c.VM.charge(192)
}

func regexpCapture(c *Call, p *pattern) (Value, error) {
	s, from, err := c.subject()
	if err != nil {
		return Null, err
	}
	at := p.find(s, from)
	if at == nil {
		return Null, nil
	}
	groups := NewArray()
	for i := 0; i+1 < len(at); i += 2 {
		groups.Items = append(groups.Items, span(at[i], at[i+1]))
	}
	return groups.Value(), c.VM.charge(216 * len(groups.Items))
}

func span(begin, end int) Value {
	t := NewTable()
	t.SetString("begin", Int(begin))
	t.SetString("end", Int(end))
	return t.Value()
}
