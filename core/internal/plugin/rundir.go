package plugin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// runDir is the directory of one run: both sockets are in it, and it is the
// plugin's working directory. It is locked for as long as we live, so that a
// later start knows whose directory nobody needs any more.
type runDir struct {
	path string
	lock *os.File
}

const (
	// nameLength is how long the name of a run directory is. The names of
	// all run directories are random, so that none is used twice.
	nameLength = 8
	// socketRoom is what the longest socket's name adds to the path:
	// go-plugin's is /plugin and ten digits.
	socketRoom = len("/plugin") + 10
	// attempts are made to get a directory that nobody takes away from us
	// before it is locked.
	attempts = 16
)

// newRunDir makes the directory of one run at the first place that will do,
// and removes those there that dead hosts have left.
func newRunDir(places []string) (*runDir, error) {
	var problems []error
	for _, place := range places {
		d, err := makeRunDir(place)
		if err == nil {
			return d, nil
		}
		problems = append(problems, err)
	}
	return nil, noRunDirectory(errors.Join(problems...))
}

// places are the folders that may hold run directories, the best first. One
// whose path has other characters than a plugin's author expects of an address
// is a last resort.
func (e Environment) places() []string {
	all := []string{e.RuntimeDir, e.TempDir}
	if runtime.GOOS != "windows" {
		all = append(all, "/tmp", "/dev/shm")
	}
	var plain, odd []string
	for _, place := range all {
		switch {
		case place == "" || !filepath.IsAbs(place):
		case strings.ContainsFunc(filepath.ToSlash(place), isOdd):
			odd = append(odd, place)
		default:
			plain = append(plain, place)
		}
	}
	return append(plain, odd...)
}

func isOdd(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/._-:+@", r)
}

// makeRunDir makes a run directory in our own folder within place.
func makeRunDir(place string) (*runDir, error) {
	home := filepath.Join(place, homeName())
	if limit := socketLimit - socketRoom - nameLength - 1; len(home) > limit {
		return nil, fmt.Errorf("%s: a socket's path would be longer than the %d bytes that the system allows", place, socketLimit)
	}
	if err := checkPlace(place); err != nil {
		return nil, err
	}
	var err error
	for range attempts {
		var d *runDir
		if d, err = tryRunDir(home); err == nil {
			d.removeOthers()
			return d, nil
		}
		// Another host has removed what we made, in good faith, before
		// we had locked it.
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errTaken) {
			break
		}
	}
	return nil, fmt.Errorf("making a run directory: %w", err)
}

var errTaken = errors.New("the directory was taken away")

func tryRunDir(home string) (*runDir, error) {
	if err := os.Mkdir(home, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := checkPrivate(home); err != nil {
		return nil, err
	}
	path := filepath.Join(home, strings.ToLower(rand.Text()[:nameLength]))
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(path)
	if err != nil {
		_ = os.Remove(path)
		return nil, err
	}
	return &runDir{path, lock}, nil
}

// remove removes the directory with all that is in it.
func (d *runDir) remove() error {
	err := removeLocked(d.path, d.lock)
	// The folder goes as well, unless another run needs it.
	_ = os.Remove(filepath.Dir(d.path))
	if err != nil {
		return fmt.Errorf("removing the run directory: %w", err)
	}
	return nil
}

// removeOthers removes the run directories whose hosts are gone, which is
// what nobody holding the lock means. What cannot be removed is left for the
// next start.
func (d *runDir) removeOthers() {
	home := filepath.Dir(d.path)
	entries, err := os.ReadDir(home)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(home, e.Name())
		if !e.IsDir() || path == d.path {
			continue
		}
		if lock, err := lockDir(path); err == nil {
			_ = removeLocked(path, lock)
		}
	}
}
