package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/sdk/fault"
)

// state is what is installed. It is one file, replaced at once or not at all,
// and all that a start reads of the store.
type state struct {
	Format int `json:"format"`
	// Keys are the pinned keys by vendor.
	Keys map[string]string `json:"keys,omitempty"`
	// Plugins by vendor/name.
	Plugins map[string]*Installed `json:"plugins,omitempty"`
	// Dates are the newest dates of the indexes that were read.
	Dates map[string]time.Time `json:"dates,omitempty"`
}

// Installed is a plugin of the store.
type Installed struct {
	// Active is the version that is started, Previous what rollback returns to.
	Active   string              `json:"active"`
	Previous string              `json:"previous,omitempty"`
	Grants   Grants              `json:"grants,omitempty"`
	Versions map[string]*Version `json:"versions"`
}

// Version is one version of a plugin in the store.
type Version struct {
	Level Level `json:"level"`
	// Key is the publisher's; empty for an unsigned one.
	Key string `json:"key,omitempty"`
	// Source is where it came from, as update looks for it.
	Source string `json:"source"`
	// Archive is the SHA-256 of the archive, Binary that of the executable.
	Archive string `json:"archive"`
	Binary  string `json:"binary"`
	Needs   Grants `json:"needs,omitempty"`
}

const (
	stateName  = "state.json"
	maxState   = 4 << 20
	folderMode = 0o700
)

func (s *Store) stateFile() string { return filepath.Join(s.Dir, stateName) }

// read returns the state; an empty one without a file.
func (s *Store) read() (*state, error) {
	empty := &state{Format: formatNow, Keys: map[string]string{}, Plugins: map[string]*Installed{}, Dates: map[string]time.Time{}}
	if s.Dir == "" {
		return empty, nil
	}
	b, err := readFile(s.stateFile(), maxState)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err == nil {
		err = decode(b, empty)
	}
	if err == nil {
		err = empty.check()
	}
	if err != nil {
		return nil, &fault.Fault{
			Kind:     fault.CorruptedFileKind,
			Sentence: fmt.Sprintf("The list of installed plugins, %s, cannot be used.", s.stateFile()),
			Hints:    []string{"Delete it and install them again; nothing else depends on it."},
			Cause:    err,
		}
	}
	return empty, nil
}

// check holds the file to what a path may be made of, though we wrote it.
func (t *state) check() error {
	if t.Format != formatNow {
		return fmt.Errorf("format %d is not known", t.Format)
	}
	for name, p := range t.Plugins {
		if _, err := ParseID(name); err != nil {
			return err
		}
		if p == nil || p.Versions[p.Active] == nil || p.Previous != "" && p.Versions[p.Previous] == nil {
			return fmt.Errorf("a version of %s is missing", name)
		}
		for version, v := range p.Versions {
			if !isVersion(version) || v == nil || !isDigest(v.Binary) {
				return fmt.Errorf("version %.60q of %s cannot be used", version, name)
			}
		}
	}
	return nil
}

func (s *Store) write(t *state) error {
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the list of plugins: %w", err)
	}
	return atomicfile.Replace(s.stateFile(), append(b, '\n'), atomicfile.Private)
}

// names are the plugins in order.
func (t *state) names() []string { return slices.Sorted(maps.Keys(t.Plugins)) }

// find returns the plugin that was typed: vendor/name, or a name that only one
// vendor has.
func (t *state) find(typed string) (ID, *Installed, error) {
	if id, err := ParseID(typed); err == nil && t.Plugins[typed] != nil {
		return id, t.Plugins[typed], nil
	}
	for _, name := range t.names() {
		if id, err := ParseID(name); err == nil && id.Name == typed {
			return id, t.Plugins[name], nil
		}
	}
	return ID{}, nil, fault.NoPlugin(typed)
}

// folder is where a version lies.
func (s *Store) folder(id ID, version string) string {
	return filepath.Join(s.Dir, id.Vendor, id.Name, version)
}

// readHead reads the manifest in a folder, and its signature; nil without one.
func readHead(folder string) (manifest, signature []byte, err error) {
	if manifest, err = readFile(filepath.Join(folder, ManifestFile), maxManifest); err != nil {
		return nil, nil, err
	}
	signature, err = readFile(filepath.Join(folder, SignatureFile), maxSignature)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return manifest, signature, err
}

// readFile reads a small file that is no link.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", path)
	case info.Size() > limit:
		return nil, fmt.Errorf("%s has %d bytes", path, info.Size())
	}
	return os.ReadFile(path)
}
