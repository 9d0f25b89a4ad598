//go:build unix

package plugin

// overTCP tells that go-plugin's plugins listen on a TCP port, which needs TLS
// to be private.
const overTCP = false
