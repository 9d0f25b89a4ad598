package squirrel

import (
	"strconv"
	"strings"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenString
	tokenInt
	tokenFloat
	tokenWord // a keyword
	tokenSign // an operator or bracket
)

type token struct {
	kind    tokenKind
	text    string // of a name, string, keyword or sign
	num     Value  // of a number
	newLine bool   // a line ended between the token before and this one
	pos     position
	end     int32 // column of its last character, as the compiler reports it
}

func (t *token) is(sign string) bool {
	return t.text == sign && (t.kind == tokenSign || t.kind == tokenWord)
}

// position is a place in a source; file counts in the unit's files.
type position struct{ file, line, column int32 }

// CompileError says what the compiler could not make sense of, and where.
type CompileError struct {
	File         string
	Line, Column int
	Text         string
}

func (e *CompileError) Error() string {
	return e.File + ":" + strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column) + ": " + e.Text
}

func keyword(s string) bool {
	switch s {
	case "base", "break", "case", "catch", "class", "clone", "continue", "const", "default", "delete", "else",
		"enum", "extends", "for", "foreach", "function", "if", "in", "instanceof", "local", "null", "resume",
		"return", "switch", "this", "throw", "try", "typeof", "while", "do", "yield", "constructor", "static",
		"true", "false", "__LINE__", "__FILE__":
		return true
	}
	return false
}

// signs are the operators of more than one character, longest first.
var signs = []string{
	">>>", "<=>", "...", "==", "!=", "<=", ">=", "<-", "<<", ">>", "&&", "||", "++", "--", "+=", "-=", "*=",
	"/=", "%=", "::", "</", "/>",
}

// requirement is a #require line.
type requirement struct {
	name string
	pos  position
}

type lexer struct {
	src       string
	at        int
	lineStart int
	line      int32
	file      int32
	files     []string
	requires  []requirement
}

func newLexer(name, src string) *lexer {
	return &lexer{src: src, line: 1, files: []string{name}}
}

func (l *lexer) column() int { return l.at - l.lineStart + 1 }

func (l *lexer) pos() position {
	return position{l.file, l.line, int32(l.column())} //nolint:gosec // G115: sources are smaller
}

func (l *lexer) errorAt(p position, text string) *CompileError {
	return &CompileError{File: l.files[p.file], Line: int(p.line), Column: int(p.column), Text: text}
}

// errorHere points at the last character that was read.
func (l *lexer) errorHere(text string) *CompileError {
	p := l.pos()
	p.column = l.reported(l.at)
	return l.errorAt(p, text)
}

// reported is the column that the compiler reports behind a place: it counts
// from 0 in the first line of a source and from 1 in the others.
func (l *lexer) reported(at int) int32 {
	column := at - l.lineStart
	if l.lineStart > 0 {
		column++
	}
	return int32(max(1, column)) //nolint:gosec // G115: sources are smaller
}

func (l *lexer) newline() {
	l.at++
	l.line++
	l.lineStart = l.at
}

// space skips what is between tokens and tells whether a line ended there.
func (l *lexer) space() (newLine bool, err error) {
	for l.at < len(l.src) {
		rest := l.src[l.at:]
		switch {
		case rest[0] == '\n':
			l.newline()
			newLine = true
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\f' || rest[0] == '\v':
			l.at++
		case rest[0] == '#':
			l.directive()
		case strings.HasPrefix(rest, "//"):
			l.at += lineLength(rest)
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				l.at = len(l.src)
				return newLine, l.errorHere(`missing "*/" in comment`)
			}
			for stop := l.at + end + 4; l.at < stop; {
				if l.src[l.at] == '\n' {
					l.newline()
				} else {
					l.at++
				}
			}
		default:
			return newLine, nil
		}
	}
	return newLine, nil
}

func lineLength(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

// directive reads a line from its # on: #line and #require mean something, the
// others are comments.
func (l *lexer) directive() {
	pos := l.pos()
	text := l.src[l.at : l.at+lineLength(l.src[l.at:])]
	l.at += len(text)
	first := strings.TrimSpace(l.src[l.lineStart:l.at-len(text)]) == ""
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	switch {
	case !first:
	case word == "#require":
		l.requires = append(l.requires, requirement{strings.Trim(rest, `"`), pos})
	case word == "#line":
		number, name, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseInt(number, 10, 31)
		if err != nil {
			return
		}
		l.line = int32(n) - 1
		if name = strings.Trim(strings.TrimSpace(name), `"`); name != "" {
			l.setFile(name)
		}
	}
}

func (l *lexer) setFile(name string) {
	for i, f := range l.files {
		if f == name {
			l.file = int32(i)
			return
		}
	}
	l.files = append(l.files, name)
	l.file = int32(len(l.files) - 1) //nolint:gosec // G115: fewer files than bytes
}

// next is the token at the current place.
func (l *lexer) next() (token, error) {
	newLine, err := l.space()
	if err != nil {
		return token{}, err
	}
	t := token{newLine: newLine, pos: l.pos()}
	if l.at >= len(l.src) {
		t.end = l.reported(l.at)
		return t, nil
	}
	switch ch := l.src[l.at]; {
	case ch == '"':
		t.kind = tokenString
		t.text, err = l.quoted('"')
	case ch == '\'':
		t.kind = tokenInt
		t.num, err = l.char()
	case ch == '@' && strings.HasPrefix(l.src[l.at:], `@"`):
		t.kind = tokenString
		t.text, err = l.verbatim()
	case ch >= '0' && ch <= '9':
		err = l.number(&t)
	case wordStart(ch):
		n := 1
		for l.at+n < len(l.src) && wordByte(l.src[l.at+n]) {
			n++
		}
		t.kind, t.text = tokenName, l.src[l.at:l.at+n]
		l.at += n
		if keyword(t.text) {
			t.kind = tokenWord
		}
	case ch < ' ' || ch == 0x7f:
		return token{}, l.errorHere("unexpected character(control)")
	default:
		t.kind, t.text = tokenSign, l.sign()
	}
	t.end = l.reported(l.at)
	return t, err
}

func wordStart(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func wordByte(b byte) bool { return wordStart(b) || b >= '0' && b <= '9' }

func (l *lexer) sign() string {
	for _, s := range signs {
		if strings.HasPrefix(l.src[l.at:], s) {
			l.at += len(s)
			return s
		}
	}
	l.at++
	return l.src[l.at-1 : l.at]
}

func (l *lexer) number(t *token) error {
	rest := l.src[l.at:]
	t.kind = tokenInt
	if len(rest) > 1 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X') {
		n := 2
		var v uint32
		for n < len(rest) && hexDigit(rest[n]) >= 0 {
			v = v<<4 | uint32(hexDigit(rest[n])) //nolint:gosec // G115: a digit
			n++
		}
		l.at += n
		if n > 2+8 {
			return l.errorHere("too many digits for an Hex number")
		}
		t.num = int32Value(int32(v))
		return nil
	}
	n, isFloat := 0, false
	for n < len(rest) {
		ch := rest[n]
		switch {
		case ch >= '0' && ch <= '9':
		case ch == '.':
			isFloat = true
		case ch == 'e' || ch == 'E':
			isFloat = true
			if n+1 < len(rest) && (rest[n+1] == '+' || rest[n+1] == '-') {
				n++
			}
			if n+1 >= len(rest) || rest[n+1] < '0' || rest[n+1] > '9' {
				l.at += n + 1
				return l.errorHere("exponent expected")
			}
		default:
			return l.decimal(t, rest[:n], isFloat)
		}
		n++
	}
	return l.decimal(t, rest, isFloat)
}

func (l *lexer) decimal(t *token, text string, isFloat bool) error {
	l.at += len(text)
	if isFloat {
		// What strtod would read: 1.2.3 is 1.2.
		if i := strings.IndexByte(text, '.'); i >= 0 {
			if j := strings.IndexByte(text[i+1:], '.'); j >= 0 {
				text = text[:i+1+j]
			}
		}
		f, _ := strconv.ParseFloat(text, 64)
		t.kind, t.num = tokenFloat, Float(f)
		return nil
	}
	base, digits := uint32(10), text
	if len(text) > 1 && text[0] == '0' && text[1] < '8' {
		base, digits = 8, text[1:]
	}
	var v uint32
	for i := range len(digits) {
		d := uint32(digits[i] - '0')
		if d >= base {
			l.at -= len(digits) - i
			return l.errorHere("invalid octal number")
		}
		v = v*base + d
	}
	t.num = int32Value(int32(v))
	return nil
}
