// Package project reads and writes the project file, which ties a directory to
// a device group.
package project

import (
	"errors"

	"github.com/electricimp/impt/core/internal/configfile"
	"github.com/electricimp/impt/sdk/document"
)

const (
	// Name of the project file in its directory.
	Name = ".impt.project"
	// Noun is what sentences call it.
	Noun = "Project"
	// DeleteCommand deletes it.
	DeleteCommand = "impt project delete"
)

// File is what a project file says.
type File struct {
	// DeviceGroupID is never empty.
	DeviceGroupID string
	// DeviceFile and AgentFile are paths as the user typed them, or empty.
	DeviceFile, AgentFile string
	// Preprocess says whether and how code is preprocessed: whatever the file
	// says there, nil if nothing.
	Preprocess document.Value

	// all is the whole content, with what is not known here.
	all document.Object
}

const (
	groupKey  = "deviceGroupId"
	deviceKey = "deviceFile"
	agentKey  = "agentFile"

	preprocessKey = "preprocess"
)

func at(dir string) configfile.File {
	return configfile.File{Dir: dir, Name: Name, Noun: Noun}
}

// Read returns a directory's project file, nil if there is none. It fails with
// fault.File, and with fault.CorruptedFile when the file can be read but not
// understood.
func Read(dir string) (*File, error) {
	o, exists, err := at(dir).Read()
	if err != nil || !exists {
		return nil, err
	}
	f, err := understand(o)
	if err != nil {
		return nil, at(dir).Corrupted(err)
	}
	return f, nil
}

// Write replaces a directory's project file, at once or not at all. A link is
// followed, and a file that exists keeps its permissions. It fails with
// fault.File.
func Write(dir string, f *File) error { return at(dir).Write(f.object()) }

// Try finds out whether Write could replace a directory's project file, which
// stays as it is.
func Try(dir string) error { return at(dir).Try() }

// Remove deletes a directory's project file. That there is none is no failure.
func Remove(dir string) error { return at(dir).Remove() }

var (
	errNoGroup = errors.New("reading a project file: no " + groupKey)
	errNoText  = errors.New("reading a project file: a path is not a text")
)

func understand(o document.Object) (*File, error) {
	f := &File{DeviceGroupID: o.Text(groupKey), all: o}
	if f.DeviceGroupID == "" {
		return nil, errNoGroup
	}
	for key, path := range map[string]*string{deviceKey: &f.DeviceFile, agentKey: &f.AgentFile} {
		v, _ := o.Get(key)
		text, ok := v.(string)
		if !ok && v != nil {
			return nil, errNoText
		}
		*path = text
	}
	f.Preprocess, _ = o.Get(preprocessKey)
	return f, nil
}

// object is what the file shall say: what it said before, each member in its
// place, and what is new at the end.
func (f *File) object() document.Object {
	o := append(document.Object{}, f.all...)
	for _, m := range []document.Field{
		{Key: groupKey, Value: f.DeviceGroupID}, {Key: deviceKey, Value: f.DeviceFile}, {Key: agentKey, Value: f.AgentFile},
	} {
		if o.Text(m.Key) != m.Value {
			o.Set(m.Key, m.Value)
		}
	}
	return o
}
