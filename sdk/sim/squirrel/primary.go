package squirrel

func (p *parser) primary() (expr, error) {
	pos := p.tok.pos
	switch p.tok.kind {
	case tokenString:
		e := &literal{node{pos}, String(p.tok.text)}
		return e, p.next()
	case tokenInt, tokenFloat:
		e := &literal{node{pos}, p.tok.num}
		return e, p.next()
	case tokenName:
		return p.reference()
	case tokenWord:
		return p.wordPrimary(pos)
	case tokenEnd, tokenSign:
	}
	switch p.tok.text {
	case "(":
		if err := p.next(); err != nil {
			return nil, err
		}
		e, err := p.comma()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case "[":
		return p.array(pos)
	case "{":
		if err := p.next(); err != nil {
			return nil, err
		}
		slots, err := p.slots(",", false)
		return &tableExpr{node{pos}, slots}, err
	case "::":
		return &rootExpr{node{pos}}, p.rootName()
	case "@":
		if err := p.next(); err != nil {
			return nil, err
		}
		return p.function("", pos, true)
	}
	return nil, p.fail("expression expected")
}

// rootName turns the :: at the current token into the dot of ::name.
func (p *parser) rootName() error {
	if err := p.next(); err != nil {
		return err
	}
	if p.tok.kind != tokenName {
		return p.fail("expected 'IDENTIFIER'")
	}
	name := p.tok
	l := *p.lex
	// The name becomes the member of the root table, as after a dot.
	p.tok = token{kind: tokenSign, text: ".", pos: name.pos, end: name.end}
	l.at -= len(name.text)
	*p.lex = l
	return nil
}

func (p *parser) wordPrimary(pos position) (expr, error) {
	literalOf := func(v Value) (expr, error) { return &literal{node{pos}, v}, p.next() }
	switch p.tok.text {
	case "null":
		return literalOf(Null)
	case "true", "false":
		return literalOf(Bool(p.tok.text == "true"))
	case "this":
		return &thisExpr{node{pos}}, p.next()
	case "base":
		return &baseExpr{node{pos}}, p.next()
	case "__LINE__":
		return literalOf(Int(int(pos.line)))
	case "__FILE__":
		return literalOf(String(p.lex.files[pos.file]))
	case "constructor":
		return &nameExpr{node{pos}, "constructor"}, p.next()
	case "function":
		if err := p.next(); err != nil {
			return nil, err
		}
		return p.function("", pos, false)
	case "class":
		if err := p.next(); err != nil {
			return nil, err
		}
		return p.class(pos)
	}
	return nil, p.fail("expression expected")
}

// reference is a name: a local, a constant or a slot.
func (p *parser) reference() (expr, error) {
	pos, name := p.tok.pos, p.tok.text
	if err := p.next(); err != nil {
		return nil, err
	}
	if v, outer := p.scope.resolve(name); v != nil {
		return &localExpr{node{pos}, v, outer}, nil
	}
	val, ok := p.consts.Get(String(name))
	if !ok {
		return &nameExpr{node{pos}, name}, nil
	}
	if val.kind != KindTable {
		return &literal{node{pos}, val}, nil
	}
	if !p.tok.is(".") {
		return nil, p.fail("expected '.'")
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	member := p.tok.text
	val, ok = val.AsTable().Get(String(member))
	if p.tok.kind != tokenName {
		return nil, p.fail("expected 'IDENTIFIER'")
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.fail("invalid constant [" + name + "." + member + "]")
	}
	return &literal{node{pos}, val}, nil
}

func (p *parser) array(pos position) (expr, error) {
	e := &arrayExpr{node: node{pos}}
	if err := p.next(); err != nil {
		return nil, err
	}
	for !p.tok.is("]") {
		item, err := p.expression()
		if err != nil {
			return nil, err
		}
		e.items = append(e.items, item)
		if _, err := p.accept(","); err != nil {
			return nil, err
		}
	}
	return e, p.next()
}

// slots reads the inside of a table, a class (separator ;) or attributes, up to
// and with the closing bracket.
func (p *parser) slots(separator string, inClass bool) ([]slot, error) {
	end := "}"
	if separator == "/" {
		separator, end = ",", "/>"
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	var slots []slot
	for !p.tok.is(end) {
		s, err := p.slot(inClass)
		if err != nil {
			return nil, err
		}
		slots = append(slots, s)
		if _, err := p.accept(separator); err != nil {
			return nil, err
		}
	}
	return slots, p.next()
}

func (p *parser) slot(inClass bool) (s slot, err error) {
	if inClass {
		if s.attrs, err = p.attributes(); err != nil {
			return s, err
		}
		if s.static, err = p.accept("static"); err != nil {
			return s, err
		}
	}
	pos := p.tok.pos
	switch {
	case p.tok.is("function"):
		if err = p.next(); err != nil {
			return s, err
		}
		return p.methodSlot(s, pos)
	case p.tok.is("constructor"):
		return p.methodSlot(s, pos)
	case p.tok.is("["):
		if err = p.next(); err != nil {
			return s, err
		}
		if s.key, err = p.comma(); err != nil {
			return s, err
		}
		if err = p.expect("]"); err != nil {
			return s, err
		}
	case p.tok.kind == tokenString && !inClass:
		s.key = &literal{node{pos}, String(p.tok.text)}
		if err = p.next(); err != nil {
			return s, err
		}
		if err = p.expect(":"); err != nil {
			return s, err
		}
		s.val, err = p.expression()
		return s, err
	default:
		var name string
		if name, err = p.name(); err != nil {
			return s, err
		}
		s.key = &literal{node{pos}, String(name)}
	}
	if err = p.expect("="); err != nil {
		return s, err
	}
	s.val, err = p.expression()
	return s, err
}

func (p *parser) methodSlot(s slot, pos position) (slot, error) {
	name, err := p.name()
	if err != nil {
		return s, err
	}
	s.key = &literal{node{pos}, String(name)}
	s.val, err = p.function(name, pos, false)
	return s, err
}

func (p *parser) attributes() (expr, error) {
	pos := p.tok.pos
	ok, err := p.accept("</")
	if !ok || err != nil {
		return nil, err
	}
	slots, err := p.slots("/", false)
	return &tableExpr{node{pos}, slots}, err
}

// class reads a class from what follows its name.
func (p *parser) class(pos position) (expr, error) {
	c := &classExpr{node: node{pos}}
	ok, err := p.accept("extends")
	if err != nil {
		return nil, err
	}
	if ok {
		if c.base, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if c.attrs, err = p.attributes(); err != nil {
		return nil, err
	}
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	c.members, err = p.slots(";", true)
	return c, err
}

// function reads a function from its parameters on; a lambda's body is an expression.
func (p *parser) function(name string, pos position, lambda bool) (expr, error) {
	fn := &function{name: name, pos: pos}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	names, varargs, err := p.parameters(fn)
	if err != nil {
		return nil, err
	}
	p.open(fn)
	defer p.close()
	for _, n := range names {
		fn.params = append(fn.params, p.declare(n))
	}
	if varargs {
		fn.varargs = p.declare("vargv")
	}
	if lambda {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		fn.body = []stmt{&returnStmt{node{e.at()}, e}}
	} else {
		s, err := p.statement()
		if err != nil {
			return nil, err
		}
		fn.body = []stmt{s}
	}
	fn.lastLine = p.before.pos
	return &funcExpr{node{pos}, fn}, nil
}

func (p *parser) parameters(fn *function) (names []string, varargs bool, err error) {
	if err := p.expect("("); err != nil {
		return nil, false, err
	}
	for !p.tok.is(")") {
		if p.tok.is("...") {
			if len(fn.defaults) > 0 {
				return nil, false, p.fail("function with default parameters cannot have variable number of parameters")
			}
			if err := p.next(); err != nil {
				return nil, false, err
			}
			if !p.tok.is(")") {
				return nil, false, p.fail("expected ')'")
			}
			varargs = true
			break
		}
		name, err := p.name()
		if err != nil {
			return nil, false, err
		}
		names = append(names, name)
		if ok, err := p.accept("="); err != nil {
			return nil, false, err
		} else if ok {
			def, err := p.expression()
			if err != nil {
				return nil, false, err
			}
			fn.defaults = append(fn.defaults, def)
		} else if len(fn.defaults) > 0 {
			return nil, false, p.fail("expected '='")
		}
		if p.tok.is(",") {
			if err := p.next(); err != nil {
				return nil, false, err
			}
		} else if !p.tok.is(")") {
			return nil, false, p.fail("expected ')' or ','")
		}
	}
	return names, varargs, p.next()
}
