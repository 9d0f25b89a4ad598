//go:build linux || darwin || freebsd

package plugin

import "net"

// control calls f with the number of the connection, or not at all.
func control(conn *net.UnixConn, f func(fd int)) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { f(int(fd)) })
}
