package fleet

import (
	"os"
	"syscall"
)

// peak is the most memory that a process, or the largest one that it waited
// for, had at once, in bytes.
func peak(p *os.ProcessState) int64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}
