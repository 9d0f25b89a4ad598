package app

import (
	"time"

	"github.com/electricimp/impt/core/internal/plugin"
)

// Bounded is a world in which plugins have little of everything but time to
// start.
func Bounded(w World) World {
	w.limits = plugin.Limits{
		Grace:    300 * time.Millisecond,
		Exit:     100 * time.Millisecond,
		Silence:  time.Second,
		Calls:    2000,
		Together: 32,
		Memory:   256 << 20,
	}
	return w
}

// Hasty is a world in which plugins have little time.
func Hasty(w World) World {
	w.limits = plugin.Limits{
		Describe: time.Second,
		Start:    time.Second,
		Grace:    300 * time.Millisecond,
		Exit:     100 * time.Millisecond,
	}
	return w
}
