package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	// ManifestFile is the first file of an archive.
	ManifestFile = "plugin.json"
	// SignatureFile is the second if it is signed.
	SignatureFile = ManifestFile + ".minisig"

	formatNow     = 1
	maxManifest   = 256 << 10
	maxSignature  = 4 << 10
	maxFiles      = 128
	maxFileSize   = 256 << 20
	maxTotal      = 1 << 30
	maxGrantCount = 64
)

// Manifest says what is in an archive. It is signed, and has the digest of
// every file.
type Manifest struct {
	Format  int    `json:"format"`
	Vendor  string `json:"vendor"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// Key is the publisher's public key in minisign's form; empty in an archive
	// without a signature.
	Key string `json:"key,omitempty"`
	// Requires are the features of impt that it cannot do without.
	Requires []string `json:"requires,omitempty"`
	// Needs is what its commands declare, all in all.
	Needs Grants `json:"needs,omitempty"`
	Files []File `json:"files"`
}

// File is a file of an archive. One with a system is the executable for that.
type File struct {
	Path   string `json:"path"`
	System string `json:"system,omitempty"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// ID is who publishes what.
func (m *Manifest) ID() ID { return ID{m.Vendor, m.Name} }

// executable is the file for a system, such as linux/amd64.
func (m *Manifest) executable(system string) (File, bool) {
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.System == system })
	if i < 0 {
		return File{}, false
	}
	return m.Files[i], true
}

// binaries are the digests of the executables by their systems.
func (m *Manifest) binaries() map[string]string {
	all := map[string]string{}
	for _, f := range m.Files {
		if f.System != "" {
			all[f.System] = f.SHA256
		}
	}
	return all
}

func parseManifest(b []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := decode(b, m); err != nil {
		return nil, fmt.Errorf("%s cannot be understood: %w", ManifestFile, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s cannot be used: %w", ManifestFile, err)
	}
	return m, nil
}

func (m *Manifest) check() error {
	switch {
	case m.Format != formatNow:
		return fmt.Errorf("format %d is not known; a newer impt may know it", m.Format)
	case !isName(m.Vendor):
		return fmt.Errorf("%.60q is no name of a vendor", m.Vendor)
	case !isName(m.Name):
		return fmt.Errorf("%.60q is no name of a plugin", m.Name)
	case !isVersion(m.Version):
		return fmt.Errorf("%.60q is no version", m.Version)
	case len(m.Files) == 0 || len(m.Files) > maxFiles:
		return fmt.Errorf("it has %d files", len(m.Files))
	case len(m.Requires) > maxGrantCount:
		return fmt.Errorf("it requires %d features", len(m.Requires))
	}
	if err := m.Needs.check(); err != nil {
		return err
	}
	// Names that differ by their case alone are one file on many systems.
	paths, systems := map[string]bool{ManifestFile: true, SignatureFile: true}, map[string]bool{}
	total := int64(0)
	for _, f := range m.Files {
		folded := strings.ToLower(f.Path)
		switch err := checkPath(f.Path); {
		case err != nil:
			return err
		case paths[folded]:
			return fmt.Errorf("the path %q occurs twice", f.Path)
		case f.Size < 0 || f.Size > maxFileSize:
			return fmt.Errorf("%s has %d bytes", f.Path, f.Size)
		case !isDigest(f.SHA256):
			return fmt.Errorf("the digest of %s is none", f.Path)
		case f.System != "" && (!isSystem(f.System) || systems[f.System]):
			return fmt.Errorf("the system %.60q occurs twice, or is none", f.System)
		}
		paths[folded] = true
		systems[f.System] = f.System != ""
		total += f.Size
	}
	if total > maxTotal {
		return fmt.Errorf("its files have %d bytes", total)
	}
	return nil
}

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && s == strings.ToLower(s)
}

func isSystem(s string) bool {
	system, arch, ok := strings.Cut(s, "/")
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	return ok && system != "" && arch != "" && len(s) <= maxName &&
		strings.Trim(system, letters) == "" && strings.Trim(arch, letters) == ""
}

// decode reads one JSON text strictly: nothing unknown, nothing twice, nothing
// after it. What two readers could understand differently is not signed by
// anybody in his right mind.
func decode(b []byte, into any) error {
	if err := onceEach(json.NewDecoder(bytes.NewReader(b)), 0); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows its end")
	}
	return nil
}

// deepest is how deep values may be nested.
const deepest = 16

// onceEach reads a value and refuses keys that occur twice, be it in another
// case: encoding/json takes one for the other.
func onceEach(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	delimiter, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	if depth > deepest {
		return errors.New("it is nested too deep")
	}
	var seen []string
	for d.More() {
		if delimiter == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if slices.ContainsFunc(seen, func(s string) bool { return strings.EqualFold(s, name) }) {
				return fmt.Errorf("the key %.60q occurs twice", name)
			}
			// Nor is a key taken for one that is spelt otherwise.
			if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" && name != strings.ToLower(name) {
				return fmt.Errorf("the key %.60q is not known", name)
			}
			seen = append(seen, name)
		}
		if err := onceEach(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}
