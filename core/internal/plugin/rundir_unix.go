//go:build unix

package plugin

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// homeName is the name of the folder with this user's run directories.
func homeName() string { return "impt-" + strconv.Itoa(os.Geteuid()) }

// checkPlace refuses a folder in which others may replace what is ours.
func checkPlace(place string) error {
	var st unix.Stat_t
	if err := unix.Stat(place, &st); err != nil {
		return &os.PathError{Op: "stat", Path: place, Err: err}
	}
	if st.Mode&0o022 != 0 && st.Mode&unix.S_ISVTX == 0 {
		return fmt.Errorf("%s: others may replace what is in it", place)
	}
	return nil
}

// checkPrivate refuses a folder that somebody else has made, or may enter.
func checkPrivate(home string) error {
	var st unix.Stat_t
	if err := unix.Lstat(home, &st); err != nil {
		return &os.PathError{Op: "lstat", Path: home, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR || int(st.Uid) != os.Geteuid() || st.Mode&0o077 != 0 {
		return fmt.Errorf("%s: it is not a directory of our own with mode 0700", home)
	}
	return nil
}

// lockDir locks a run directory that has just been made, or that a dead host
// has left. It fails at once when somebody else holds the lock, and when the
// directory was removed meanwhile.
func lockDir(path string) (*os.File, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	if err := lockOpened(fd, path); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func lockOpened(fd int, path string) error {
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return errTaken
	} else if err != nil {
		return &os.PathError{Op: "flock", Path: path, Err: err}
	}
	var locked, there unix.Stat_t
	if err := unix.Fstat(fd, &locked); err != nil {
		return &os.PathError{Op: "fstat", Path: path, Err: err}
	}
	if err := unix.Lstat(path, &there); err != nil || there.Ino != locked.Ino || there.Dev != locked.Dev {
		return errTaken
	}
	return nil
}

// removeLocked removes a run directory and gives up its lock, in this order,
// so that nobody else takes it for a dead host's.
func removeLocked(path string, lock *os.File) error {
	err := os.RemoveAll(path)
	_ = lock.Close()
	return err
}
