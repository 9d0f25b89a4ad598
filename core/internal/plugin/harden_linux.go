package plugin

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Harden keeps other processes of the same user, plugins above all, out of our
// memory and of /proc/<pid>/environ. Root is not kept out. It is called once,
// when the program starts.
func Harden() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("making the process undumpable: %w", err)
	}
	return nil
}
