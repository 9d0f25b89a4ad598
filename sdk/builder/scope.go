package builder

import "maps"

// Scope is what holds at one place of a build: the variables of the source, of
// the macros and of the loops around it. A Function sees it as its this.
type Scope struct {
	machine *machine
	place   Place
	origin  *Position // of the source, without a line
	line    int
	local   *local
}

// local is a variable of a macro or a loop, with those around it. The variable
// of a loop has its value once it is asked for.
type local struct {
	name  string
	value Value
	index int // of a loop
	outer *local
}

func (l *local) get() Value {
	if l.name == "loop" && l.value == nil && l.index >= 0 {
		l.value = map[string]any{"index": float64(l.index), "iteration": float64(l.index + 1)}
	}
	return l.value
}

// position is where the scope is now.
func (s *Scope) position() Position {
	p := *s.origin
	p.Line = s.line
	return p
}

// Variable returns what a name means, but for globals: a parameter, loop, one
// of the variables about the place, one that was passed to the build, or a
// function.
func (s *Scope) Variable(name string) (Value, bool) {
	for l := s.local; l != nil; l = l.outer {
		if l.name == name {
			return l.get(), true
		}
	}
	if name == "__LINE__" {
		return float64(s.line), true
	}
	if v, ok := s.place.variable(name); ok {
		return v, true
	}
	v, ok := s.machine.variables[name]
	return v, ok
}

// Variables returns all that Variable knows.
func (s *Scope) Variables() map[string]Value {
	all := maps.Clone(s.machine.variables)
	for _, name := range []string{"__FILE__", "__PATH__", "__REPO_PREFIX__", "__REPO_REF__", "__URL_ROOT__", "__URL_PATH__", "__LINE__"} {
		if v, ok := s.Variable(name); ok {
			all[name] = v
		}
	}
	for l := s.local; l != nil; l = l.outer {
		if v, ok := s.Variable(l.name); ok {
			all[l.name] = v
		}
	}
	return all
}

// Global returns a variable that was set, or a macro as a Function.
func (s *Scope) Global(name string) (Value, bool) {
	v, ok := s.machine.globals[name]
	return v, ok
}

// Globals returns all that Global knows.
func (s *Scope) Globals() map[string]Value { return maps.Clone(s.machine.globals) }

// SetGlobal does what @set does.
func (s *Scope) SetGlobal(name string, v Value) error {
	used := s.machine.used
	v, err := normal(v)
	if err == nil {
		err = s.machine.received(v)
	}
	if err == nil {
		err = s.machine.hold(name, v, s.machine.used-used)
	}
	if err == nil {
		s.machine.globals[name] = v
	}
	return err
}

// identifier is the value of a name in an expression. A function is its own
// name, and calling that name calls it.
func (s *Scope) identifier(name string) Value {
	if name == "defined" {
		return name
	}
	v, ok := s.Variable(name)
	if !ok {
		v, ok = s.Global(name)
	}
	if !ok {
		if v, ok := s.machine.environment(name); ok {
			return v
		}
		return nil
	}
	if _, ok := v.(Function); ok {
		return name
	}
	return v
}

// function returns the function of a name.
func (s *Scope) function(name string) (Function, bool) {
	v, ok := s.Variable(name)
	if !ok {
		v, _ = s.Global(name)
	}
	f, ok := v.(Function)
	return f, ok
}
