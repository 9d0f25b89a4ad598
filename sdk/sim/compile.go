package sim

import "strings"

// token is a word, a sign or a string of Squirrel source.
type token struct {
	kind     rune // 'w' word, 's' string, or the sign itself
	text     string
	row, col int
	file     string
}

// scanner splits Squirrel source far enough to find strings and brackets.
type scanner struct {
	src      string
	at       int
	row, col int
	file     string
	tokens   []token
	errors   []CompileError
}

func scan(file, src string) *scanner {
	s := &scanner{src: src, row: 1, col: 1, file: file}
	for s.at < len(s.src) {
		s.step()
	}
	return s
}

func (s *scanner) rest() string { return s.src[s.at:] }

func (s *scanner) advance(n int) {
	for range n {
		if s.src[s.at] == '\n' {
			s.row, s.col = s.row+1, 0
		}
		s.at++
		s.col++
	}
}

func (s *scanner) errorAt(row, col int, text string) {
	s.errors = append(s.errors, CompileError{Row: row, Column: col, Text: text, Type: "error", File: s.file})
}

func (s *scanner) step() {
	rest := s.rest()
	ch := rest[0]
	switch {
	case ch == '#' && s.col == 1 && strings.HasPrefix(rest, "#line "):
		s.lineDirective()
	case ch == '#' || strings.HasPrefix(rest, "//"):
		s.advance(lineLength(rest))
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			s.errorAt(s.row, s.col, "missing \"*/\" in comment")
			s.advance(len(rest))
			return
		}
		s.advance(end + 4)
	case strings.HasPrefix(rest, `@"`):
		s.verbatim()
	case ch == '"' || ch == '\'':
		s.quoted(ch)
	case isWord(ch):
		n := 1
		for n < len(rest) && isWord(rest[n]) {
			n++
		}
		s.push('w', rest[:n], n)
	case ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n':
		s.advance(1)
	default:
		s.push(rune(ch), rest[:1], 1)
	}
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

func lineLength(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

func (s *scanner) push(kind rune, text string, n int) {
	s.tokens = append(s.tokens, token{kind, text, s.row, s.col, s.file})
	s.advance(n)
}

// lineDirective obeys #line N "file": the next line is line N of that file.
func (s *scanner) lineDirective() {
	line := s.rest()[:lineLength(s.rest())]
	s.advance(len(line))
	number, name, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#line ")), " ")
	n := 0
	for _, d := range number {
		if d < '0' || d > '9' || n > 1<<24 {
			return
		}
		n = n*10 + int(d-'0')
	}
	s.row = n - 1
	if name = strings.Trim(strings.TrimSpace(name), `"`); name != "" {
		s.file = name
	}
}

func (s *scanner) verbatim() {
	row, col := s.row, s.col
	rest := s.rest()
	var b strings.Builder
	for i := 2; i < len(rest); i++ {
		if rest[i] != '"' {
			b.WriteByte(rest[i])
			continue
		}
		if i+1 < len(rest) && rest[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		s.push('s', b.String(), i+1)
		return
	}
	s.errorAt(row, col, "unfinished string")
	s.advance(len(rest))
}

func (s *scanner) quoted(quote byte) {
	rest := s.rest()
	var b strings.Builder
	for i := 1; i < len(rest) && rest[i] != '\n'; i++ {
		switch {
		case rest[i] == quote:
			s.push('s', b.String(), i+1)
			return
		case rest[i] == '\\' && i+1 < len(rest) && rest[i+1] != '\n':
			i++
			b.WriteString(unescape(rest[i]))
		default:
			b.WriteByte(rest[i])
		}
	}
	s.errorAt(s.row, s.col, "unfinished string")
	s.advance(lineLength(rest))
}

func unescape(b byte) string {
	if i := strings.IndexByte("ntrabfv0", b); i >= 0 {
		return "\n\t\r\a\b\f\v\x00"[i : i+1]
	}
	return string(b)
}

var closing = map[rune]rune{'(': ')', '[': ']', '{': '}'}

// compile finds what makes source plainly wrong: unfinished strings and
// comments, brackets that do not match, an operator with nothing after it.
// It is no Squirrel compiler.
func compile(file, src string) []CompileError {
	s := scan(file, src)
	if len(s.errors) > 0 {
		return s.errors[:1]
	}
	var open []token
	for _, t := range s.tokens {
		switch t.kind {
		case '(', '[', '{':
			open = append(open, t)
		case ')', ']', '}':
			if len(open) == 0 || closing[open[len(open)-1].kind] != t.kind {
				return []CompileError{{t.row, t.col, "unexpected '" + t.text + "'", "error", t.file}}
			}
			open = open[:len(open)-1]
		}
	}
	if n := len(open); n > 0 {
		return []CompileError{{s.row, s.col, "expected '" + string(closing[open[n-1].kind]) + "'", "error", s.file}}
	}
	if n := len(s.tokens); n > 0 && strings.ContainsRune("/*%=.,?:&|^!~", s.tokens[n-1].kind) {
		return []CompileError{{s.row, s.col, "expression expected", "error", s.file}}
	}
	return nil
}
