package squirrel

var functionMethods = methods{
	"call":     {1, -1, callWith},
	"pcall":    {1, -1, callWith},
	"acall":    {1, 1, callWithArray},
	"pacall":   {1, 1, callWithArray},
	"bindenv":  {1, 1, bindEnv},
	"getinfos": {0, 0, functionInfos},
	"getroot": {0, 0, func(c *Call) (Value, error) {
		if cl := c.This.closure(); cl != nil {
			return cl.root.Value(), nil
		}
		return Null, c.wrongThis("function")
	}},
}

func callWith(c *Call) (Value, error) {
	return c.Invoke(c.This, c.Arg(0), append([]Value(nil), c.Args[1:]...)...)
}

func callWithArray(c *Call) (Value, error) {
	a := c.Arg(0).AsArray()
	if a == nil {
		return Null, c.wrongType(0, "array")
	}
	if len(a.Items) == 0 {
		return Null, c.Fail("wrong number of parameters")
	}
	if len(a.Items) > maxRegisters {
		return Null, c.Fail("too many parameters")
	}
	return c.Invoke(c.This, a.Items[0], append([]Value(nil), a.Items[1:]...)...)
}

// bindEnv is the function with a this of its own, which it keeps alive as imps do.
func bindEnv(c *Call) (Value, error) {
	switch c.Arg(0).kind {
	case KindTable, KindArray, KindClass, KindInstance, KindMeta:
	default:
		return Null, c.wrongType(0, "table|array|class|instance")
	}
	if err := c.VM.charge(96); err != nil {
		return Null, err
	}
	if cl := c.This.closure(); cl != nil {
		bound := *cl
		bound.env, bound.hasEnv = c.Arg(0), true
		return bound.Value(), nil
	}
	if n := c.This.native(); n != nil {
		bound := *n
		bound.env, bound.hasEnv = c.Arg(0), true
		return bound.Value(), nil
	}
	return Null, c.wrongThis("function")
}

func functionInfos(c *Call) (Value, error) {
	t := NewTable()
	if n := c.This.native(); n != nil {
		t.SetString("native", Bool(true))
		t.SetString("name", String(n.Name))
		check := n.Min + 1
		if n.Max != n.Min {
			check = -check
		}
		t.SetString("paramscheck", Int(check))
		t.SetString("typecheck", Null)
		return t.Value(), c.VM.charge(256)
	}
	cl := c.This.closure()
	if cl == nil {
		return Null, c.wrongThis("function")
	}
	params := NewArray(String("this"))
	for _, p := range cl.proto.params {
		params.Items = append(params.Items, String(p))
	}
	varargs := 0
	if cl.proto.varargs {
		varargs = 1
		params.Items = append(params.Items, String("vargv"))
	}
	t.SetString("native", Bool(false))
	t.SetString("name", nameOrNull(cl.proto.name))
	t.SetString("src", String((*cl.proto.files)[cl.proto.pos.file]))
	t.SetString("parameters", params.Value())
	t.SetString("varargs", Int(varargs))
	t.SetString("defparams", NewArray(append([]Value(nil), cl.defaults...)...).Value())
	return t.Value(), c.VM.charge(512 + 24*len(params.Items))
}

func nameOrNull(name string) Value {
	if name == "" {
		return Null
	}
	return String(name)
}
