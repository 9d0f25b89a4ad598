package jslib

import (
	"cmp"
	"context"
	"time"

	"github.com/dop251/goja"
)

// Library is a file with a CommonJS module.
type Library struct {
	// Name is its path, with slashes.
	Name string
	Text string
}

// Settings are what libraries may do.
type Settings struct {
	// Log is told each line that a library writes to the console. Nil: nobody is.
	Log func(line string)
	// Time is how long the code of libraries may run altogether, with what it
	// calls; default 10 seconds.
	Time time.Duration
	// Memory is by how many bytes the memory in use may grow from now on while
	// that code runs; default 128 MiB.
	Memory int
}

const (
	defaultTime   = 10 * time.Second
	defaultMemory = 128 << 20
	// longest is how many bytes the text of a library may have.
	longest = 4 << 20
	// deepestCalls is how many functions may have been called and not returned.
	deepestCalls = 4000
)

// Load runs libraries, in their order, and returns what they export, for
// builder.Settings.Libraries: of two things with one name it is the latter. What
// is wrong in a library is an *Error.
//
// What they export keeps its state from build to build. It must not be used by
// two builds at a time.
func Load(ctx context.Context, libraries []Library, s Settings) (map[string]any, error) {
	e := &engine{
		vm:  goja.New(),
		log: s.Log,
		limits: limits{
			time:   cmp.Or(s.Time, defaultTime),
			memory: uint64(cmp.Or(s.Memory, defaultMemory)), //nolint:gosec // not negative
			before: inUse(),
		},
	}
	return run(e, ctx.Done(), func() (map[string]any, error) {
		if err := e.prepare(); err != nil {
			return nil, err
		}
		return e.exports(libraries)
	})
}
