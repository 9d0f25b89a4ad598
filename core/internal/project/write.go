package project

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Write replaces a directory's project file, at once or not at all. A link is
// followed, and a file that exists keeps its permissions. It fails with
// fault.File.
func Write(dir string, f *File) error {
	target, err := follow(filepath.Join(dir, Name))
	if err != nil {
		return failure(err, "open", Name)
	}
	mode, err := permissions(target)
	if err != nil {
		return failure(err, "open", Name)
	}
	return replace(target, f.encode(), mode)
}

// permissions returns those of a file, 0 if there is none. A file that must
// not be written is refused, though it could be replaced.
func permissions(path string) (os.FileMode, error) {
	file, err := os.OpenFile(path, os.O_WRONLY, 0) //nolint:gosec // the user's own directory
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // nothing is written
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}

// replace writes a new file beside target and lets it take target's place.
// Without a mode the file gets what the user's files get.
func replace(target string, content []byte, mode os.FileMode) (err error) {
	temporary := filepath.Join(filepath.Dir(target), fmt.Sprintf("%s.%s", Name, rand.Text()))
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // no secret
	if err != nil {
		return failure(err, "open", Name)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary)
		}
	}()
	if err := fill(file, content, mode); err != nil {
		return failure(err, "write", "")
	}
	if err := os.Rename(temporary, target); err != nil {
		return failure(err, "rename", Name)
	}
	return nil
}

func fill(file *os.File, content []byte, mode os.FileMode) error {
	_, err := file.Write(content)
	if err == nil && mode != 0 {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// maxLinks is how many links Linux follows.
const maxLinks = 40

// follow returns what a path means after all links, also if that is not there.
func follow(path string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // not a link, or nothing
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", syscall.ELOOP
}

// Remove deletes a directory's project file. That there is none is no failure.
func Remove(dir string) error {
	err := os.Remove(filepath.Join(dir, Name))
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return failure(err, "unlink", Name)
}
