// Package atomicfile replaces files so that nobody ever reads half of one, and
// a crash leaves the old one.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Private is the mode of files that hold secrets.
const Private fs.FileMode = 0o600

// Replace gives a file another content, at once or not at all. A symbolic link
// stays, and its target is replaced. The new file gets mode; with mode 0 it
// keeps the mode of the old one, or gets what the user's new files get.
func Replace(file string, content []byte, mode fs.FileMode) error {
	target, err := follow(file)
	if err != nil {
		return err
	}
	if mode == 0 {
		if mode, err = modeOf(target); err != nil {
			return err
		}
	}
	temp, err := create(target, mode)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			// Where there is nothing to overwrite, that nothing may be made says more.
			if overErr := overwrite(target, content); !errors.Is(overErr, fs.ErrNotExist) {
				return overErr
			}
		}
		return fmt.Errorf("making a new file: %w", err)
	}
	err = fill(temp, content)
	if err == nil {
		err = rename(temp.Name(), target)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		if errors.Is(err, syscall.EBUSY) {
			return overwrite(target, content)
		}
	}
	return err
}

// modeOf is the mode of an existing file, 0 if there is none. A file that must
// not be written is refused, although it could be replaced.
func modeOf(file string) (fs.FileMode, error) {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	return info.Mode().Perm(), errors.Join(err, f.Close())
}

// create makes a new file beside target. Mode 0 is what the user's files get.
func create(target string, mode fs.FileMode) (*os.File, error) {
	temp, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".new-*")
	if err != nil || mode == Private {
		return temp, err
	}
	if mode == 0 {
		// CreateTemp makes private files; only a file made with 0666 tells
		// what the user's umask leaves.
		name := temp.Name()
		if err := errors.Join(temp.Close(), os.Remove(name)); err != nil {
			return nil, err
		}
		return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // no secret
	}
	if err := temp.Chmod(mode); err != nil {
		return nil, errors.Join(err, temp.Close(), os.Remove(temp.Name()))
	}
	return temp, nil
}

func fill(f *os.File, content []byte) error {
	_, err := f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing the new file: %w", err)
	}
	return nil
}

// overwrite is for a file that may be written in a directory that may not, and
// for one that is a mount of its own, as in containers. It is not made if it
// is absent.
func overwrite(file string, content []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return fmt.Errorf("opening the file: %w", err)
	}
	return fill(f, content)
}

// maxLinks is how many links Linux follows.
const maxLinks = 40

// follow returns the file behind symbolic links; it need not exist.
func follow(file string) (string, error) {
	for range maxLinks {
		next, err := os.Readlink(file)
		if err != nil {
			return file, nil //nolint:nilerr // it is no link
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(file), next)
		}
		file = next
	}
	return "", &fs.PathError{Op: "open", Path: file, Err: syscall.ELOOP}
}
