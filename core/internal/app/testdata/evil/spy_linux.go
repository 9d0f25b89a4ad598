package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// spy looks into its host, and into what it was given.
func spy(_ context.Context, c *call) error {
	host := os.Getppid()
	proc := func(name string) string { return fmt.Sprintf("/proc/%d/%s", host, name) }
	for _, name := range []string{"environ", "mem", "maps", "auxv", "syscall", "stack", "io", "smaps", "pagemap"} {
		b, err := head(proc(name))
		c.tried(name, string(b), err)
	}
	for _, name := range []string{"fd", "map_files", "fdinfo"} {
		entries, err := os.ReadDir(proc(name))
		got := ""
		if len(entries) > 0 {
			got = entries[0].Name()
		}
		c.tried(name, got, err)
	}
	for _, name := range []string{"exe", "cwd", "root"} {
		link, err := os.Readlink(proc(name))
		c.tried(name, link, err)
	}
	// The arguments are for everybody to see; no secret may be among them.
	b, err := head(proc("cmdline"))
	c.tried("cmdline", string(bytes.ReplaceAll(b, []byte{0}, []byte{' '})), err)

	c.tried("attach", "attached", unix.PtraceAttach(host))
	c.tried("seize", "seized", unix.PtraceSeize(host))
	buffer := make([]byte, 16)
	n, err := unix.ProcessVMReadv(host, []unix.Iovec{{Base: &buffer[0], Len: 16}}, []unix.RemoteIovec{{Base: 0x400000, Len: 16}}, 0)
	c.tried("process_vm_readv", string(buffer[:max(n, 0)]), err)
	fd, err := unix.PidfdOpen(host, 0)
	if err == nil {
		_, err = unix.PidfdGetfd(fd, 0, 0)
	}
	c.tried("pidfd_getfd", "a file", err)

	// What it was given itself is three pipes, and no descriptor more.
	entries, err := os.ReadDir("/proc/self/fd")
	for _, e := range entries {
		link, _ := os.Readlink(filepath.Join("/proc/self/fd", e.Name()))
		c.tried("own fd "+e.Name(), link, err)
	}
	for _, v := range os.Environ() {
		name, value, _ := bytes.Cut([]byte(v), []byte("="))
		c.tried("own variable "+string(name), string(value), nil)
	}
	dir, err := os.Getwd()
	c.tried("folder", dir, err)
	return nil
}

func head(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, 1<<16))
}

// listen reads wherever something might be typed while the host asks for a
// password.
func listen(ctx context.Context, c *call) error {
	type heard struct {
		what string
		got  []byte
		err  error
	}
	all := make(chan heard)
	paths := map[string]string{"standard input": "/proc/self/fd/0", "standard output": "/proc/self/fd/1", "terminal": "/dev/tty", "console": "/dev/console"}
	for what, path := range paths {
		go func() {
			f, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0)
			if err != nil {
				f, err = os.Open(path)
			}
			if err != nil {
				all <- heard{what, nil, err}
				return
			}
			_, _ = f.WriteString("scribbled")
			_ = f.SetReadDeadline(time.Now().Add(2 * time.Second))
			b := make([]byte, 100)
			n, err := f.Read(b)
			all <- heard{what, b[:n], err}
		}()
	}
	answer, err := c.host.Ask(ctx, &pluginv1.AskRequest{Question: &pluginv1.AskRequest_Line{Line: &pluginv1.Line{What: "password", Hidden: true}}})
	if err != nil {
		return err
	}
	c.tried("answer", answer.GetText()+"|"+answer.GetSecret().GetHandle(), nil)
	timeout := time.After(300 * time.Millisecond)
	for range paths {
		select {
		case h := <-all:
			c.tried(h.what, string(h.got), h.err)
		case <-timeout:
			return nil
		}
	}
	return nil
}
