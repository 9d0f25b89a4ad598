package auth

import (
	"errors"
	"io/fs"

	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/fault"
)

// fileFault says what the system has against a file; shown is its path for
// messages, op what was being done.
func fileFault(shown, op string, err error) *fault.Fault {
	if p, ok := errors.AsType[*fs.PathError](err); ok && p.Op == "read" {
		return fault.File(shown, systext.Text(err, "read", ""), err)
	}
	return fault.File(shown, systext.Text(err, op, shown), err)
}
