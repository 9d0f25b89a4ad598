package plugin

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// homeName is the name of the folder with this user's run directories. The
// folder for temporary files is the user's own on Windows.
func homeName() string { return "impt-runs" }

func checkPlace(place string) error {
	_, err := os.Stat(place)
	return err
}

func checkPrivate(string) error { return nil }

// lockDir locks a run directory that has just been made, or that a dead host
// has left, by a file in it that is open for writing in one process alone.
func lockDir(path string) (*os.File, error) {
	name := filepath.Join(path, "lock")
	p, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	h, err := windows.CreateFile(p, windows.GENERIC_WRITE, 0, nil, windows.OPEN_ALWAYS, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return nil, errTaken
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}

// removeLocked removes a run directory after its lock, which is in it.
func removeLocked(path string, lock *os.File) error {
	_ = lock.Close()
	return os.RemoveAll(path)
}
