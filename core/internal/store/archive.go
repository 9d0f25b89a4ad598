package store

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// An archive is a .tar.gz: the manifest, its signature, and then the files that
// the manifest lists, each once, in any order, and nothing else. What is
// written depends on the manifest alone, which is verified before: an entry's
// own name is only compared.

const (
	// maxArchive is the size of the largest archive.
	maxArchive = 512 << 20
)

// opened is an archive whose head has been read and believed.
type opened struct {
	manifest *Manifest
	// raw and signature are as they came.
	raw, signature []byte
	level          Level

	entries *tar.Reader
	zipped  *gzip.Reader
	rest    *bufio.Reader
	next    *tar.Header
}

// open reads the head of an archive. Nothing is written, and nothing of the
// manifest is used until trust has decided.
func open(ctx context.Context, r io.Reader, trust func(m *Manifest, raw, signature []byte) (Level, error)) (*opened, error) {
	// Through a reader of bytes the unzipper takes no more than its own.
	in := bufio.NewReader(&patient{ctx, r})
	zipped, err := gzip.NewReader(in)
	if err != nil {
		return nil, notAnArchive(err)
	}
	// One member alone: what follows is looked at in the end.
	zipped.Multistream(false)
	// The head of a bomb is as large as an archive may be.
	a := &opened{zipped: zipped, rest: in, entries: tar.NewReader(io.LimitReader(zipped, maxTotal+maxArchive))}
	if a.raw, err = a.head(ManifestFile, maxManifest); err != nil {
		return nil, err
	}
	if a.raw == nil {
		return nil, notAnArchive(errors.New("its first file is not " + ManifestFile))
	}
	if a.signature, err = a.head(SignatureFile, maxSignature); err != nil {
		return nil, err
	}
	if a.manifest, err = parseManifest(a.raw); err != nil {
		return nil, err
	}
	a.level, err = trust(a.manifest, a.raw, a.signature)
	return a, err
}

func notAnArchive(err error) error { return fmt.Errorf("it is no archive of a plugin: %w", err) }

// head returns the content of the next entry if it has that name, else nil.
func (a *opened) head(name string, limit int64) ([]byte, error) {
	h, err := a.peek()
	if err != nil || h == nil || h.Name != name {
		return nil, err
	}
	a.next = nil
	if h.Size > limit {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", name, h.Size, limit)
	}
	b, err := io.ReadAll(a.entries)
	if err != nil {
		return nil, notAnArchive(err)
	}
	return b, nil
}

// peek returns the next entry without taking it; nil at the end.
func (a *opened) peek() (*tar.Header, error) {
	if a.next != nil {
		return a.next, nil
	}
	h, err := a.entries.Next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, notAnArchive(err)
	case h.Typeflag != tar.TypeReg:
		return nil, fmt.Errorf("%.60q in the archive is no plain file", h.Name)
	}
	if err := checkPath(h.Name); err != nil {
		return nil, err
	}
	a.next = h
	return h, nil
}

// unpack reads all files, compares each with the manifest, and writes the
// executable for the system, and those for none, below a folder that is ours.
func (a *opened) unpack(into *os.Root, system string) error {
	left := map[string]File{}
	for _, f := range a.manifest.Files {
		left[f.Path] = f
	}
	for {
		h, err := a.peek()
		if err != nil {
			return err
		}
		if h == nil {
			break
		}
		a.next = nil
		f, ok := left[h.Name]
		if !ok {
			return fmt.Errorf("%.60q is in the archive and not in its manifest, or twice in the archive", h.Name)
		}
		delete(left, h.Name)
		if err := a.file(into, f, h, system); err != nil {
			return err
		}
	}
	for name := range left {
		return fmt.Errorf("%s is missing in the archive", name)
	}
	return a.end()
}

func (a *opened) file(into *os.Root, f File, h *tar.Header, system string) error {
	if h.Size != f.Size {
		return fmt.Errorf("%s has %d bytes and not %d as its manifest says", f.Path, h.Size, f.Size)
	}
	to := io.Discard
	if f.System == "" || f.System == system {
		file, err := a.create(into, f)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		to = file
	}
	digest := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, digest), io.LimitReader(a.entries, f.Size)); err != nil {
		return fmt.Errorf("unpacking %s: %w", f.Path, err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != f.SHA256 {
		return fmt.Errorf("%s is another file than its manifest says: SHA-256 %s and not %s; it was changed or damaged on its way, or replaced after it was published", f.Path, got, f.SHA256)
	}
	if file, ok := to.(*os.File); ok {
		return errors.Join(file.Sync(), file.Close())
	}
	return nil
}

func (a *opened) create(into *os.Root, f File) (*os.File, error) {
	mode := os.FileMode(0o600)
	if f.System != "" {
		mode = 0o700
	}
	if i := strings.LastIndexByte(f.Path, '/'); i > 0 {
		if err := into.MkdirAll(f.Path[:i], folderMode); err != nil {
			return nil, err
		}
	}
	return into.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// end makes sure that nothing but padding follows.
func (a *opened) end() error {
	if n, err := io.Copy(io.Discard, io.LimitReader(a.zipped, 1<<20)); err != nil || n == 1<<20 {
		return notAnArchive(errors.Join(err, errEnd))
	}
	if _, err := a.rest.ReadByte(); !errors.Is(err, io.EOF) {
		return notAnArchive(errEnd)
	}
	return nil
}

var errEnd = errors.New("something follows its end")

// patient gives up when the context does.
type patient struct {
	ctx context.Context //nolint:containedctx // a reader has no other place for it
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, context.Cause(p.ctx)
	}
	return p.r.Read(b)
}

// writeArchive writes an archive; content returns the bytes of each file. The
// same files make the same archive.
func writeArchive(w io.Writer, m *Manifest, raw, signature []byte, content func(File) (io.ReadCloser, error)) error {
	zipped := gzip.NewWriter(w)
	out := tar.NewWriter(zipped)
	put := func(name string, size int64, mode int64, r io.Reader) error {
		err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: mode, Format: tar.FormatUSTAR})
		if err == nil {
			_, err = io.Copy(out, r)
		}
		return err
	}
	err := put(ManifestFile, int64(len(raw)), 0o644, bytes.NewReader(raw))
	if err == nil && len(signature) > 0 {
		err = put(SignatureFile, int64(len(signature)), 0o644, bytes.NewReader(signature))
	}
	for _, f := range m.Files {
		if err != nil {
			break
		}
		mode := int64(0o644)
		if f.System != "" {
			mode = 0o755
		}
		var r io.ReadCloser
		if r, err = content(f); err == nil {
			err = put(f.Path, f.Size, mode, r)
			_ = r.Close()
		}
	}
	return errors.Join(err, out.Close(), zipped.Close())
}
