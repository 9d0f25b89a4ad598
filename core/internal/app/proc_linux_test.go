package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// processes are the processes that were started from a file of this world.
// Those that are dead and not yet reaped are none.
func (w *world) processes() []int {
	w.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(w.t, err)
	var found []int
	for _, path := range all {
		line, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(line, []byte(w.dir+"/plugins/")) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		require.NoError(w.t, err)
		found = append(found, pid)
	}
	return found
}

// children are the processes whose parent it is, and whose arguments have a
// text: others are about to become such, or the runtime's own.
func children(t testing.TB, parent int, text string) []int {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	var found []int
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// The name in brackets may have anything in it.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) && fields[0] != "Z" {
			line, err := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			if err != nil || !bytes.Contains(line, []byte(text)) {
				continue
			}
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			require.NoError(t, err)
			found = append(found, pid)
		}
	}
	return found
}

// pidfd is a process that can be waited for, and taken for no other.
type pidfd int

func watch(t testing.TB, pid int) pidfd {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = unix.Close(fd) })
	return pidfd(fd)
}

// gone waits for the end of the process.
func (p pidfd) gone(t testing.TB, limit time.Duration) bool {
	t.Helper()
	for end := time.Now().Add(limit); ; {
		left := max(time.Until(end), 0)
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(p), Events: unix.POLLIN}}, int(left.Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		require.NoError(t, err)
		return n == 1
	}
}

// pluginFile is what the path of each plugin has.
const pluginFile = "/impt-plugin-"

// plugin is the one child of a running impt.
func (r *running) plugin() int {
	r.w.t.Helper()
	all := children(r.w.t, r.cmd.Process.Pid, pluginFile)
	require.Len(r.w.t, all, 1)
	return all[0]
}

// memory calls f with all that a process could read of its own memory and
// change, piece by piece. Pieces overlap.
func memory(pid int, f func([]byte) bool) error {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return err
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return err
	}
	defer func() { _ = mem.Close() }()
	const piece, overlap = 1 << 20, 1 << 10
	buffer := make([]byte, piece+overlap)
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		var from, to int64
		if _, err := fmt.Sscanf(fields[0], "%x-%x", &from, &to); err != nil || !strings.HasPrefix(fields[1], "rw") {
			continue
		}
		for ; from < to; from += piece {
			n, err := mem.ReadAt(buffer[:min(piece+overlap, to-from)], from)
			if n == 0 && err != nil && !errors.Is(err, io.EOF) {
				break // a mapping that nobody can read
			}
			if f(buffer[:n]) {
				return nil
			}
		}
	}
	return nil
}

// holds tells which of the texts are in the memory of a process.
func holds(pid int, texts ...string) ([]string, error) {
	var found []string
	err := memory(pid, func(b []byte) bool {
		for _, text := range texts {
			if !slices.Contains(found, text) && bytes.Contains(b, []byte(text)) {
				found = append(found, text)
			}
		}
		return len(found) == len(texts)
	})
	return found, err
}

// comesToHold waits until the memory of a process has what matches. The kernel
// has no event for that.
func comesToHold(t testing.TB, pid int, what *regexp.Regexp) {
	t.Helper()
	require.Eventually(t, func() bool {
		found := false
		err := memory(pid, func(b []byte) bool {
			found = what.Match(b)
			return found
		})
		return err == nil && found
	}, patience, 20*time.Millisecond, "the process never held %s", what)
}
