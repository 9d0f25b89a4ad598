package builder

import (
	"math"
	"strings"
	"unicode/utf8"
)

// kind tells expressions apart.
type kind uint8

const (
	sequence kind = iota // none or several expressions, which is an error when it is evaluated
	literal
	identifier
	this
	array
	member
	call
	unary
	binary
	conditional
)

// expression is a node of the tree of an expression. A nil one is missing; what
// may lack it complains when it is evaluated.
type expression struct {
	kind  kind
	at    int32         // bytes before it; before the operator of a binary one
	name  string        // of an identifier; the operator of a unary or binary one
	value Value         // of a literal
	left  *expression   // operand; owner of a member; what is called; condition
	right *expression   // operand; name of a member
	other *expression   // of a conditional
	items []*expression // of an array, nil for what is left out; arguments of a call
}

const (
	// deepestExpression is how many brackets and unary operators may lie in each
	// other.
	deepestExpression = 500
	// longestExpression is how many operators may follow each other.
	longestExpression = 5000
)

const tooNested = plain("Maximum call stack size exceeded")

// parser reads an expression.
type parser struct {
	*expressions
	text  string
	at    int
	depth int
}

// expressions has room for those that will be read: many are made, and all are
// kept as long as the build goes on.
type expressions struct{ spare []expression }

func (x *expressions) keep(e expression) *expression {
	if len(x.spare) == 0 {
		x.spare = make([]expression, 64)
	}
	kept := &x.spare[0]
	*kept = e
	x.spare = x.spare[1:]
	return kept
}

// parse reads a text that is an expression and nothing else.
func (x *expressions) parse(text string) (*expression, error) {
	p := parser{expressions: x, text: text}
	e, err := p.sequence()
	if err == nil && p.at < len(text) {
		err = p.unexpected()
	}
	return e, err
}

// parseInline reads the expression that a text begins with, up to its closing
// brace, and returns where that is.
func (x *expressions) parseInline(text string) (*expression, int, error) {
	p := parser{expressions: x, text: text}
	e, err := p.sequence()
	if err == nil && !p.is('}') {
		err = p.unexpected()
	}
	return e, p.at, err
}

// sequence reads expressions until something else follows. Semicolons and
// commas around them mean nothing.
func (p *parser) sequence() (*expression, error) {
	var only *expression
	n := 0
	for p.at < len(p.text) {
		if p.is(';') || p.is(',') {
			p.at++
			continue
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		only = e
		n++
	}
	if n == 1 {
		return only, nil
	}
	return p.keep(expression{kind: sequence}), nil
}

func (p *parser) expression() (*expression, error) {
	if p.depth++; p.depth > deepestExpression {
		return nil, tooNested
	}
	defer func() { p.depth-- }()
	test, err := p.binary(0)
	if err != nil || !p.is('?') {
		return test, err
	}
	p.at++
	yes, err := p.branch()
	if err != nil {
		return nil, err
	}
	p.blanks()
	if !p.is(':') {
		return nil, p.failed("Expected :")
	}
	p.at++
	no, err := p.branch()
	if err != nil {
		return nil, err
	}
	return p.keep(expression{kind: conditional, left: test, right: yes, other: no}), nil
}

func (p *parser) branch() (*expression, error) {
	e, err := p.expression()
	if err == nil && e == nil {
		err = p.failed("Expected expression")
	}
	return e, err
}

// binary reads operands and the operators between them that bind tighter than
// precedence.
func (p *parser) binary(precedence int) (*expression, error) {
	left, err := p.operand()
	if left == nil && precedence > 0 {
		return nil, err // only the first operand of all may be missing
	}
	for n := 0; err == nil; n++ {
		p.blanks()
		operator, tighter := p.operator()
		if tighter <= precedence {
			return left, nil
		}
		if n > longestExpression {
			return nil, tooNested
		}
		at := p.here()
		p.at += len(operator)
		var right *expression
		if right, err = p.binary(tighter); err == nil && right == nil {
			return nil, p.failed("Expected expression after " + operator)
		}
		left = p.keep(expression{kind: binary, at: at, name: operator, left: left, right: right})
	}
	return nil, err
}

// operator returns the operator that is next, and how tight it binds: 0 if
// there is none.
func (p *parser) operator() (string, int) {
	if p.at >= len(p.text) {
		return "", 0
	}
	rest := p.text[p.at:]
	if len(rest) > 1 {
		switch rest[:2] {
		case "||":
			return "||", 1
		case "&&":
			return "&&", 2
		case "==", "!=":
			return rest[:2], 6
		case "<=", ">=":
			return rest[:2], 7
		}
	}
	switch rest[0] {
	case '|':
		return "|", 3
	case '<', '>':
		return rest[:1], 7
	case '+', '-':
		return rest[:1], 9
	case '*', '/', '%':
		return rest[:1], 10
	}
	return "", 0
}

// operand reads what stands between binary operators.
func (p *parser) operand() (*expression, error) {
	p.blanks()
	if p.at >= len(p.text) {
		return nil, nil
	}
	at := p.here()
	switch c := p.text[p.at]; {
	case isDigit(c) || c == '.':
		return p.number()
	case c == '"' || c == '\'':
		return p.quoted(c)
	case c == '[':
		p.at++
		items, err := p.list(']')
		return p.keep(expression{kind: array, at: at, items: items}), err
	case c == '-' || c == '+' || c == '!':
		if p.depth++; p.depth > deepestExpression {
			return nil, tooNested
		}
		defer func() { p.depth-- }()
		p.at++
		operand, err := p.operand()
		return p.keep(expression{kind: unary, at: at, name: string(c), left: operand}), err
	case c == '(' || isNameStart(c):
		return p.postfix()
	}
	return nil, nil
}

// postfix reads a name or an expression in parentheses, with the members and
// calls behind it.
func (p *parser) postfix() (*expression, error) {
	var e *expression
	var err error
	at := p.here()
	if p.is('(') {
		e, err = p.group()
	} else {
		e, err = p.name()
	}
	for n := 0; err == nil; n++ {
		p.blanks()
		if n > longestExpression {
			return nil, tooNested
		}
		switch {
		case p.is('.'):
			p.at++
			p.blanks()
			var property *expression
			if property, err = p.name(); err == nil {
				e = p.keep(expression{kind: member, at: at, left: e, right: p.keep(expression{kind: literal, value: property.memberName()})})
			}
		case p.is('['):
			p.at++
			var property *expression
			if property, err = p.expression(); err != nil {
				break
			}
			p.blanks()
			if !p.is(']') {
				return nil, p.failed("Unclosed [")
			}
			p.at++
			e = p.keep(expression{kind: member, at: at, left: e, right: property})
		case p.is('('):
			p.at++
			var arguments []*expression
			arguments, err = p.list(')')
			e = p.keep(expression{kind: call, at: at, left: e, items: arguments})
		default:
			return e, nil
		}
	}
	return nil, err
}

// memberName is what an identifier after a dot names; reserved words name
// nothing.
func (e *expression) memberName() string {
	if e.kind == identifier {
		return e.name
	}
	return "undefined"
}

func (p *parser) group() (*expression, error) {
	p.at++
	e, err := p.expression()
	if err != nil {
		return nil, err
	}
	p.blanks()
	if !p.is(')') {
		return nil, p.failed("Unclosed (")
	}
	p.at++
	return e, nil
}

// list reads the items of an array or the arguments of a call, and the bracket
// that closes them. Commas may be left out.
func (p *parser) list(closing byte) ([]*expression, error) {
	var items []*expression
	commas := 0
	for {
		if p.at >= len(p.text) {
			return nil, p.failed("Expected " + string(closing))
		}
		p.blanks()
		switch {
		case p.is(closing):
			p.at++
			if closing == ')' && commas > 0 && commas >= len(items) {
				return nil, p.failed("Unexpected token )")
			}
			return items, nil
		case p.is(','):
			p.at++
			commas++
			if commas != len(items) && closing == ')' {
				return nil, p.failed("Unexpected token ,")
			}
			for len(items) < commas {
				items = append(items, nil)
			}
		default:
			item, err := p.expression()
			if err == nil && item == nil {
				err = p.failed("Expected comma")
			}
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
	}
}

// number reads digits, a fraction and an exponent.
func (p *parser) number() (*expression, error) {
	begin := p.at
	p.digits()
	if p.is('.') {
		p.at++
		p.digits()
	}
	if p.is('e') || p.is('E') {
		p.at++
		if p.is('+') || p.is('-') {
			p.at++
		}
		p.digits()
		if !isDigit(p.text[p.at-1]) {
			return nil, p.failed("Expected exponent (" + p.text[begin:p.at] + p.next() + ")")
		}
	}
	text := p.text[begin:p.at]
	if p.at < len(p.text) && isNameStart(p.text[p.at]) {
		return nil, p.failed("Variable names cannot start with a number (" + text + p.next() + ")")
	}
	if p.is('.') {
		return nil, p.failed("Unexpected period")
	}
	if text == "." {
		return p.keep(expression{kind: literal, value: math.NaN()}), nil
	}
	return p.keep(expression{kind: literal, value: parseFloat(text)}), nil
}

func (p *parser) digits() {
	for p.at < len(p.text) && isDigit(p.text[p.at]) {
		p.at++
	}
}

// quoted reads a string.
func (p *parser) quoted(quote byte) (*expression, error) {
	p.at++
	begin := p.at
	end := strings.IndexByte(p.text[begin:], quote)
	if end >= 0 && strings.IndexByte(p.text[begin:begin+end], '\\') < 0 {
		p.at = begin + end + 1
		return p.keep(expression{kind: literal, value: p.text[begin : begin+end]}), nil
	}
	var value strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == quote:
			return p.keep(expression{kind: literal, value: value.String()}), nil
		case c == '\\' && p.at < len(p.text):
			if i := strings.IndexByte("nrtbfv", p.text[p.at]); i >= 0 {
				value.WriteByte("\n\r\t\b\f\v"[i])
			} else {
				value.WriteByte(p.text[p.at])
			}
			p.at++
		case c != '\\':
			value.WriteByte(c)
		}
	}
	return nil, p.failed(`Unclosed quote after "` + value.String() + `"`)
}

// name reads an identifier or a reserved word.
func (p *parser) name() (*expression, error) {
	if p.at >= len(p.text) || !isNameStart(p.text[p.at]) {
		return nil, p.failed("Unexpected " + p.next())
	}
	begin := p.at
	for p.at < len(p.text) && (isNameStart(p.text[p.at]) || isDigit(p.text[p.at])) {
		p.at++
	}
	switch name := p.text[begin:p.at]; name {
	case "true", "false":
		return p.keep(expression{kind: literal, value: name == "true"}), nil
	case "null":
		return p.keep(expression{kind: literal}), nil
	case "this":
		return p.keep(expression{kind: this}), nil
	default:
		return p.keep(expression{kind: identifier, name: name}), nil
	}
}

func (p *parser) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\n\r", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *parser) here() int32 { return int32(p.at) } //nolint:gosec // a source is shorter

func (p *parser) is(c byte) bool { return p.at < len(p.text) && p.text[p.at] == c }

// next is the next character, or nothing at the end.
func (p *parser) next() string {
	_, size := utf8.DecodeRuneInString(p.text[p.at:])
	return p.text[p.at : p.at+size]
}

func (p *parser) unexpected() error { return p.failed(`Unexpected "` + p.next() + `"`) }

func (p *parser) failed(message string) error {
	return &syntaxError{message, length16(p.text[:p.at])}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isNameStart tells whether a name may begin with a character that begins with
// c; all characters beyond ASCII may be in names.
func isNameStart(c byte) bool {
	return c == '$' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}
