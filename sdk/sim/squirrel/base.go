package squirrel

import (
	"fmt"
	"io"
)

// baseLibrary fills the root table.
func (vm *VM) baseLibrary() {
	r := vm.root
	r.SetString("_version_", String("Squirrel 3.1 stable"))
	r.SetString("_versionnumber_", Int(310))
	r.SetString("_charsize_", Int(1))
	r.SetString("_intsize_", Int(4))
	r.SetString("_floatsize_", Int(4))
	Define(r, "getroottable", 0, 0, func(c *Call) (Value, error) { return c.Root(), nil })
	Define(r, "getconsttable", 0, 0, func(c *Call) (Value, error) { return c.VM.consts.Value(), nil })
	Define(r, "assert", 1, 2, baseAssert)
	Define(r, "print", 1, 1, func(c *Call) (Value, error) { return c.write(c.VM.cfg.Print) })
	Define(r, "error", 1, 1, func(c *Call) (Value, error) { return c.write(c.VM.cfg.PrintError) })
	Define(r, "compilestring", 1, 2, baseCompile)
	Define(r, "collectgarbage", 0, 0, func(*Call) (Value, error) { return Int(0), nil })
	Define(r, "type", 1, 1, func(c *Call) (Value, error) { return String(c.Arg(0).kind.String()), nil })
	Define(r, "array", 1, 2, baseArray)
	Define(r, "callee", 0, 0, baseCallee)
	Define(r, "getstackinfos", 1, 1, baseStackInfos)
	Define(r, "seterrorhandler", 1, 1, func(c *Call) (Value, error) {
		c.VM.onError = c.Arg(0)
		return Null, nil
	})
	mathLibrary(r)
	stringLibrary(r)
	blobLibrary(r)
	systemLibrary(r)
}

func (c *Call) write(to io.Writer) (Value, error) {
	s, err := c.Text(c.Arg(0))
	if err != nil {
		return Null, err
	}
	if _, err := io.WriteString(to, s); err != nil {
		return Null, &fatal{fmt.Errorf("printing: %w", err)}
	}
	return Null, nil
}

func baseAssert(c *Call) (Value, error) {
	if c.Arg(0).Truth() {
		return Null, nil
	}
	if len(c.Args) > 1 {
		s, err := c.Text(c.Arg(1))
		if err != nil {
			return Null, err
		}
		return Null, c.Fail("%s", s)
	}
	return Null, c.Fail("assertion failed")
}

// maxCompiled is the longest source that a program compiles.
const maxCompiled = 64 << 10

// compileSteps is what a compilation counts for, throwSteps an error.
const compileSteps, throwSteps = 500, 30

func baseCompile(c *Call) (Value, error) {
	source, err := c.String(0)
	if err != nil {
		return Null, err
	}
	if len(source) > maxCompiled {
		return Null, c.Fail("the source is too long")
	}
	c.VM.chunk -= compileSteps + len(source)
	if err := c.VM.charge(32 * len(source)); err != nil {
		return Null, err
	}
	name := "unnamedbuffer"
	if len(c.Args) > 1 {
		if name, err = c.String(1); err != nil {
			return Null, err
		}
	}
	f, err := c.VM.Compile(name, source)
	if e, ok := err.(*CompileError); ok { //nolint:errorlint // Compile does not wrap it
		return Null, c.Fail("%s", e.Text)
	}
	if err != nil {
		return Null, err
	}
	return c.VM.program(f), nil
}

// maxItems bounds one array.
const maxItems = 1 << 24

func baseArray(c *Call) (Value, error) {
	n, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	if n < 0 || n > maxItems {
		return Null, c.Fail("array size out of range")
	}
	if err := c.VM.charge(48 + 24*n); err != nil {
		return Null, err
	}
	items := make([]Value, n)
	for i := range items {
		items[i] = c.Arg(1)
	}
	return NewArray(items...).Value(), nil
}

func baseCallee(c *Call) (Value, error) {
	if n := len(c.VM.frames); n > 0 {
		return c.VM.frames[n-1].cl.Value(), nil
	}
	return Null, c.Fail("no closure in the calls stack")
}

func baseStackInfos(c *Call) (Value, error) {
	level, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	t, locals := NewTable(), NewTable()
	line := TraceLine{Function: "getstackinfos", File: "NATIVE", Line: -1}
	if at := len(c.VM.frames) - level; level > 0 {
		if at < 0 || at >= len(c.VM.frames) {
			return Null, nil
		}
		f := c.VM.frames[at]
		line = f.line()
		locals.SetString("this", f.regs[0])
		for _, l := range f.cl.proto.scoped {
			if f.pc-1 < l.from || f.pc-1 >= l.to {
				continue
			}
			v := f.regs[l.slot]
			if b, ok := v.ref.(*box); ok {
				v = b.val
			}
			locals.SetString(l.name, v)
		}
	}
	t.SetString("func", String(line.Function))
	t.SetString("src", String(line.File))
	t.SetString("line", Int(line.Line))
	t.SetString("locals", locals.Value())
	return t.Value(), nil
}
