// Package configfile reads and writes the JSON objects that commands keep in
// the working directory: the project file, and what other groups keep there.
package configfile

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// maxSize is far beyond what such a file can need, in bytes.
const maxSize = 1 << 20

// File is one configuration file.
type File struct {
	// Dir is its directory, Name its name there.
	Dir, Name string
	// Noun is what sentences call it, for example "Project".
	Noun string
}

var (
	errTooLong   = errors.New("reading a configuration file: too long")
	errIrregular = errors.New("reading a configuration file: no regular file")
	errSyntax    = errors.New("reading a configuration file: not JSON")
)

func (f File) path() string { return filepath.Join(f.Dir, f.Name) }

// Read returns what the file says; exists is false if there is none. It fails
// with fault.File, and with fault.CorruptedFile when the file can be read but
// is no JSON object.
func (f File) Read() (o document.Object, exists bool, err error) {
	text, err := f.read()
	if err != nil || text == nil {
		return nil, false, err
	}
	// Valid limits how deep a text may be nested.
	if !json.Valid(text) {
		return nil, false, f.Corrupted(errSyntax)
	}
	if o, err = document.ParseObject(text); err != nil {
		return nil, false, f.Corrupted(err)
	}
	return o, true, nil
}

// Corrupted says that the file cannot be understood.
func (f File) Corrupted(cause error) error { return fault.CorruptedFile(f.Noun, cause) }

func (f File) read() ([]byte, error) {
	info, err := os.Stat(f.path())
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, f.failure(err, "stat", f.Name)
	case info.IsDir():
		// Systems differ in whether opening or reading it fails.
		return nil, fault.File(f.Name, "EISDIR: illegal operation on a directory, read", nil)
	case !info.Mode().IsRegular():
		// A pipe would make us wait.
		return nil, f.Corrupted(errIrregular)
	}
	file, err := os.Open(f.path())
	if err != nil {
		return nil, f.failure(err, "open", f.Name)
	}
	defer file.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err != nil {
		return nil, f.failure(err, "read", "")
	}
	if len(text) > maxSize {
		return nil, f.Corrupted(errTooLong)
	}
	return text, nil
}

// Write replaces the file, at once or not at all. A link is followed, and a
// file that exists keeps its permissions. It fails with fault.File.
func (f File) Write(o document.Object) error {
	return f.failure(atomicfile.Replace(f.path(), document.EncodeIndent(o), 0), "open", f.Name)
}

// Try finds out whether Write could replace the file, and leaves no trace of
// that.
func (f File) Try() error {
	text, err := f.read()
	if fault.Is(err, fault.CorruptedFileKind) {
		return nil // whoever goes on replaces it
	}
	if err != nil {
		return err
	}
	err = f.failure(atomicfile.Replace(f.path(), text, 0), "open", f.Name)
	if err == nil && text == nil {
		err = f.Remove()
	}
	return err
}

// Remove deletes the file. That there is none is no failure.
func (f File) Remove() error {
	if info, err := os.Lstat(f.path()); err == nil && info.IsDir() {
		return fault.File(f.Name, "EISDIR: illegal operation on a directory, unlink", nil)
	}
	err := os.Remove(f.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return f.failure(err, "unlink", f.Name)
}

// failure is what the user reads when the system refuses; nil if it did not.
func (f File) failure(err error, op, path string) error {
	if err == nil {
		return nil
	}
	return fault.File(f.Name, systext.Text(err, op, path), err)
}
