package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// escape tries what a program of the user's can do and a stranger's plugin
// must not. text has what the tests have laid out: lines of a name, a space and
// a path or an address.
func escape(_ context.Context, c *call) error {
	at := map[string]string{}
	for line := range strings.Lines(c.text("text")) {
		name, where, _ := strings.Cut(strings.TrimSpace(line), " ")
		at[name] = where
	}
	all := attempts(at, os.Getppid())
	for _, what := range slices.Sorted(maps.Keys(all)) { // what removes files comes last
		got, err := all[what]()
		c.tried(what, got, err)
	}
	c.tried("own file", "", readable(c.script))
	c.tried("library", "", readable("/usr"))
	return nil
}

type attempt = func() (string, error)

func attempts(at map[string]string, host int) map[string]attempt {
	all := map[string]attempt{}
	for what, path := range map[string]string{
		"login": at["auth"], "key": at["ssh"], "passwords": "/etc/passwd", "temporary": at["temp"],
		"terminal": "/dev/tty", "console": "/dev/console",
		"environment of the host": fmt.Sprintf("/proc/%d/environ", host),
		"arguments of the host":   fmt.Sprintf("/proc/%d/cmdline", host),
		"status of the host":      fmt.Sprintf("/proc/%d/status", host),
	} {
		all["read "+what] = func() (string, error) {
			b, err := head(path)
			return string(b), err
		}
	}
	for what, path := range map[string]string{
		"root": "/", "home": at["home"], "processes": "/proc", "temporary files": "/tmp", "other runs": at["runs"],
	} {
		all["list "+what] = func() (string, error) {
			entries, err := os.ReadDir(path)
			return fmt.Sprint(len(entries)), err
		}
	}
	store := filepath.Join(at["store"], "impt-plugin-good")
	for what, f := range map[string]func() error{
		"write a new plugin":      func() error { return os.WriteFile(filepath.Join(at["store"], "impt-plugin-new"), nil, 0o755) },
		"write over a plugin":     func() error { return os.WriteFile(store, []byte("evil"), 0o755) },
		"write the index":         func() error { return os.WriteFile(at["index"], nil, 0o600) },
		"write in home":           func() error { return os.WriteFile(filepath.Join(at["home"], ".profile"), nil, 0o600) },
		"make a folder":           func() error { return os.Mkdir(filepath.Join(at["store"], "folder"), 0o700) },
		"link the login":          func() error { return os.Link(at["auth"], filepath.Join(at["own"], "auth")) },
		"link symbolically":       func() error { return os.Symlink(at["auth"], filepath.Join(at["own"], "symbolic")) },
		"rename a plugin":         func() error { return os.Rename(store, store+"-away") },
		"remove a plugin":         func() error { return os.Remove(store) },
		"remove another's socket": func() error { return os.Remove(at["socket"]) },
		"truncate the login":      func() error { return os.Truncate(at["auth"], 0) },
		"open up the login":       func() error { return os.Chmod(at["auth"], 0o666) },
		"forge the time":          func() error { return os.Chtimes(store, time.Unix(1, 0), time.Unix(1, 0)) },
		"give a file away":        func() error { return os.Lchown(store, os.Getuid(), os.Getgid()) },
		"mark a file":             func() error { return unix.Setxattr(at["auth"], "user.evil", []byte("x"), 0) },
		"connect to a port":       func() error { return reach("tcp", at["tcp"]) },
		"send a datagram":         func() error { return reach("udp", at["tcp"]) },
		"listen on a port":        func() error { return hearOn("tcp", "127.0.0.1:0") },
		"connect to a socket":     func() error { return reach("unix", at["bus"]) },
		"connect out of sight":    func() error { return reach("unix", "@"+at["abstract"]) },
		"send to a socket":        func() error { return sendTo(at["log"]) },
		"debug the host":          func() error { return unix.PtraceAttach(host) },
		"end the host":            func() error { return unix.Kill(host, 0) },
		"end another run":         func() error { return unix.Kill(number(at["pid"]), 0) },
		"bound the host":          func() error { return unix.Prlimit(host, unix.RLIMIT_CPU, &unix.Rlimit{Cur: 1, Max: 1}, nil) },
		"unbound itself":          func() error { return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) },
		"search a keyring":        func() error { _, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_USER_KEYRING, true); return err },
		"ask by a ring":           func() error { return systemCall(unix.SYS_IO_URING_SETUP, 1, 0, 0) },
		"make another user":       func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"hide a file":             func() error { _, err := unix.MemfdCreate("x", 0); return err },
		"share memory":            func() error { return shareMemory() },
		"start a shell":           func() error { return start("/bin/sh") },
		"start what it has made":  func() error { return start(filepath.Join(at["own"], "host")) },
	} {
		all[what] = func() (string, error) { return "done", f() }
	}
	return all
}

func readable(path string) error {
	f, err := os.Open(path)
	if err == nil {
		_ = f.Close()
	}
	return err
}

func number(s string) int {
	n := 0
	_, _ = fmt.Sscan(s, &n)
	return n
}

func reach(network, address string) error {
	conn, err := net.DialTimeout(network, address, time.Second)
	if err != nil {
		return err
	}
	_, err = conn.Write([]byte("x"))
	return errors.Join(err, conn.Close())
}

func hearOn(network, address string) error {
	l, err := net.Listen(network, address)
	if err == nil {
		_ = l.Close()
	}
	return err
}

func sendTo(path string) error {
	conn, err := net.Dial("unixgram", path)
	if err == nil {
		_ = conn.Close()
		return nil
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	return unix.Sendto(pair[0], []byte("x"), 0, &unix.SockaddrUnix{Name: path})
}

func start(path string) error {
	p, err := os.StartProcess(path, []string{path}, &os.ProcAttr{})
	if err == nil {
		_ = p.Kill()
	}
	return err
}

func systemCall(n, a, b, c uintptr) error {
	if _, _, errno := unix.Syscall(n, a, b, c); errno != 0 {
		return errno
	}
	return nil
}

// shareMemory takes memory that no limit of a process counts.
func shareMemory() error {
	_, err := unix.MmapPtr(-1, 0, nil, 1<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	return err
}
