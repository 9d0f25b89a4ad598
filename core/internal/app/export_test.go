package app

import (
	"time"

	"github.com/electricimp/impt/core/internal/plugin"
)

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
