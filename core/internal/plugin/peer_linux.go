package plugin

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// own tells whether the caller runs as our own user.
func own(conn *net.UnixConn) bool {
	uid := -1
	control(conn, func(fd int) {
		if c, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			uid = int(c.Uid)
		}
	})
	return uid == os.Geteuid()
}
