package plugin

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// leaders are the plugins that are closed in and run. Whatever else is a child
// of ours behind the same fences is what a plugin has left behind: a process
// that has left its group, and whose parent has gone.
var leaders struct {
	sync.Mutex
	pids map[int]bool
}

// adopt makes us the parent of what plugins leave behind.
var adopt = sync.OnceFunc(func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) })

// lead starts the process as a leader.
func (c *child) lead() error {
	adopt()
	leaders.Lock()
	defer leaders.Unlock()
	if err := c.cmd.Start(); err != nil {
		return err
	}
	if leaders.pids == nil {
		leaders.pids = map[int]bool{}
	}
	leaders.pids[c.cmd.Process.Pid] = true
	return nil
}

// killOrphans ends what plugins have left behind, and what those have, which
// we become the parent of when they end.
func killOrphans() {
	leaders.Lock()
	defer leaders.Unlock()
	ours := filtersOf(os.Getpid())
	for found := true; found; {
		found = false
		for _, pid := range descendants() {
			if leaders.pids[pid] || filtersOf(pid) <= ours {
				continue
			}
			// It is our child, so that its number is nobody else's.
			_ = unix.Kill(pid, unix.SIGKILL)
			_, err := unix.Wait4(pid, nil, 0, nil)
			found = found || err == nil
		}
	}
}

// forget says that a leader has ended.
func (c *child) forget() {
	leaders.Lock()
	defer leaders.Unlock()
	delete(leaders.pids, c.cmd.Process.Pid)
}

// descendants are our children.
func descendants() []int {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	var all []int
	for _, path := range lists {
		b, _ := os.ReadFile(path)
		for word := range strings.FieldsSeq(string(b)) {
			if pid, err := strconv.Atoi(word); err == nil {
				all = append(all, pid)
			}
		}
	}
	return all
}

// filtersOf is how many filters of system calls a process has: no process gets
// rid of one.
func filtersOf(pid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := bytes.Cut(b, []byte("\nSeccomp_filters:"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return n
}
