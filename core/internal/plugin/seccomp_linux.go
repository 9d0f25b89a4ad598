//go:build amd64 || arm64

package plugin

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Where a filter finds what is asked of the kernel: struct seccomp_data.
const (
	atNumber    = 0
	atArch      = 4
	atArguments = 16
)

const (
	pass = unix.SECCOMP_RET_ALLOW
	// report asks the host; see gate.
	report = unix.SECCOMP_RET_USER_NOTIF
	// deny says EACCES, as Landlock does, and as a firewall would.
	deny = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
	// absent is what programs take for an older kernel, and do without.
	absent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	// x32 marks the numbers of another ABI, by which one could get around.
	x32 = 0x40000000
)

// refused are the calls that a plugin never needs, and that reach what Landlock
// does not guard.
var refused = append([]uint32{
	// Other processes, and the secrets that the kernel keeps for the user.
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD, unix.SYS_KCMP,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_PERF_EVENT_OPEN, unix.SYS_BPF,
	// The attributes of files, which Landlock leaves to whoever owns them.
	unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT, unix.SYS_TRUNCATE,
	unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR, unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR,
	unix.SYS_FREMOVEXATTR, unix.SYS_UTIMENSAT,
	// Another view of the system.
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSMOUNT, unix.SYS_USERFAULTFD,
	// Memory that no limit counts.
	unix.SYS_SETRLIMIT, unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET, unix.SYS_SHMGET, unix.SYS_MQ_OPEN,
}, refusedHere...)

// rules is a filter under construction. Jumps are counted by it alone.
type rules []bpf.Instruction

// on decides about one call, by number, as the body says.
func (r *rules) on(number uint32, body ...bpf.Instruction) {
	*r = append(*r, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: number, SkipTrue: uint8(len(body))}) //nolint:gosec // a handful
	*r = append(*r, body...)
}

func decide(how uint32) bpf.Instruction { return bpf.RetConstant{Val: how} }

// argument loads the lower half of an argument: what is looked at below are
// numbers and flags, of which the kernel takes no more.
func argument(n uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: atArguments + 8*n, Size: 4} }

// upper loads the upper half, for addresses.
func upper(n uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: atArguments + 8*n + 4, Size: 4} }

// filterProgram is what of the kernel is left to a plugin. guarded has connects
// reported.
func filterProgram(guarded bool) ([]unix.SockFilter, error) {
	r := &rules{
		bpf.LoadAbsolute{Off: atArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: auditArch, SkipTrue: 1},
		decide(deny),
		bpf.LoadAbsolute{Off: atNumber, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: x32, SkipTrue: 1},
		decide(deny),
	}
	for _, number := range refused {
		r.on(number, decide(deny))
	}
	// Connections are made, and not addressed anew with each message.
	for _, number := range []uint32{unix.SYS_SOCKET, unix.SYS_SOCKETPAIR} {
		r.on(number,
			argument(0), bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.AF_UNIX, SkipTrue: 4},
			argument(1), bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xf},
			bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SOCK_STREAM, SkipTrue: 1},
			decide(pass), decide(deny))
	}
	r.on(unix.SYS_IO_URING_SETUP, decide(absent))
	// Its flags cannot be seen; clone does as well.
	r.on(unix.SYS_CLONE3, decide(absent))
	r.on(unix.SYS_CLONE,
		argument(0), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: newNamespaces, SkipTrue: 1}, decide(pass), decide(deny))
	// Its limits are set by us, and those of others are none of its business.
	r.on(unix.SYS_PRLIMIT64,
		argument(0), bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 5},
		argument(2), bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 3},
		upper(2), bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 1},
		decide(pass), decide(deny))
	const anonymous = unix.MAP_SHARED | unix.MAP_ANONYMOUS
	r.on(unix.SYS_MMAP,
		argument(3), bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: anonymous},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: anonymous, SkipTrue: 1}, decide(pass), decide(deny))
	if guarded {
		r.on(unix.SYS_CONNECT, decide(report))
	}
	*r = append(*r, decide(pass))
	return assembled(*r)
}

const newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET |
	unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

func assembled(r []bpf.Instruction) ([]unix.SockFilter, error) {
	raw, err := bpf.Assemble(r)
	if err != nil {
		return nil, fmt.Errorf("assembling the filter of system calls: %w", err)
	}
	program := make([]unix.SockFilter, len(raw))
	for i, in := range raw {
		program[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return program, nil
}

// The filters are the same for each start.
var (
	guardedFilter = sync.OnceValues(func() ([]unix.SockFilter, error) { return filterProgram(true) })
	plainFilter   = sync.OnceValues(func() ([]unix.SockFilter, error) { return filterProgram(false) })
)

// filters tells whether the kernel filters system calls.
var filters = sync.OnceValue(func() bool {
	action := uint32(unix.SECCOMP_RET_ERRNO)
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action))) //nolint:gosec // the kernel reads it
	return errno == 0
})

// guards tells whether the host may look at what its plugins connect to. On
// some systems nobody may look at any other process.
var guards = sync.OnceValue(func() bool {
	action := uint32(report)
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action))) //nolint:gosec // the kernel reads it
	scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	return errno == 0 && (err != nil || strings.TrimSpace(string(scope)) <= "1")
})

// filter takes system calls away from the calling thread. It returns the gate
// through which connections go, nil if they are not guarded.
func (c *enclosure) filter() (*gate, error) {
	if !filters() {
		return nil, nil //nolint:nilnil // there is no such fence
	}
	guarded := guards()
	program, err := plainFilter()
	var flags uintptr
	if guarded {
		program, err = guardedFilter()
		flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	}
	if err != nil {
		return nil, err
	}
	fd, err := apply(program, flags)
	if guarded && errors.Is(err, unix.EINVAL) {
		// A kernel before 5.19.
		fd, err = apply(program, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER)
	}
	if err != nil || !guarded {
		return nil, err
	}
	return &gate{listener: fd, host: c.host}, nil
}

func apply(program []unix.SockFilter, flags uintptr) (int, error) {
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}                                              //nolint:gosec // a few dozen
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&p))) //nolint:gosec // the kernel reads it
	if errno != 0 {
		return -1, fmt.Errorf("filtering system calls: %w", errno)
	}
	return int(fd), nil
}
