package imp

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// side is the device or the agent.
type side struct {
	m         *Machine
	other     *side
	file      string // what stack lines call its code
	code      string
	log, err  string // types of its log lines
	vm        *squirrel.VM
	boots     int
	pending   int
	handlers  map[string]squirrel.Value
	connected squirrel.Value // the agent's device.onconnect
	saved     squirrel.Value
}

func (s *side) isAgent() bool { return s == s.m.agent }

// boot starts the side's code anew.
func (s *side) boot(ctx context.Context) {
	s.boots++
	s.pending = 0
	s.handlers, s.connected = map[string]squirrel.Value{}, squirrel.Null
	if strings.TrimSpace(s.code) == "" {
		return
	}
	s.vm = squirrel.New(squirrel.Config{
		Now: func() time.Time { return s.m.now }, Library: Library,
		MaxSteps: maxSteps, MaxMemory: maxMemory, MaxDepth: maxDepth,
	})
	s.vm.Pin(s.pin)
	s.vm.SetConst("__EI", enumeration(s.m.cfg.Info))
	s.vm.SetConst("__VARS", enumeration(s.m.cfg.Vars))
	s.define()
	vm := s.vm
	f, err := vm.Compile(s.file, s.code)
	if err == nil {
		_, err = vm.Run(ctx, f)
	}
	s.m.steps += vm.Steps()
	s.report(ctx, err)
}

// pin names what the host holds of the program.
func (s *side) pin(visit func(squirrel.Value)) {
	for _, v := range s.handlers {
		visit(v)
	}
	visit(s.connected)
	visit(s.saved)
	for _, e := range s.m.events {
		if e.on == s && e.boots == s.boots {
			for _, v := range e.holds {
				visit(v)
			}
		}
	}
}

// call calls a function of the program from the event loop.
func (s *side) call(ctx context.Context, fn squirrel.Value, args ...squirrel.Value) {
	if s.vm == nil || !fn.Callable() {
		return
	}
	vm := s.vm
	_, err := vm.Call(ctx, fn, vm.Root().Value(), args...)
	s.m.steps += vm.Steps()
	s.report(ctx, err)
}

// report logs how a call ended, as the cloud does.
func (s *side) report(ctx context.Context, err error) {
	var thrown *squirrel.Error
	var wrong *squirrel.CompileError
	switch {
	case err == nil || ctx.Err() != nil || errors.Is(err, errRestart):
	case errors.As(err, &thrown):
		s.m.emit(s.err, "ERROR: "+thrown.Text)
		for _, line := range thrown.Trace {
			s.m.emit(s.err, "ERROR:   in "+line.String())
		}
	case errors.As(err, &wrong):
		s.m.emit(s.err, "ERROR: "+wrong.Error()) // a library that does not run here
		s.vm = nil
	case errors.Is(err, squirrel.ErrOutOfMemory):
		s.vm = nil
		if s.isAgent() {
			s.m.emit(s.err, "ERROR: out of memory")
		} else {
			s.m.emit("lastexitcode", "out of memory")
		}
	case errors.Is(err, squirrel.ErrOutOfSteps):
		s.m.emit(s.err, "ERROR: the simulator has stopped a function that does not come to an end")
	default:
		s.m.emit(s.err, "ERROR: "+err.Error())
	}
}

// errRestart ends the code that has asked for a restart.
var errRestart = squirrel.Stop(errors.New("restart"))

// restart starts the side's code anew after a while.
func (s *side) restart(d time.Duration) {
	s.vm = nil
	s.boots++
	if e := s.m.after(s, d, s.boot); e != nil {
		e.starts = true
	}
}

// Check compiles the code of a side without running it. The error is a
// *squirrel.CompileError, in file unless a #line says otherwise. Any library
// may be required: the cloud has more than run here.
func Check(file, code string) error {
	anything := func(string) (string, bool) { return "", true }
	_, err := squirrel.New(squirrel.Config{Library: anything}).Compile(file, code)
	return err
}

// enumeration is a table of constants.
func enumeration(of map[string]any) squirrel.Value { return fromGo(of) }
