package store

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// LockFile is what a team keeps beside its sources: which plugins it uses,
// exactly. One archive has the executables of all systems, so the file is the
// same whoever writes it.
const LockFile = "impt-plugins.lock"

type lock struct {
	Format  int                `json:"format"`
	Plugins map[string]*Locked `json:"plugins"`
}

// Locked is one plugin of a lock file.
type Locked struct {
	Version string `json:"version"`
	Source  string `json:"source"`
	// SHA256 is that of the archive, Binaries those of the executables.
	SHA256   string            `json:"sha256"`
	Binaries map[string]string `json:"binaries"`
	// Key is the publisher's; empty for a plugin without a signature.
	Key    string `json:"key,omitempty"`
	Grants Grants `json:"grants,omitempty"`

	id ID
}

const maxLock = 1 << 20

func (s *Store) lockFile() string { return filepath.Join(s.WorkDir, LockFile) }

func parseLock(b []byte) (*lock, error) {
	l := &lock{}
	if err := decode(b, l); err != nil {
		return nil, err
	}
	if l.Format != formatNow {
		return nil, fmt.Errorf("format %d is not known", l.Format)
	}
	for name, p := range l.Plugins {
		id, err := ParseID(name)
		if err != nil {
			return nil, err
		}
		if p == nil || !isVersion(p.Version) || !isDigest(p.SHA256) || len(p.Binaries) == 0 {
			return nil, fmt.Errorf("the entry of %s cannot be used", name)
		}
		if p.Key != "" {
			if _, err := publicKey(p.Key); err != nil {
				return nil, err
			}
		}
		if err := p.Grants.check(); err != nil {
			return nil, err
		}
		p.id = id
	}
	return l, nil
}

// readLock returns the lock file; nil if there is none.
func (s *Store) readLock() (*lock, error) {
	b, err := readFile(s.lockFile(), maxLock)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var l *lock
	if err == nil {
		l, err = parseLock(b)
	}
	if err != nil {
		return nil, &fault.Fault{Kind: fault.CorruptedFileKind, Sentence: fmt.Sprintf("The lock file %s cannot be used.", LockFile), Cause: err}
	}
	return l, nil
}

// matches tells whether a manifest is the locked one. The archive's digest says
// so too; a lock file whose parts contradict each other was tampered with.
func (p *Locked) matches(m *Manifest) error {
	switch {
	case m.ID() != p.id || m.Version != p.Version:
		return fmt.Errorf("the lock file has %s %s, the archive %s %s", p.id, p.Version, m.ID(), m.Version)
	case m.Key != p.Key:
		return errors.New("the lock file has another key of its publisher than the archive")
	case !maps.Equal(m.binaries(), p.Binaries):
		return errors.New("the lock file has other executables than the archive")
	case len(m.Needs.Beyond(p.Grants)) > 0 || len(p.Grants.Beyond(m.Needs)) > 0:
		return errors.New("the lock file grants other things than the archive needs")
	}
	return nil
}

// relock writes what is installed of one plugin into the lock file, if there is
// one or if it shall be made.
func (s *Store) relock(t *state, id ID, create bool) error {
	l, err := s.readLock()
	if err != nil || l == nil && !create {
		return err
	}
	if l == nil {
		l = &lock{Format: formatNow}
	}
	if l.Plugins == nil {
		l.Plugins = map[string]*Locked{}
	}
	if p := t.Plugins[id.String()]; p == nil {
		delete(l.Plugins, id.String())
	} else {
		m, err := s.manifestOf(id, p.Active)
		if err != nil {
			return err
		}
		v := p.Versions[p.Active]
		l.Plugins[id.String()] = &Locked{
			Version: p.Active, Source: s.portable(v.Source), SHA256: v.Archive,
			Binaries: m.binaries(), Key: v.Key, Grants: m.Needs.tidy(),
		}
	}
	b, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Replace(s.lockFile(), append(b, '\n'), 0)
}

// portable is a source as it means the same to others: a path below the
// directory of the lock file becomes relative.
func (s *Store) portable(source string) string {
	at, name, index := strings.Cut(source, "#")
	if !filepath.IsAbs(at) {
		return source
	}
	relative, err := filepath.Rel(s.WorkDir, at)
	if err != nil || !filepath.IsLocal(relative) {
		return source
	}
	relative = "./" + filepath.ToSlash(relative)
	if index {
		return relative + "#" + name
	}
	return relative
}

func (s *Store) manifestOf(id ID, version string) (*Manifest, error) {
	raw, err := readFile(filepath.Join(s.folder(id, version), ManifestFile), maxManifest)
	if err != nil {
		return nil, err
	}
	return parseManifest(raw)
}

// InstallFrozen installs exactly what the lock file has, out of the cache, out
// of a bundle if one is named, and else from where it came from. The lock file
// is what the team has agreed to, so nobody is asked.
func (s *Store) InstallFrozen(ctx context.Context, bundle string, o Options) ([]*pluginv1.InstalledPlugin, error) {
	if bundle != "" {
		if err := s.unbundle(ctx, s.absolute(bundle)); err != nil {
			return nil, refused(bundle, err)
		}
	}
	l, err := s.readLock()
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, fault.NoFileHere(LockFile)
	}
	var all []*pluginv1.InstalledPlugin
	for _, name := range slices.Sorted(maps.Keys(l.Plugins)) {
		p := l.Plugins[name]
		id, err := s.frozen(ctx, p, o)
		if err != nil {
			return all, fault.Halfway(refused(name, err), updated(all), nil)
		}
		t, err := s.read()
		if err != nil {
			return all, err
		}
		all = append(all, s.about(id, t.Plugins[id.String()]))
	}
	return all, nil
}

func (s *Store) frozen(ctx context.Context, p *Locked, o Options) (ID, error) {
	t, err := s.read()
	if err != nil {
		return ID{}, err
	}
	if known := t.Plugins[p.id.String()]; known != nil && known.Active == p.Version {
		v := known.Versions[p.Version]
		if v.Archive == p.SHA256 && v.Key == p.Key && s.verify(p.id, p.Version, v) == nil {
			if m, err := s.manifestOf(p.id, p.Version); err == nil {
				return p.id, p.matches(m)
			}
		}
	}
	from, err := s.again(p.Source)
	if err != nil {
		return ID{}, err
	}
	// The archive is the one with the digest, whatever the source has now.
	from.version = p.Version
	return s.install(ctx, wanted{from: from, locked: p, only: p.id}, o)
}

// Bundle writes one file with the lock file and every archive of it, for a
// machine without a network.
func (s *Store) Bundle(ctx context.Context, to string) (string, []string, error) {
	l, err := s.readLock()
	if err != nil {
		return "", nil, err
	}
	if l == nil {
		return "", nil, fault.NoFileHere(LockFile)
	}
	dir, err := s.aside()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	to = s.absolute(to)
	names := slices.Sorted(maps.Keys(l.Plugins))
	err = writeWhole(to, ".impt-bundle-*", func(file *os.File) error {
		out := tar.NewWriter(file)
		err := addFile(out, LockFile, s.lockFile())
		for i, name := range names {
			if err != nil {
				break
			}
			err = s.addArchive(ctx, out, filepath.Join(dir, fmt.Sprint(i)), l.Plugins[name])
		}
		return errors.Join(err, out.Close())
	})
	if err != nil {
		return "", nil, refused(to, err)
	}
	return to, names, nil
}

func (s *Store) addArchive(ctx context.Context, out *tar.Writer, dir string, p *Locked) error {
	if err := os.Mkdir(dir, folderMode); err != nil {
		return err
	}
	from, err := s.again(p.Source)
	if err != nil {
		return err
	}
	from.version = p.Version
	f, _, err := s.fetch(ctx, from, dir, p.SHA256)
	if err != nil {
		return err
	}
	return addFile(out, p.SHA256+".tar.gz", f.path)
}

func addFile(out *tar.Writer, name, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err == nil {
		err = out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: info.Size(), Mode: 0o644, Format: tar.FormatUSTAR})
	}
	if err == nil {
		_, err = io.Copy(out, file)
	}
	return err
}

// unbundle puts the archives of a bundle into the cache, each under the digest
// that it has, and its lock file here if there is none.
func (s *Store) unbundle(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if s.Cache == "" {
		return errors.New("there is no folder to unpack it to")
	}
	if err := os.MkdirAll(filepath.Join(s.Cache, "archives"), folderMode); err != nil {
		return err
	}
	in := tar.NewReader(&patient{ctx, file})
	for range maxFiles {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is no bundle: %w", err)
		}
		digest, archive := strings.CutSuffix(h.Name, ".tar.gz")
		switch {
		case h.Typeflag != tar.TypeReg:
			return fmt.Errorf("%.60q in the bundle is no plain file", h.Name)
		case h.Name == LockFile && h.Size <= maxLock:
			err = s.adoptLock(in)
		case archive && isDigest(digest):
			if !exists(s.archiveIn(digest)) {
				err = writeVerified(in, s.archiveIn(digest), digest)
			}
		default:
			err = fmt.Errorf("%.60q does not belong into a bundle", h.Name)
		}
		if err != nil {
			return err
		}
	}
	return errors.New("it has too many files")
}

func (s *Store) adoptLock(in io.Reader) error {
	b, err := io.ReadAll(in)
	if err == nil {
		_, err = parseLock(b)
	}
	if err != nil || exists(s.lockFile()) {
		return err
	}
	return atomicfile.Replace(s.lockFile(), b, 0)
}
