package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// chatter never stops calling.
func chatter(_ context.Context, c *call) error {
	for {
		_, _ = c.host.Progress(context.Background(), &pluginv1.ProgressRequest{})
	}
}

// crowd calls without waiting for answers.
func crowd(_ context.Context, c *call) error {
	for range 1000 {
		go func() { _, _ = c.host.AwaitInterrupt(context.Background(), &pluginv1.AwaitInterruptRequest{}) }()
	}
	forever()
	return nil
}

// glutton takes all the memory that there is.
func glutton(ctx context.Context, c *call) error {
	var all [][]byte
	for {
		b := make([]byte, 16<<20)
		for i := 0; i < len(b); i += os.Getpagesize() {
			b[i] = byte(len(all))
		}
		all = append(all, b)
		_, _ = c.host.Progress(ctx, &pluginv1.ProgressRequest{}) // it is not silent
	}
}

// hoard asks for pages and does not read them.
func hoard(_ context.Context, c *call) error {
	_, err := c.host.Collect(context.Background(), &pluginv1.CollectRequest{Type: "product"})
	if err != nil {
		return err
	}
	forever()
	return nil
}

// garble sends what is no call: half a frame, and nothing any more.
func garble(ctx context.Context, c *call) error {
	for range 4 {
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", c.group.host)
		if err != nil {
			return err
		}
		_, _ = conn.Write([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\x00"))
	}
	forever()
	return nil
}

// flee leaves a child that is in no group of its parent's, nor in its session.
func flee(ctx context.Context, c *call) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	p, err := os.StartProcess(self, []string{self, c.beside("impt-plugin-hangs")}, &os.ProcAttr{Sys: &unix.SysProcAttr{Setsid: true}})
	if err != nil {
		return err
	}
	_ = c.say(ctx, "fled "+strconv.Itoa(p.Pid))
	if c.text("text") == "exit" {
		os.Exit(0)
	}
	return nil
}

// gape opens as many files as it can.
func gape(_ context.Context, c *call) error {
	var all []*os.File
	defer func() {
		for _, f := range all {
			_ = f.Close()
		}
	}()
	for range 100_000 {
		f, err := os.Open("/dev/null")
		if err != nil {
			c.tried("open", strconv.Itoa(len(all)), nil)
			c.tried("end", "", err)
			return nil
		}
		all = append(all, f)
	}
	return nil
}

// swarm asks how many processes and how much memory it may have.
func swarm(_ context.Context, c *call) error {
	for what, resource := range map[string]int{"processes": unix.RLIMIT_NPROC, "memory": unix.RLIMIT_DATA, "core": unix.RLIMIT_CORE} {
		var r unix.Rlimit
		err := unix.Getrlimit(resource, &r)
		c.tried(what, fmt.Sprint(r.Cur, " ", r.Max), err)
	}
	var info unix.Sysinfo_t
	c.tried("running", strconv.Itoa(int(info.Procs)), unix.Sysinfo(&info))
	return nil
}

// deny makes calls that are denied, with a secret and codes in them.
func deny(ctx context.Context, c *call) error {
	for range 100 {
		_, err := c.host.ReadFile(ctx, &pluginv1.ReadFileRequest{Path: paint + c.text("text")})
		c.tried("read", "", err)
	}
	for i := range 1000 {
		_, _ = c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: strings.Repeat("x", 1000) + strconv.Itoa(i), Identifier: "x"})
	}
	return nil
}
