package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"aead.dev/minisign"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Packed is a new archive.
type Packed struct {
	File, SHA256, Key string
	Manifest          *Manifest
}

// Pack makes an archive of a folder that has the executables as
// <system>-<architecture>/impt-plugin-NAME, and whatever else shall go along.
// What the plugin is called and needs is asked of the executable for this
// system. keyFile has the publisher's secret key; without one the archive has
// no signature.
func (s *Store) Pack(ctx context.Context, folder, to, keyFile string, newKey bool) (*Packed, error) {
	var secret *minisign.PrivateKey
	var err error
	switch {
	case newKey:
		secret, err = s.newKey(ctx, s.absolute(keyFile))
	case keyFile != "":
		secret, err = s.secretKey(ctx, s.absolute(keyFile))
	}
	if err != nil {
		return nil, refusedToPack(keyFile, err)
	}
	p, err := s.pack(ctx, s.absolute(folder), to, secret)
	if err != nil {
		return nil, refusedToPack(folder, err)
	}
	return p, nil
}

func refusedToPack(folder string, err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	return fault.NotPacked(folder, err.Error())
}

func (s *Store) pack(ctx context.Context, folder, to string, secret *minisign.PrivateKey) (*Packed, error) {
	m, err := s.draft(ctx, folder)
	if err != nil {
		return nil, err
	}
	if secret != nil {
		public, ok := secret.Public().(minisign.PublicKey)
		if !ok {
			return nil, errors.New("the key is none of minisign's")
		}
		m.Key = public.String()
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	var signature []byte
	if secret != nil {
		comment := fmt.Sprintf("%s %s", m.ID(), m.Version)
		signature = minisign.SignWithComments(*secret, raw, comment, "signature of plugin.json")
	}
	if to == "" {
		to = fmt.Sprintf("%s-%s-%s.tar.gz", m.Vendor, m.Name, m.Version)
	}
	to = s.absolute(to)
	digest := sha256.New()
	err = writeWhole(to, ".impt-pack-*", func(file *os.File) error {
		err := writeArchive(io.MultiWriter(file, digest), m, raw, signature, func(f File) (io.ReadCloser, error) {
			return os.Open(filepath.Join(folder, filepath.FromSlash(f.Path)))
		})
		return errors.Join(err, file.Chmod(0o644))
	})
	return &Packed{File: to, SHA256: hex.EncodeToString(digest.Sum(nil)), Key: m.Key, Manifest: m}, err
}

// writeWhole makes a file of what f writes, at once or not at all. pattern is
// what the file beside it is called until then.
func writeWhole(to, pattern string, f func(*os.File) error) error {
	file, err := os.CreateTemp(filepath.Dir(to), pattern)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := errors.Join(f(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), to)
}

// draft is the manifest of a folder, without a key.
func (s *Store) draft(ctx context.Context, folder string) (*Manifest, error) {
	m := &Manifest{Format: formatNow}
	executable := ""
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if name == ManifestFile || name == SignatureFile {
			return nil
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is no plain file", name)
		}
		f := File{Path: name, System: systemOf(name)}
		info, err := d.Info()
		if err != nil {
			return err
		}
		f.Size = info.Size()
		if f.SHA256, err = digestOf(path); err != nil {
			return err
		}
		if f.System == s.System {
			executable = path
		}
		m.Files = append(m.Files, f)
		if len(m.Files) > maxFiles {
			return fmt.Errorf("it has more than %d files", maxFiles)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if executable == "" {
		return nil, fmt.Errorf("it has no executable for this system, which is to be %s/impt-plugin-NAME", strings.ReplaceAll(s.System, "/", "-"))
	}
	base := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(executable), "impt-plugin-"), ".exe")
	digest, err := digestOf(executable)
	if err != nil {
		return nil, err
	}
	declared, err := s.describeAsInstalled(ctx, m, folder, executable, base, digest)
	if err != nil {
		return nil, err
	}
	m.Vendor, m.Name, m.Version = declared.GetVendor(), declared.GetName(), declared.GetVersion()
	m.Requires, m.Needs = declared.GetRequires(), needsOf(declared)
	return m, m.check()
}

// describeAsInstalled asks an executable what it declares, with the files beside
// it that will be there when it is installed.
func (s *Store) describeAsInstalled(ctx context.Context, m *Manifest, folder, executable, base, digest string) (*pluginv1.Manifest, error) {
	dir, err := s.aside()
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	there := filepath.Join(dir, filepath.Base(executable))
	if err := copyVerified(executable, there, digest); err != nil {
		return nil, err
	}
	if err := os.Chmod(there, 0o700); err != nil { //nolint:gosec // it is to be executed
		return nil, err
	}
	for _, f := range m.Files {
		if f.System != "" {
			continue
		}
		path := filepath.FromSlash(f.Path)
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(path)), folderMode); err != nil {
			return nil, err
		}
		if err := copyVerified(filepath.Join(folder, path), filepath.Join(dir, path), f.SHA256); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return s.Describe(ctx, there, base, digest)
}

// systemOf reads linux-amd64/impt-plugin-NAME; other files are for all systems.
func systemOf(path string) string {
	dir, base, ok := strings.Cut(path, "/")
	if !ok || !strings.HasPrefix(base, "impt-plugin-") || strings.Contains(base, "/") {
		return ""
	}
	system := strings.Replace(dir, "-", "/", 1)
	if !isSystem(system) {
		return ""
	}
	return system
}

const maxKeyFile = 4 << 10

// secretKey reads a key file of minisign's, with its password if it has one.
func (s *Store) secretKey(ctx context.Context, file string) (*minisign.PrivateKey, error) {
	b, err := readFile(file, maxKeyFile)
	if err != nil {
		return nil, err
	}
	key := &minisign.PrivateKey{}
	if !minisign.IsEncrypted(b) {
		return key, key.UnmarshalText(b)
	}
	password, err := s.Password(ctx)
	if err != nil {
		return nil, err
	}
	if *key, err = minisign.DecryptKey(password, b); err != nil {
		return nil, errors.New("the password of the key file is wrong")
	}
	return key, nil
}

// newKey makes a key file, and beside it FILE.pub with the public key. The
// password may be empty.
func (s *Store) newKey(ctx context.Context, file string) (*minisign.PrivateKey, error) {
	if exists(file) {
		return nil, errors.New("the key file is there already, and is not replaced")
	}
	password, err := s.Password(ctx)
	if err != nil {
		return nil, err
	}
	public, secret, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	text, err := secret.MarshalText()
	if err == nil && password != "" {
		text, err = minisign.EncryptKey(password, secret)
	}
	if err != nil {
		return nil, err
	}
	open, err := public.MarshalText()
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Replace(file, append(slices.Clone(text), '\n'), atomicfile.Private); err != nil {
		return nil, err
	}
	return &secret, atomicfile.Replace(file+".pub", append(open, '\n'), 0)
}

// packed makes the archive of a folder that has a manifest, as an archive that
// was unpacked.
func (s *Store) packed(w io.Writer, folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	raw, err := readIn(root, ManifestFile, maxManifest)
	if err != nil {
		return fmt.Errorf("it is no folder of a plugin: %w", err)
	}
	signature, err := readIn(root, SignatureFile, maxSignature)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	m, err := parseManifest(raw)
	if err != nil {
		return err
	}
	return writeArchive(w, m, raw, signature, func(f File) (io.ReadCloser, error) {
		path := filepath.FromSlash(f.Path)
		info, err := root.Lstat(path)
		switch {
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular() || info.Size() != f.Size:
			return nil, fmt.Errorf("%s is not the file that its manifest says", f.Path)
		}
		return root.Open(path)
	})
}

func readIn(root *os.Root, name string, limit int64) ([]byte, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("%s is no plain file, or too large", name)
	}
	return root.ReadFile(name)
}
