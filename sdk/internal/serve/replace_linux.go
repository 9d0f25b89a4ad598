package serve

import "golang.org/x/sys/unix"

// replace makes number another name of fd. Not every Linux has dup2.
func replace(fd, number int) error { return unix.Dup3(fd, number, 0) }
