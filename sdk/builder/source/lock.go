package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// lockVersion is the version of lock files that this package writes.
const lockVersion = 1

// Lock makes builds repeatable: it says exactly which remote sources and
// variables one was made of. The zero Lock is empty; a nil one has nothing.
type Lock struct {
	// Variables are those that were passed to the build.
	Variables map[string]any

	sources map[string]Locked
	order   []string // of the references, as they were added
}

// Locked is a source as it was.
type Locked struct {
	// ID is the git blob (GitHub) or the commit (other repositories); empty
	// for plain URLs.
	ID string `json:"id,omitempty"`
	// SHA256 is of the text that was included, in hexadecimal digits; empty
	// if the lock was made by the peer.
	SHA256 string `json:"sha256,omitempty"`
}

// lockFile is how our own lock is written. Fields that later versions add are
// none of ours.
type lockFile struct {
	Version   int               `json:"version"`
	Sources   map[string]Locked `json:"sources"`
	Variables map[string]any    `json:"variables"`
}

func (l *Lock) find(reference string) (Locked, bool) {
	if l == nil {
		return Locked{}, false
	}
	e, found := l.sources[reference]
	return e, found
}

// GetVariables are the variables of a lock that may be nil.
func (l *Lock) GetVariables() map[string]any {
	if l == nil {
		return nil
	}
	return l.Variables
}

// Add locks a source, or changes how it is locked.
func (l *Lock) Add(reference string, e Locked) {
	if l.sources == nil {
		l.sources = map[string]Locked{}
	}
	if _, found := l.sources[reference]; !found {
		l.order = append(l.order, reference)
	}
	l.sources[reference] = e
}

// Get returns how a source is locked.
func (l *Lock) Get(reference string) (Locked, bool) { return l.find(reference) }

// References are the locked sources, in the order in which they were added.
func (l *Lock) References() []string {
	if l == nil {
		return nil
	}
	return slices.Clone(l.order)
}

// Merge adds what another lock has. Where both have something, the other's is
// taken.
func (l *Lock) Merge(other *Lock) {
	for _, reference := range other.References() {
		l.Add(reference, other.sources[reference])
	}
	if other != nil && other.Variables != nil {
		l.Variables = MergeVariables(l.Variables, other.Variables)
	}
}

// Encode is the lock as our own file: the same bytes for the same lock.
func (l *Lock) Encode() ([]byte, error) {
	f := lockFile{Version: lockVersion, Sources: map[string]Locked{}, Variables: map[string]any{}}
	if l != nil {
		maps.Copy(f.Sources, l.sources)
		maps.Copy(f.Variables, l.Variables)
	}
	return encode(f)
}

// ParseLock reads what Encode wrote.
func ParseLock(data []byte) (*Lock, error) {
	var f lockFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("reading the lock: %w", err)
	}
	if f.Version != lockVersion {
		return nil, fmt.Errorf("version %d of locks is not known", f.Version)
	}
	l := &Lock{Variables: f.Variables}
	for _, reference := range slices.Sorted(maps.Keys(f.Sources)) {
		l.Add(reference, f.Sources[reference])
	}
	return l, nil
}

// ReadLock reads a lock file of ours.
func ReadLock(file string) (*Lock, error) {
	data, err := read("lock", file)
	if err != nil {
		return nil, err
	}
	l, err := ParseLock(data)
	if err != nil {
		return nil, unusable("lock", file, err)
	}
	return l, nil
}

// Write writes a lock file of ours at once.
func (l *Lock) Write(file string) error {
	data, err := l.Encode()
	if err != nil {
		return unsaved(file, err)
	}
	return save(file, append(data, '\n'))
}

func read(which, file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, missing(which, file, err)
	case err != nil:
		return nil, unusable(which, file, errors.New(why(err)))
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil
}

func save(file string, data []byte) error {
	if err := replace(file, data); err != nil {
		return unsaved(file, errors.New(why(err)))
	}
	return nil
}

// encode is JSON as the peer writes it.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
