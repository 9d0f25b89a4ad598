// Package workshop is what the authors of plugins need of the host: the first
// files of a plugin, plugins that are used from their sources, one that waits
// for a debugger, and a check of what an executable misses of the contract.
package workshop

import (
	"path/filepath"

	"github.com/electricimp/impt/core/internal/plugin"
)

// Workshop works in a directory, and keeps what it knows in the data directory.
type Workshop struct {
	// Dir is the working directory, Data the user's for this program; "" if
	// there is none.
	Dir, Data string
	// Executable is the program's own path.
	Executable string
	// Index is the plugins that there are.
	Index *plugin.Index
	// Loading is how plugins are started and checked.
	Loading plugin.Config
}

// path is a path as the user has it, made whole.
func (w Workshop) path(p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(w.Dir, p)
}
