//go:build unix

package systext

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func name(number syscall.Errno) string { return unix.ErrnoName(number) }
