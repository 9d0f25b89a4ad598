package plugin

import (
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// maxFiles is how many files a stranger's plugin may have open.
	maxFiles = 512
	// maxProcesses is how many processes and threads more there may be of the
	// user's than there are on the system when the plugin starts.
	maxProcesses = 512
)

// bounds are what the kernel counts for a plugin that is closed in.
type bounds struct {
	memory uint64
	writes bool // files, for its coverage
}

func (l Limits) bounds(e Environment) bounds { return bounds{l.Memory, e.CoverDir != ""} }

// set sets the limits of a process that has just begun.
func (b bounds) set(pid int) error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE: 0,
		// What it has written to. Runtimes reserve much more than that.
		unix.RLIMIT_DATA:   b.memory,
		unix.RLIMIT_NOFILE: maxFiles,
	}
	if !b.writes {
		limits[unix.RLIMIT_FSIZE] = 0
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		limits[unix.RLIMIT_NPROC] = uint64(info.Procs) + maxProcesses
	}
	for resource, limit := range limits {
		var now unix.Rlimit
		err := unix.Prlimit(pid, resource, nil, &now)
		if err == nil {
			limit = min(limit, now.Max)
			err = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: limit, Max: limit}, nil)
		}
		if errors.Is(err, unix.ESRCH) {
			return nil // it has ended already
		}
		if err != nil {
			return fmt.Errorf("limiting the plugin: %w", err)
		}
	}
	return nil
}

// peak is how many bytes of memory the process has had at most; 0 while it
// runs.
func (c *child) peak() uint64 {
	select {
	case <-c.exited:
	default:
		return 0
	}
	usage, ok := c.state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return uint64(usage.Maxrss) << 10 //nolint:gosec // not negative
}
