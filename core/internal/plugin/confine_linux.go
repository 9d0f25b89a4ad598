package plugin

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the fence of files tells apart, and by which version of Landlock.
const (
	reading   = unix.LANDLOCK_ACCESS_FS_READ_FILE
	listing   = reading | unix.LANDLOCK_ACCESS_FS_READ_DIR
	executing = reading | unix.LANDLOCK_ACCESS_FS_EXECUTE
	// noting is for a plugin's coverage.
	noting = listing | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_REMOVE_FILE
	// running is for the run's directory. go-plugin makes a file in order to
	// have a name for its socket; nothing can be written to it, see bounds.
	running = noting | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK

	allFiles = unix.LANDLOCK_ACCESS_FS_EXECUTE<<13 - 1
	// ofFiles are the rights that a file can have; the others are folders'.
	ofFiles = executing | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// system is what every plugin may read, and nobody keeps a secret in: what the
// dynamic linker and the runtimes of languages look at when they start.
var system = map[string]uint64{
	"/usr": listing, "/lib": listing, "/lib32": listing, "/lib64": listing, "/nix/store": listing, "/gnu/store": listing,
	"/etc/ld.so.cache": reading, "/etc/localtime": reading, "/etc/ssl/openssl.cnf": reading,
	"/dev/null": reading | unix.LANDLOCK_ACCESS_FS_WRITE_FILE, "/dev/zero": reading,
	"/dev/random": reading, "/dev/urandom": reading,
	"/proc/cpuinfo": reading, "/proc/meminfo": reading, "/sys/devices/system/cpu": listing,
}

// landlock is the version of Landlock that this kernel has, 0 if none.
var landlock = sync.OnceValue(func() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
})

// handled is what Landlock can keep from a plugin on this kernel.
func handled(version int) unix.LandlockRulesetAttr {
	a := unix.LandlockRulesetAttr{Handled_access_fs: allFiles}
	if version >= 2 {
		a.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		a.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 4 {
		a.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if version >= 5 {
		a.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if version >= 6 {
		a.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	return a
}

// close closes the calling thread in, for good, with whatever is started from
// it. The goroutine must be locked to the thread, and must end without
// unlocking it.
func (c *enclosure) close() (*gate, error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("giving up new privileges: %w", err)
	}
	if version := landlock(); version > 0 {
		if err := c.restrict(handled(version)); err != nil {
			return nil, err
		}
	}
	return c.filter()
}

func (c *enclosure) restrict(attr unix.LandlockRulesetAttr) error {
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0) //nolint:gosec // the kernel reads it
	if errno != 0 {
		return fmt.Errorf("making a Landlock ruleset: %w", errno)
	}
	ruleset := int(fd)
	defer func() { _ = unix.Close(ruleset) }()
	for path, access := range c.rules() {
		if err := allow(ruleset, path, access&attr.Handled_access_fs); err != nil {
			return err
		}
	}
	if _, _, errno = unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("restricting a thread by Landlock: %w", errno)
	}
	return nil
}

// rules are what the plugin may do where.
func (c *enclosure) rules() map[string]uint64 {
	all := make(map[string]uint64, len(system)+8)
	add := func(access uint64, paths ...string) {
		for _, path := range paths {
			if path != "" {
				all[path] |= access
			}
		}
	}
	for path, access := range system {
		add(access, path)
	}
	add(executing, programs(c.plugin)...)
	add(listing, c.folder)
	add(running, c.run)
	add(noting, c.cover)
	return all
}

// allow lets the plugin do something below a path. What is not there needs no
// permission.
func allow(ruleset int, path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // what we cannot open is closed to the plugin as well
	}
	defer func() { _ = unix.Close(fd) }()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return &os.PathError{Op: "stat", Path: path, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= ofFiles
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)} //nolint:gosec // a descriptor
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE,
		uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0) //nolint:gosec // the kernel reads it
	if errno != 0 {
		return &os.PathError{Op: "landlock_add_rule", Path: path, Err: errno}
	}
	return nil
}

// Confinement says what keeps plugins that do not come with the host in their
// place on this system.
func Confinement() string {
	version := landlock()
	if version == 0 && !filters() {
		return "no confinement: this kernel has neither Landlock nor seccomp"
	}
	var has []string
	if version > 0 {
		has = append(has, fmt.Sprintf("Landlock %d (no files but its own and the system's libraries", version))
		if version >= 6 {
			has[0] += "; no signals to others"
		}
		has[0] += ")"
	}
	if filters() {
		has = append(has, "seccomp (no network, no sockets but impt's, no keyrings, no debugging)")
	}
	text := strings.Join(has, ", ")
	if version == 0 {
		text += "; files are not protected: this kernel has no Landlock"
	}
	return text
}

var errNotConfined = errors.New("it cannot be confined")
