package plugin

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Harden keeps debuggers of the same user, plugins above all, out of our
// memory. It is called once, when the program starts.
func Harden() error {
	if err := unix.PtraceDenyAttach(); err != nil {
		return fmt.Errorf("denying debuggers: %w", err)
	}
	return nil
}
