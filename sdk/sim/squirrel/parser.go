package squirrel

// maxNesting is how deep expressions and statements may be nested.
const maxNesting = 250

// scope is a function being parsed: its locals, innermost block last.
type scope struct {
	fn     *function
	parent *scope
	blocks [][]*localVar
	loops  int
	exits  int // loops and switches
	index  map[*localVar]int
}

type parser struct {
	lex    *lexer
	tok    token
	before token
	scope  *scope
	consts *Table
	depth  int
}

// parse reads a whole source as the body of a function. Constants that it
// declares go to consts.
func parse(lex *lexer, consts *Table) (*function, error) {
	p := &parser{lex: lex, consts: consts}
	if err := p.next(); err != nil {
		return nil, err
	}
	fn := &function{name: "main", pos: p.tok.pos}
	p.open(fn)
	fn.varargs = p.declare("vargv")
	for p.tok.kind != tokenEnd {
		s, err := p.statement()
		if err != nil {
			return nil, err
		}
		fn.body = append(fn.body, s)
		if !p.before.is("}") && !p.before.is(";") {
			if err := p.endOfStatement(); err != nil {
				return nil, err
			}
		}
	}
	fn.lastLine = p.tok.pos
	return fn, nil
}

func (p *parser) next() error {
	p.before = p.tok
	t, err := p.lex.next()
	if err != nil {
		return err
	}
	p.tok = t
	return nil
}

// fail reports an error the way the cloud's compiler does: at the last
// character of the token that it has come to.
func (p *parser) fail(text string) error {
	pos := p.tok.pos
	pos.column = p.tok.end
	return p.lex.errorAt(pos, text)
}

func (p *parser) accept(sign string) (bool, error) {
	if !p.tok.is(sign) {
		return false, nil
	}
	return true, p.next()
}

func (p *parser) expect(sign string) error {
	if !p.tok.is(sign) {
		return p.fail("expected '" + sign + "'")
	}
	return p.next()
}

func (p *parser) name() (string, error) {
	if p.tok.kind == tokenWord && p.tok.text == "constructor" {
		return "constructor", p.next()
	}
	if p.tok.kind != tokenName {
		return "", p.fail("expected 'IDENTIFIER'")
	}
	text := p.tok.text
	return text, p.next()
}

// statementEnds tells whether the statement may end before the current token.
func (p *parser) statementEnds() bool {
	return p.tok.newLine || p.tok.kind == tokenEnd || p.tok.is("}") || p.tok.is(";")
}

func (p *parser) endOfStatement() error {
	if ok, err := p.accept(";"); ok || err != nil {
		return err
	}
	if !p.statementEnds() {
		return p.fail("end of statement expected (; or lf)")
	}
	return nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return p.fail("too deeply nested")
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// Scopes.

func (p *parser) open(fn *function) {
	p.scope = &scope{fn: fn, parent: p.scope, blocks: [][]*localVar{nil}, index: map[*localVar]int{}}
}

func (p *parser) close() { p.scope = p.scope.parent }

func (p *parser) openBlock() { p.scope.blocks = append(p.scope.blocks, nil) }

func (p *parser) closeBlock() { p.scope.blocks = p.scope.blocks[:len(p.scope.blocks)-1] }

func (p *parser) declare(name string) *localVar {
	v := &localVar{name: name}
	last := len(p.scope.blocks) - 1
	p.scope.blocks[last] = append(p.scope.blocks[last], v)
	return v
}

func (s *scope) local(name string) *localVar {
	for i := len(s.blocks) - 1; i >= 0; i-- {
		for j := len(s.blocks[i]) - 1; j >= 0; j-- {
			if s.blocks[i][j].name == name {
				return s.blocks[i][j]
			}
		}
	}
	return nil
}

// resolve finds a variable: a local, or the index of an outer.
func (s *scope) resolve(name string) (*localVar, int) {
	if v := s.local(name); v != nil {
		return v, -1
	}
	if s.parent == nil {
		return nil, -1
	}
	v, outer := s.parent.resolve(name)
	if v == nil {
		return nil, -1
	}
	if i, ok := s.index[v]; ok {
		return v, i
	}
	v.captured = true
	s.fn.outers = append(s.fn.outers, outerRef{v, outer})
	s.index[v] = len(s.fn.outers) - 1
	return v, s.index[v]
}

// Expressions, from the loosest binding to the tightest.

// commaExpr is one expression or several that are evaluated for the last.
func (p *parser) comma() (expr, error) {
	e, err := p.expression()
	if err != nil || !p.tok.is(",") {
		return e, err
	}
	list := &commaExpr{node{e.at()}, []expr{e}}
	for p.tok.is(",") {
		if err := p.next(); err != nil {
			return nil, err
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		list.list = append(list.list, e)
	}
	return list, nil
}

func (p *parser) expression() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	e, err := p.binary(0)
	if err != nil || p.tok.kind != tokenSign {
		return e, err
	}
	pos := p.tok.pos
	switch op := p.tok.text; op {
	case "=", "<-", "+=", "-=", "*=", "/=", "%=":
		return p.assignment(e, op)
	case "?":
		if err := p.next(); err != nil {
			return nil, err
		}
		yes, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		no, err := p.expression()
		return &condExpr{node{pos}, e, yes, no}, err
	}
	return e, nil
}

func (p *parser) assignment(target expr, op string) (expr, error) {
	pos := p.tok.pos
	switch target.(type) {
	case *localExpr:
		if op == "<-" {
			return nil, p.fail("can't 'create' a local slot")
		}
	case *nameExpr, *indexExpr:
	case *baseExpr:
		return nil, p.fail("'base' cannot be modified")
	default:
		return nil, p.fail("can't assign expression")
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	val, err := p.expression()
	return &assignExpr{node{pos}, op, target, val}, err
}

// levels are the binary operators, loosest first.
var levels = [][]string{
	{"||"}, {"&&", "in"}, {"|"}, {"^"}, {"&"}, {"==", "!=", "<=>"}, {"<", ">", "<=", ">=", "instanceof"},
	{"<<", ">>", ">>>"}, {"+", "-"}, {"*", "/", "%"},
}

// precedence is the level of the operator at the current token, or -1.
func (p *parser) precedence() int {
	if p.tok.kind != tokenSign && p.tok.kind != tokenWord {
		return -1
	}
	for i, ops := range levels {
		for _, op := range ops {
			if p.tok.text == op {
				return i
			}
		}
	}
	return -1
}

func (p *parser) binary(level int) (expr, error) {
	a, err := p.unary()
	if err != nil {
		return nil, err
	}
	return p.climb(a, level)
}

// climb goes on after the left operand a with operators of the level or tighter.
func (p *parser) climb(a expr, level int) (expr, error) {
	for {
		at := p.precedence()
		if at < level {
			return a, nil
		}
		op, pos := p.tok.text, p.tok.pos
		if err := p.next(); err != nil {
			return nil, err
		}
		b, err := p.binary(at + 1)
		if err != nil {
			return nil, err
		}
		if op == "&&" || op == "||" {
			a = &logicExpr{node{pos}, op == "&&", a, b}
		} else {
			a = &binaryExpr{node{pos}, op, a, b}
		}
	}
}

func (p *parser) unary() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	pos := p.tok.pos
	if p.tok.kind != tokenSign && p.tok.kind != tokenWord {
		return p.postfix()
	}
	switch op := p.tok.text; op {
	case "-", "!", "~", "typeof", "resume", "clone":
		if err := p.next(); err != nil {
			return nil, err
		}
		val, err := p.unary()
		if err != nil {
			return nil, err
		}
		if lit, ok := val.(*literal); ok && op == "-" && lit.val.isNumber() {
			return &literal{node{pos}, negated(lit.val)}, nil
		}
		return &unaryExpr{node{pos}, op, val}, nil
	case "++", "--":
		if err := p.next(); err != nil {
			return nil, err
		}
		val, err := p.unary()
		if err != nil {
			return nil, err
		}
		return p.step(val, op, false, pos)
	case "delete":
		if err := p.next(); err != nil {
			return nil, err
		}
		val, err := p.unary()
		if err != nil {
			return nil, err
		}
		return p.deletion(val, pos)
	}
	return p.postfix()
}

func negated(v Value) Value {
	if v.kind == KindInteger {
		return int32Value(-v.num)
	}
	return float32Value(-v.float())
}

func (p *parser) deletion(val expr, pos position) (expr, error) {
	switch e := val.(type) {
	case *indexExpr:
		return &deleteExpr{node{pos}, e}, nil
	case *nameExpr:
		return &deleteExpr{node{pos}, &indexExpr{e.node, &thisExpr{e.node}, &literal{e.node, String(e.name)}}}, nil
	case *localExpr:
		return nil, p.fail("cannot delete an (outer) local")
	default:
		return nil, p.fail("can't delete an expression")
	}
}

func (p *parser) step(val expr, sign string, postfix bool, pos position) (expr, error) {
	switch val.(type) {
	case *localExpr, *nameExpr, *indexExpr:
	case *baseExpr:
		return nil, p.fail("'base' cannot be modified")
	default:
		return nil, p.fail("can't '++' or '--' an expression")
	}
	by := 1
	if sign == "--" {
		by = -1
	}
	return &stepExpr{node{pos}, val, by, postfix}, nil
}

// postfix reads what may follow a primary: members, indexes, calls, ++ and --.
func (p *parser) postfix() (expr, error) {
	e, err := p.primary()
	if err != nil {
		return nil, err
	}
	for p.tok.kind == tokenSign {
		pos := p.tok.pos
		switch sign := p.tok.text; sign {
		case ".":
			if err := p.next(); err != nil {
				return nil, err
			}
			name, err := p.name()
			if err != nil {
				return nil, err
			}
			e = &indexExpr{node{pos}, e, &literal{node{pos}, String(name)}}
		case "[":
			if p.tok.newLine {
				return nil, p.fail("cannot break deref/or comma needed after [exp]=exp slot declaration")
			}
			if err := p.next(); err != nil {
				return nil, err
			}
			key, err := p.expression()
			if err != nil {
				return nil, err
			}
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			e = &indexExpr{node{pos}, e, key}
		case "(":
			if err := p.next(); err != nil {
				return nil, err
			}
			args, err := p.arguments()
			if err != nil {
				return nil, err
			}
			e = &callExpr{node{pos}, e, args}
		case "++", "--":
			if p.statementEnds() {
				return e, nil
			}
			if err := p.next(); err != nil {
				return nil, err
			}
			return p.step(e, sign, true, pos)
		default:
			return e, nil
		}
	}
	return e, nil
}

func (p *parser) arguments() ([]expr, error) {
	var args []expr
	for !p.tok.is(")") {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		args = append(args, e)
		if p.tok.is(",") {
			if err := p.next(); err != nil {
				return nil, err
			}
			if p.tok.is(")") {
				return nil, p.fail("expression expected, found ')'")
			}
		}
	}
	return args, p.next()
}
