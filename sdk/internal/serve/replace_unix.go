//go:build unix && !linux

package serve

import "golang.org/x/sys/unix"

// replace makes number another name of fd.
func replace(fd, number int) error { return unix.Dup2(fd, number) }
