package squirrel

func (p *parser) statement() (stmt, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	pos := p.tok.pos
	if p.tok.kind == tokenSign {
		switch p.tok.text {
		case ";":
			return &blockStmt{node: node{pos}}, p.next()
		case "{":
			if err := p.next(); err != nil {
				return nil, err
			}
			p.openBlock()
			list, err := p.statements(pos)
			p.closeBlock()
			return list, err
		}
	}
	if p.tok.kind == tokenWord {
		if s, err := p.wordStatement(pos); s != nil || err != nil {
			return s, err
		}
	}
	e, err := p.comma()
	return &exprStmt{node{pos}, e}, err
}

// statements reads up to and with the closing brace.
func (p *parser) statements(pos position) (*blockStmt, error) {
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	return &blockStmt{node: node{pos}, list: list}, p.expect("}")
}

func (p *parser) list() ([]stmt, error) {
	var list []stmt
	for !p.tok.is("}") && !p.tok.is("case") && !p.tok.is("default") {
		s, err := p.statement()
		if err != nil {
			return nil, err
		}
		list = append(list, s)
		if !p.before.is("}") && !p.before.is(";") {
			if err := p.endOfStatement(); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// wordStatement reads a statement that begins with a keyword; none (nil) when
// the keyword begins an expression.
func (p *parser) wordStatement(pos position) (stmt, error) {
	var read func(position) (stmt, error)
	switch p.tok.text {
	case "if":
		read = p.ifStatement
	case "while":
		read = p.whileStatement
	case "do":
		read = p.doStatement
	case "for":
		read = p.forStatement
	case "foreach":
		read = p.foreachStatement
	case "switch":
		read = p.switchStatement
	case "local":
		read = p.localStatement
	case "function":
		read = p.functionStatement
	case "class":
		read = p.classStatement
	case "enum":
		read = p.enumStatement
	case "const":
		read = p.constStatement
	case "try":
		read = p.tryStatement
	case "break", "continue":
		again := p.tok.text == "continue"
		if again && p.scope.loops == 0 || p.scope.exits == 0 {
			return nil, p.fail("'" + p.tok.text + "' has to be in a loop block")
		}
		return &jumpStmt{node{pos}, again}, p.next()
	case "return", "yield", "throw":
		return p.valueStatement(pos)
	default:
		return nil, nil
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	return read(pos)
}

// valueStatement is return, yield or throw.
func (p *parser) valueStatement(pos position) (stmt, error) {
	word := p.tok.text
	if err := p.next(); err != nil {
		return nil, err
	}
	var val expr
	if word == "throw" || !p.statementEnds() {
		var err error
		if val, err = p.comma(); err != nil {
			return nil, err
		}
	}
	switch word {
	case "return":
		return &returnStmt{node{pos}, val}, nil
	case "yield":
		p.scope.fn.generate = true
		return &yieldStmt{node{pos}, val}, nil
	}
	return &throwStmt{node{pos}, val}, nil
}

func (p *parser) condition() (expr, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	e, err := p.comma()
	if err != nil {
		return nil, err
	}
	return e, p.expect(")")
}

// body reads the statement that a condition or loop rules, in a block of its own.
func (p *parser) body() (stmt, error) {
	p.openBlock()
	defer p.closeBlock()
	s, err := p.statement()
	if err != nil {
		return nil, err
	}
	if !p.before.is("}") && !p.before.is(";") {
		err = p.endOfStatement()
	}
	return s, err
}

func (p *parser) loopBody() (stmt, error) {
	p.scope.loops++
	p.scope.exits++
	defer func() { p.scope.loops--; p.scope.exits-- }()
	return p.body()
}

func (p *parser) ifStatement(pos position) (stmt, error) {
	cond, err := p.condition()
	if err != nil {
		return nil, err
	}
	s := &ifStmt{node: node{pos}, cond: cond}
	if s.yes, err = p.body(); err != nil {
		return nil, err
	}
	if ok, err := p.accept("else"); !ok || err != nil {
		return s, err
	}
	s.no, err = p.body()
	return s, err
}

func (p *parser) whileStatement(pos position) (stmt, error) {
	cond, err := p.condition()
	if err != nil {
		return nil, err
	}
	body, err := p.loopBody()
	return &loopStmt{node: node{pos}, cond: cond, body: body}, err
}

func (p *parser) doStatement(pos position) (stmt, error) {
	body, err := p.loopBody()
	if err != nil {
		return nil, err
	}
	if err := p.expect("while"); err != nil {
		return nil, err
	}
	cond, err := p.condition()
	return &loopStmt{node: node{pos}, cond: cond, body: body, last: true}, err
}

func (p *parser) forStatement(pos position) (stmt, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	p.openBlock()
	defer p.closeBlock()
	s := &loopStmt{node: node{pos}}
	var err error
	switch at := p.tok.pos; {
	case p.tok.is("local"):
		if err = p.next(); err == nil {
			s.init, err = p.localStatement(at)
		}
	case !p.tok.is(";"):
		var e expr
		e, err = p.comma()
		s.init = &exprStmt{node{at}, e}
	}
	if err != nil {
		return nil, err
	}
	if err := p.expect(";"); err != nil {
		return nil, err
	}
	if !p.tok.is(";") {
		if s.cond, err = p.comma(); err != nil {
			return nil, err
		}
	}
	if err := p.expect(";"); err != nil {
		return nil, err
	}
	if !p.tok.is(")") {
		if s.step, err = p.comma(); err != nil {
			return nil, err
		}
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	s.body, err = p.loopBody()
	return s, err
}

func (p *parser) foreachStatement(pos position) (stmt, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	key := "@INDEX@"
	if ok, err := p.accept(","); err != nil {
		return nil, err
	} else if ok {
		key = name
		if name, err = p.name(); err != nil {
			return nil, err
		}
	}
	if err := p.expect("in"); err != nil {
		return nil, err
	}
	s := &foreachStmt{node: node{pos}}
	if s.of, err = p.expression(); err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	p.openBlock()
	defer p.closeBlock()
	s.key, s.val = p.declare(key), p.declare(name)
	s.body, err = p.loopBody()
	return s, err
}

func (p *parser) switchStatement(pos position) (stmt, error) {
	on, err := p.condition()
	if err != nil {
		return nil, err
	}
	s := &switchStmt{node: node{pos}, on: on}
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	p.scope.exits++
	defer func() { p.scope.exits-- }()
	for p.tok.is("case") {
		if err := p.next(); err != nil {
			return nil, err
		}
		val, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.caseBody(s, val); err != nil {
			return nil, err
		}
	}
	if ok, err := p.accept("default"); err != nil {
		return nil, err
	} else if ok {
		if err := p.caseBody(s, nil); err != nil {
			return nil, err
		}
	}
	return s, p.expect("}")
}

func (p *parser) caseBody(s *switchStmt, val expr) error {
	if err := p.expect(":"); err != nil {
		return err
	}
	p.openBlock()
	defer p.closeBlock()
	body, err := p.list()
	s.cases = append(s.cases, switchCase{val, body})
	return err
}

func (p *parser) localStatement(pos position) (stmt, error) {
	if ok, err := p.accept("function"); err != nil {
		return nil, err
	} else if ok {
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		fn, err := p.function(name, pos, false)
		if err != nil {
			return nil, err
		}
		return &localStmt{node{pos}, p.declare(name), fn}, nil
	}
	var list []stmt
	for {
		at := p.tok.pos
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		var val expr
		if ok, err := p.accept("="); err != nil {
			return nil, err
		} else if ok {
			if val, err = p.expression(); err != nil {
				return nil, err
			}
		}
		list = append(list, &localStmt{node{at}, p.declare(name), val})
		if ok, err := p.accept(","); err != nil {
			return nil, err
		} else if !ok {
			break
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return &blockStmt{node{pos}, list, true}, nil
}

// functionStatement is function name(…) or function a::b::name(…).
func (p *parser) functionStatement(pos position) (stmt, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	var obj expr = &thisExpr{node{pos}}
	full := name
	for p.tok.is("::") {
		obj = p.member(obj, name, pos)
		if err := p.next(); err != nil {
			return nil, err
		}
		if name, err = p.name(); err != nil {
			return nil, err
		}
		full = name
	}
	fn, err := p.function(full, pos, false)
	if err != nil {
		return nil, err
	}
	target := &indexExpr{node{pos}, obj, &literal{node{pos}, String(name)}}
	return &exprStmt{node{pos}, &assignExpr{node{pos}, "<-", target, fn}}, nil
}

// member is name in obj; the first name is a slot, not a local.
func (p *parser) member(obj expr, name string, pos position) expr {
	if _, ok := obj.(*thisExpr); ok {
		return &nameExpr{node{pos}, name}
	}
	return &indexExpr{node{pos}, obj, &literal{node{pos}, String(name)}}
}

func (p *parser) classStatement(pos position) (stmt, error) {
	e, err := p.primaryChain()
	if err != nil {
		return nil, err
	}
	var target *indexExpr
	switch e := e.(type) {
	case *nameExpr:
		target = &indexExpr{node{pos}, &thisExpr{node{pos}}, &literal{node{pos}, String(e.name)}}
	case *indexExpr:
		target = e
	case *localExpr:
		return nil, p.fail("cannot create a class in a local with the syntax(class <local>)")
	default:
		return nil, p.fail("invalid class name")
	}
	c, err := p.class(pos)
	if err != nil {
		return nil, err
	}
	return &exprStmt{node{pos}, &assignExpr{node{pos}, "<-", target, c}}, nil
}

// primaryChain is what names a class: a name with members.
func (p *parser) primaryChain() (expr, error) {
	if p.tok.kind != tokenName && !p.tok.is("::") && !p.tok.is("this") {
		return nil, p.fail("invalid class name")
	}
	return p.postfix()
}

func (p *parser) tryStatement(pos position) (stmt, error) {
	s := &tryStmt{node: node{pos}}
	var err error
	if s.body, err = p.body(); err != nil {
		return nil, err
	}
	if err := p.expect("catch"); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	p.openBlock()
	defer p.closeBlock()
	s.err = p.declare(name)
	s.handler, err = p.body()
	return s, err
}
