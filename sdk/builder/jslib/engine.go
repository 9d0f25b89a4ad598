package jslib

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// engine runs JavaScript. All of it runs in one goroutine at a time: that of the
// outermost run, which may call Go, which may call JavaScript again.
type engine struct {
	vm     *goja.Runtime
	common *goja.Object // what all objects have
	log    func(line string)
	limits

	inside  bool // whether a run goes on
	stopped atomic.Pointer[error]
}

// limits are what JavaScript may use up.
type limits struct {
	time   time.Duration // left
	memory uint64
	before uint64 // memory in use when it began
}

const (
	// lookEvery is how often the limits are looked at.
	lookEvery = 5 * time.Millisecond
	// grace is how long JavaScript has to stop. What does not is within a function
	// of the engine's, such as the search with a regular expression, which cannot
	// be stopped.
	grace = 50 * time.Millisecond
)

var (
	errTime   = &Error{Message: "Libraries run too long, possible endless loop?"}
	errMemory = &Error{Message: "Libraries use too much memory"}
)

// run calls f, which runs JavaScript, and stops it at a limit. F may go on after
// that, so what it finds is handed over and not shared.
func run[T any](e *engine, cancelled <-chan struct{}, f func() (T, error)) (T, error) {
	var none T
	if why := e.stopped.Load(); why != nil {
		return none, *why
	}
	if e.inside {
		return f()
	}
	e.inside = true
	done := make(chan result[T], 1)
	go func() { done <- guarded(f) }()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	began := time.Now()
	defer func() { e.time -= time.Since(began) }()
	var why error
	for why == nil {
		select {
		case r := <-done:
			e.inside = false
			return r.value, r.err
		case <-cancelled:
			why = context.Canceled
		case <-look.C:
			if time.Since(began) > e.time {
				why = errTime
			} else if e.tooMuch() {
				why = errMemory
			}
		}
	}
	e.stopped.Store(&why)
	e.vm.Interrupt(why)
	// What does not end is left alone: all it can do is to take time and memory
	// until the process ends.
	select {
	case <-done:
		e.inside = false
	case <-time.After(grace):
	}
	return none, why
}

// result is what a run has come to.
type result[T any] struct {
	value T
	err   error
}

// guarded turns a panic of the engine into an error.
func guarded[T any](f func() (T, error)) (r result[T]) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			r.err = p
		default:
			r.err = fmt.Errorf("the JavaScript engine failed: %v", p)
		}
	}()
	r.value, r.err = f()
	return r
}

// tooMuch tells whether too much memory is in use, even without what is only
// waiting to be collected.
func (e *engine) tooMuch() bool {
	most := e.before + e.memory
	if inUse() < most {
		return false
	}
	runtime.GC()
	return inUse() >= most
}

// inUse is the memory of all objects and stacks.
func inUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}

const preludeName = "prelude.js"

//go:embed prelude.js
var prelude string

// prepare makes what libraries find in their world.
func (e *engine) prepare() error {
	e.vm.SetMaxCallStackSize(deepestCalls)
	e.vm.SetParserOptions(parser.WithDisableSourceMaps) // they would be read from files
	e.common = e.vm.GlobalObject().Prototype()
	set, err := e.vm.RunScript(preludeName, prelude)
	if err != nil {
		return err
	}
	f, _ := goja.AssertFunction(set)
	_, err = f(goja.Undefined(), e.vm.ToValue(e.memory/4), e.vm.ToValue(e.print))
	return err
}

func (e *engine) print(line string) {
	if e.log != nil {
		e.log(line)
	}
}
