package squirrel

func (p *parser) scalar() (Value, error) {
	sign := 1
	if ok, err := p.accept("-"); err != nil {
		return Null, err
	} else if ok {
		sign = -1
	}
	var v Value
	switch {
	case p.tok.kind == tokenInt || p.tok.kind == tokenFloat:
		v = p.tok.num
		if sign < 0 {
			v = negated(v)
		}
	case p.tok.kind == tokenString && sign > 0:
		v = String(p.tok.text)
	case (p.tok.is("true") || p.tok.is("false")) && sign > 0:
		v = Bool(p.tok.text == "true")
	default:
		return Null, p.fail("scalar expected : integer,float or string")
	}
	return v, p.next()
}

func (p *parser) constStatement(pos position) (stmt, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	if err := p.expect("="); err != nil {
		return nil, err
	}
	v, err := p.scalar()
	if err != nil {
		return nil, err
	}
	p.consts.SetString(name, v)
	return &blockStmt{node: node{pos}}, p.endOfStatement()
}

func (p *parser) enumStatement(pos position) (stmt, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	t := NewTable()
	n := 0
	for !p.tok.is("}") {
		member, err := p.name()
		if err != nil {
			return nil, err
		}
		v := Int(n)
		if ok, err := p.accept("="); err != nil {
			return nil, err
		} else if !ok {
			n++
		} else if v, err = p.scalar(); err != nil {
			return nil, err
		}
		t.SetString(member, v)
		if _, err := p.accept(","); err != nil {
			return nil, err
		}
	}
	p.consts.SetString(name, t.Value())
	return &blockStmt{node: node{pos}}, p.next()
}
