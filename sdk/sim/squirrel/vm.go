// Package squirrel is an interpreter of the language Squirrel 3.1, as imps have
// it: integers and floats of 32 bits, functions that keep what they are bound
// to. A program cannot take more memory, steps or nested calls than its Config
// allows, and reaches nothing outside but what its host defines.
package squirrel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Config is what a VM runs with. The zero Config runs programs without output,
// with the clock of the machine and the limits below.
type Config struct {
	// Print and PrintError receive what print and error write; nil discards it.
	Print, PrintError io.Writer
	// Now is the clock; nil is the machine's.
	Now func() time.Time
	// Library is the source of a library that #require names; nil knows none.
	Library func(name string) (source string, ok bool)
	// MaxDepth is how many calls may be nested (default 1000), MaxMemory about
	// how many bytes may be in use (default 64 MiB), MaxSteps how many calls
	// and jumps one Call may take (default: no limit), MaxSource how long a
	// source may be (default 1 MiB).
	MaxDepth, MaxMemory, MaxSteps, MaxSource int
}

// maxNative is how often host functions and metamethods may call back in turn.
const maxNative = 150

// stepChunk is how many steps pass between two looks at the context.
const stepChunk = 2048

// VM runs programs. It is for one goroutine at a time.
type VM struct {
	cfg     Config
	root    *Table
	consts  *Table
	types   [len(kindNames)]*Table // default delegates
	loaded  map[string]bool
	frames  []*frame
	free    []*frame
	slab    []Value // registers of the frames
	spare   []Value // a bigger slab for when this one is full
	top     int
	native  int
	chunk   int // steps until the next look at the context
	steps   int
	done    <-chan struct{}
	cause   func() error
	used    int // bytes since the last measurement
	live    int // bytes at that measurement
	random  uint32
	began   time.Time
	onError Value // of seterrorhandler
	pinned  func(visit func(Value))

	addresses map[any]int
}

// frame is a function that is running.
type frame struct {
	cl      *Closure
	regs    []Value
	pc, sp  int
	ctor    bool // its value is this
	gen     *Generator
	slab    []Value // to go back to
	slabTop int
}

// New makes a VM whose root table holds the base, math, string and blob libraries.
func New(cfg Config) *VM {
	if cfg.Print == nil {
		cfg.Print = io.Discard
	}
	if cfg.PrintError == nil {
		cfg.PrintError = io.Discard
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MaxDepth <= 0 {
		cfg.MaxDepth = 1000
	}
	if cfg.MaxMemory <= 0 {
		cfg.MaxMemory = 64 << 20
	}
	if cfg.MaxSource <= 0 {
		cfg.MaxSource = 1 << 20
	}
	vm := &VM{
		cfg: cfg, root: NewTable(), consts: NewTable(), loaded: map[string]bool{},
		addresses: map[any]int{}, slab: make([]Value, 512), chunk: stepChunk, random: 1,
	}
	vm.types, vm.began = delegates(), cfg.Now()
	vm.baseLibrary()
	return vm
}

// Root is the root table.
func (vm *VM) Root() *Table { return vm.root }

// SetConst makes a constant that the compiler knows; a table is an enumeration.
func (vm *VM) SetConst(name string, v Value) { vm.consts.SetString(name, v) }

// Pin names values that the host holds and that count as memory in use: f is
// called with what to call for each of them.
func (vm *VM) Pin(f func(visit func(Value))) { vm.pinned = f }

// Define puts a host function into a table: min to max arguments, no limit for
// a max below zero.
func Define(t *Table, name string, minArgs, maxArgs int, f NativeFunc) {
	t.SetString(name, (&Native{Name: name, Min: minArgs, Max: maxArgs, Func: f}).Value())
}

// Function is a compiled program.
type Function struct {
	proto    *proto
	requires []requirement
	files    *[]string
}

// Compile compiles a source; name is its file in messages and stack lines
// unless a #line says otherwise. Errors are *CompileError. Constants and
// enumerations are known to what the VM compiles later.
func (vm *VM) Compile(name, source string) (_ *Function, err error) {
	defer recovered(&err)
	lex := newLexer(name, source)
	if len(source) > vm.cfg.MaxSource {
		return nil, lex.errorAt(lex.pos(), "the source is too long")
	}
	fn, err := parse(lex, vm.consts)
	if err != nil {
		return nil, err
	}
	for _, r := range lex.requires {
		if vm.cfg.Library == nil {
			return nil, lex.errorAt(r.pos, fmt.Sprintf("library %q is not known", r.name))
		}
		if _, ok := vm.cfg.Library(r.name); !ok {
			return nil, lex.errorAt(r.pos, fmt.Sprintf("library %q is not known", r.name))
		}
	}
	nest := &nesting{}
	code := generate(fn, &lex.files, nest)
	if nest.wrong != nil {
		return nil, lex.errorAt(*nest.wrong, nest.text)
	}
	return &Function{code, lex.requires, &lex.files}, nil
}

// recovered turns a panic of the interpreter into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = &fatal{fmt.Errorf("%w: %v", ErrInternal, r)}
	}
}

// Run runs a program with the root table as its this, after the libraries that
// it requires and that have not run yet.
func (vm *VM) Run(ctx context.Context, f *Function) (Value, error) {
	for _, r := range f.requires {
		if vm.loaded[r.name] {
			continue
		}
		vm.loaded[r.name] = true
		source, _ := vm.cfg.Library(r.name)
		lib, err := vm.Compile(r.name, source)
		if err != nil {
			return Null, fmt.Errorf("compiling library %s: %w", r.name, err)
		}
		if _, err := vm.Run(ctx, lib); err != nil {
			return Null, err
		}
	}
	return vm.Call(ctx, vm.program(f), vm.root.Value())
}

// program is the function of a whole source.
func (vm *VM) program(f *Function) Value {
	return (&Closure{proto: f.proto, root: vm.root}).Value()
}

// Call calls a function of the VM from outside. The error is an *Error when the
// program did not catch one, wraps the context's cause when that has ended it,
// or is one of the errors of this package.
func (vm *VM) Call(ctx context.Context, fn, this Value, args ...Value) (result Value, err error) {
	depth, native, slab, top := len(vm.frames), vm.native, vm.slab, vm.top
	done, cause := vm.done, vm.cause
	defer func() {
		clear(vm.frames[depth:])
		vm.frames, vm.native, vm.slab, vm.top = vm.frames[:depth], native, slab, top
		vm.done, vm.cause = done, cause
	}()
	defer recovered(&err)
	vm.done, vm.cause = ctx.Done(), func() error { return context.Cause(ctx) }
	if depth == 0 {
		vm.steps, vm.chunk = 0, stepChunk
	}
	if ctx.Err() != nil {
		return Null, &fatal{context.Cause(ctx)}
	}
	val, err := vm.call(fn, this, args)
	var e *Error
	if depth > 0 || !vm.onError.Callable() || !errors.As(err, &e) {
		return val, err
	}
	handler := vm.onError
	return vm.call(handler, vm.root.Value(), []Value{e.Thrown})
}

// Text is the text of a value as print writes it.
func (vm *VM) Text(ctx context.Context, v Value) (s string, err error) {
	text := &Native{Name: "tostring", Func: func(c *Call) (Value, error) {
		s, err := c.VM.text(v)
		return String(s), err
	}}
	got, err := vm.Call(ctx, text.Value(), Null)
	return got.str(), err
}

// Steps is how many steps the last call from outside has taken.
func (vm *VM) Steps() int { return vm.steps + stepChunk - vm.chunk }

// Spend counts steps for what a host function does.
func (vm *VM) Spend(steps int) { vm.chunk -= steps }

// effort counts what a host function does with values of that many bytes.
func (vm *VM) effort(bytes int) { vm.chunk -= bytes / 64 }

// tick is called at every call and jump; now and then it looks whether to end.
func (vm *VM) tick() error {
	vm.steps += stepChunk - vm.chunk
	vm.chunk = stepChunk
	select {
	case <-vm.done:
		return &fatal{vm.cause()}
	default:
	}
	if vm.cfg.MaxSteps > 0 && vm.steps > vm.cfg.MaxSteps {
		return &fatal{ErrOutOfSteps}
	}
	return nil
}
