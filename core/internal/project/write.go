package project

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/electricimp/impt/core/internal/atomicfile"
)

// Write replaces a directory's project file, at once or not at all. A link is
// followed, and a file that exists keeps its permissions. It fails with
// fault.File.
func Write(dir string, f *File) error {
	err := atomicfile.Replace(filepath.Join(dir, Name), f.encode(), 0)
	return failure(err, "open", Name)
}

// Remove deletes a directory's project file. That there is none is no failure.
func Remove(dir string) error {
	err := os.Remove(filepath.Join(dir, Name))
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return failure(err, "unlink", Name)
}
