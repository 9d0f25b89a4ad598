//go:build amd64 || arm64

package plugin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// gate makes a plugin's connections for it: to Host, and to nothing else.
// Landlock does not see a connection to a socket that has a path, and behind
// such sockets are the user's keyring, agent and session bus, which starts
// programs. The kernel stops the plugin's call and reports it to us; we read
// the address, and connect the plugin's socket to that copy of ours, so that
// there is nothing which the plugin could change meanwhile.
type gate struct {
	listener int
	host     string
}

// question and answer are the kernel's struct seccomp_notif and
// seccomp_notif_resp.
type question struct {
	id         uint64
	pid, flags uint32
	number     int32
	arch       uint32
	at         uint64
	arguments  [6]uint64
}

type answer struct {
	id    uint64
	value int64
	errno int32
	flags uint32
}

// stillAsked is SECCOMP_IOCTL_NOTIF_ID_VALID.
const stillAsked = 0x40082102

// watch answers until no process is left behind the gate. pid returns the
// process of the plugin, as soon as it is known.
func (g *gate) watch(pid func() int) {
	defer g.shut()
	for {
		events := []unix.PollFd{{Fd: int32(g.listener), Events: unix.POLLIN}} //nolint:gosec // a descriptor
		if _, err := unix.Poll(events, -1); errors.Is(err, unix.EINTR) {
			continue
		}
		if events[0].Revents&unix.POLLIN == 0 {
			return
		}
		var q question
		if g.control(unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&q)) != nil { //nolint:gosec // the kernel writes it
			continue // whoever asked is gone
		}
		a := answer{id: q.id}
		if err := g.connect(pid(), q); err != nil {
			errno, ok := errors.AsType[unix.Errno](err)
			if !ok {
				errno = unix.EACCES
			}
			a.errno = -int32(errno)
		}
		_ = g.control(unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&a)) //nolint:gosec // the kernel reads it
	}
}

// shut closes the gate: connections fail from now on.
func (g *gate) shut() { _ = unix.Close(g.listener) }

func (g *gate) control(request uintptr, argument unsafe.Pointer) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(g.listener), request, uintptr(argument))
	if errno != 0 {
		return errno
	}
	return nil
}

// connect makes one connection, or says why not.
func (g *gate) connect(pid int, q question) error {
	if _, err := os.Stat(fmt.Sprintf("/proc/%d/task/%d", pid, q.pid)); err != nil {
		return unix.EACCES // not the plugin, but a child of it
	}
	address := make([]byte, min(q.arguments[2], unix.SizeofSockaddrUnix))
	if len(address) == 0 {
		return unix.EINVAL
	}
	ours := []unix.Iovec{{Base: &address[0]}}
	ours[0].SetLen(len(address))
	theirs := []unix.RemoteIovec{{Base: uintptr(q.arguments[1]), Len: len(address)}}
	if n, err := unix.ProcessVMReadv(int(q.pid), ours, theirs, 0); err != nil || n != len(address) {
		return unix.EFAULT
	}
	// The thread might have gone, and its number be somebody else's.
	if err := g.control(stillAsked, unsafe.Pointer(&q.id)); err != nil { //nolint:gosec // the kernel reads it
		return err
	}
	if g.host == "" || pathOf(address) != g.host {
		return unix.EACCES
	}
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(process) }()
	socket, err := unix.PidfdGetfd(process, int(int32(q.arguments[0])), 0) //nolint:gosec // a descriptor
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(socket) }()
	// It must not keep us: our listener may be slow if the plugin is quick.
	if err := giving(socket, unix.Timeval{Sec: 1}); err != nil {
		return err
	}
	defer func() { _ = giving(socket, unix.Timeval{}) }()
	return unix.Connect(socket, &unix.SockaddrUnix{Name: g.host})
}

// giving bounds how long connecting may take; zero does not.
func giving(socket int, time unix.Timeval) error {
	return unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &time)
}

// pathOf is the path in an address as the kernel reads it; "" for addresses of
// another kind.
func pathOf(address []byte) string {
	const family = 2
	if len(address) <= family || binary.NativeEndian.Uint16(address) != unix.AF_UNIX {
		return ""
	}
	path, _, _ := bytes.Cut(address[family:], []byte{0})
	return string(path)
}
