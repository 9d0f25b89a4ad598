// Package project reads and writes the project file, which ties a directory to
// a device group.
package project

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

const (
	// Name of the project file in its directory.
	Name = ".impt.project"
	// Noun is what sentences call it.
	Noun = "Project"
	// DeleteCommand deletes it.
	DeleteCommand = "impt project delete"
)

// maxSize is far beyond what the file can need, in bytes.
const maxSize = 1 << 20

// File is what a project file says.
type File struct {
	// DeviceGroupID is never empty.
	DeviceGroupID string
	// DeviceFile and AgentFile are paths as the user typed them, or empty.
	DeviceFile, AgentFile string

	// unknown fields are kept, behind the known ones.
	unknown document.Object
}

const (
	groupKey  = "deviceGroupId"
	deviceKey = "deviceFile"
	agentKey  = "agentFile"
)

// Exists tells whether a directory has a project file, whatever is in it.
func Exists(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, Name))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, failure(err, "stat", Name)
}

// Read returns a directory's project file, nil if there is none. It fails with
// fault.File, and with fault.CorruptedFile when the file can be read but not
// understood.
func Read(dir string) (*File, error) {
	text, err := read(filepath.Join(dir, Name))
	if err != nil || text == nil {
		return nil, err
	}
	f, err := parse(text)
	if err != nil {
		return nil, fault.CorruptedFile(Noun, err)
	}
	return f, nil
}

var errTooLong = errors.New("reading a project file: too long")

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, failure(err, "stat", Name)
	case info.IsDir():
		// Systems differ in whether opening or reading it fails.
		return nil, fault.File(Name, "EISDIR: illegal operation on a directory, read", nil)
	case !info.Mode().IsRegular():
		// A pipe would make us wait.
		return nil, fault.CorruptedFile(Noun, errIrregular)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, failure(err, "open", Name)
	}
	defer file.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err != nil {
		return nil, failure(err, "read", "")
	}
	if len(text) > maxSize {
		return nil, fault.CorruptedFile(Noun, errTooLong)
	}
	return text, nil
}

// failure is what the user reads when the system refuses; nil if it did not.
func failure(err error, op, path string) error {
	if err == nil {
		return nil
	}
	return fault.File(Name, systext.Text(err, op, path), err)
}

var (
	errIrregular = errors.New("reading a project file: no regular file")
	errSyntax    = errors.New("reading a project file: not JSON")
	errNoGroup   = errors.New("reading a project file: no " + groupKey)
	errNoText    = errors.New("reading a project file: a path is not a text")
)

func parse(text []byte) (*File, error) {
	// Valid limits how deep a text may be nested.
	if !json.Valid(text) {
		return nil, errSyntax
	}
	o, err := document.ParseObject(text)
	if err != nil {
		return nil, err
	}
	f := &File{}
	for _, field := range o {
		switch field.Key {
		case groupKey:
			f.DeviceGroupID, _ = field.Value.(string)
		case deviceKey:
			f.DeviceFile, err = path(field.Value)
		case agentKey:
			f.AgentFile, err = path(field.Value)
		default:
			f.unknown = append(f.unknown, field)
		}
		if err != nil {
			return nil, err
		}
	}
	if f.DeviceGroupID == "" {
		return nil, errNoGroup
	}
	return f, nil
}

func path(v document.Value) (string, error) {
	s, ok := v.(string)
	if !ok && v != nil {
		return "", errNoText
	}
	return s, nil
}

func (f *File) encode() []byte {
	o := document.Object{{Key: groupKey, Value: f.DeviceGroupID}}
	if f.DeviceFile != "" {
		o = append(o, document.Field{Key: deviceKey, Value: f.DeviceFile})
	}
	if f.AgentFile != "" {
		o = append(o, document.Field{Key: agentKey, Value: f.AgentFile})
	}
	return document.EncodeIndent(append(o, f.unknown...))
}
