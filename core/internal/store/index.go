package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/fault"
)

// An index is one JSON file that lists archives: in a folder, at an address, or
// in a git repository. It says nothing that is believed but the digests of
// archives, whose manifests are signed.
type catalogue struct {
	Format int `json:"format"`
	// Date tells a newer index from an older one.
	Date    time.Time `json:"date"`
	Plugins []entry   `json:"plugins"`
}

// entry is one version of a plugin.
type entry struct {
	Vendor  string    `json:"vendor"`
	Name    string    `json:"name"`
	Version string    `json:"version"`
	Date    time.Time `json:"date"`
	// URL of the archive, absolute or relative to the index.
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
	// Binaries are the digests of the executables by their systems.
	Binaries map[string]string `json:"binaries,omitempty"`
}

const (
	indexName  = "index.json"
	maxIndex   = 16 << 20
	maxEntries = 20000
)

func parseCatalogue(b []byte) (*catalogue, error) {
	c := &catalogue{}
	if err := decode(b, c); err != nil {
		return nil, fmt.Errorf("the index cannot be understood: %w", err)
	}
	if c.Format != formatNow || len(c.Plugins) > maxEntries {
		return nil, fmt.Errorf("the index has format %d and %d entries", c.Format, len(c.Plugins))
	}
	for _, e := range c.Plugins {
		if !isName(e.Vendor) || !isName(e.Name) || !isVersion(e.Version) || !isDigest(e.SHA256) {
			return nil, fmt.Errorf("the index has an entry that cannot be used: %.60q", e.Vendor+"/"+e.Name+"@"+e.Version)
		}
	}
	return c, nil
}

// find returns the version that is wanted: the newest release without one, or
// the one with a digest that is known.
func (c *catalogue) find(want source, digest string) (entry, error) {
	var best *entry
	for i, e := range c.Plugins {
		if e.Vendor != want.id.Vendor || e.Name != want.id.Name {
			continue
		}
		switch {
		case digest != "":
			if e.SHA256 == digest {
				return e, nil
			}
		case want.version != "":
			if e.Version == want.version {
				return e, nil
			}
		case best == nil, preferred(e.Version, best.Version):
			best = &c.Plugins[i]
		}
	}
	switch {
	case best != nil:
		return *best, nil
	case want.version != "":
		return entry{}, fmt.Errorf("the index %s does not have version %s of it", want.at, want.version)
	}
	return entry{}, fmt.Errorf("the index %s does not have it", want.at)
}

// lookUp finds the entry of a plugin, and refuses an index that is older than
// what was read of it before: it may hide a version that mends something. clone
// is where an index in a git repository lies here.
func (s *Store) lookUp(ctx context.Context, want source, clone, digest string) (entry, error) {
	b, err := s.readIndex(ctx, want.at, clone)
	if err != nil {
		return entry{}, err
	}
	c, err := parseCatalogue(b)
	if err != nil {
		return entry{}, err
	}
	t, err := s.read()
	if err != nil {
		return entry{}, err
	}
	if last := t.Dates[want.at]; c.Date.Before(last) {
		return entry{}, fmt.Errorf("the index %s is of %s, and was of %s before; somebody may be hiding newer versions", want.at, c.Date.Format(time.DateOnly), last.Format(time.DateOnly))
	}
	e, err := c.find(want, digest)
	if err != nil {
		return e, err
	}
	if s.dates == nil {
		s.dates = map[string]time.Time{}
	}
	s.dates[want.at] = c.Date
	return e, nil
}

func (s *Store) readIndex(ctx context.Context, at, clone string) ([]byte, error) {
	if clone != "" {
		return readFile(filepath.Join(clone, indexName), maxIndex)
	}
	if strings.Contains(at, "://") {
		var b bytes.Buffer
		if err := s.get(ctx, at, maxIndex, &b); err != nil {
			return nil, fmt.Errorf("reading the index %s: %w", at, err)
		}
		return b.Bytes(), nil
	}
	info, err := os.Stat(at)
	if err == nil && info.IsDir() {
		at = filepath.Join(at, indexName)
	}
	b, err := readFile(at, maxIndex)
	if err != nil {
		return nil, fmt.Errorf("reading the index: %w", err)
	}
	return b, nil
}

// fetchEntry reads the archive of an entry: relative to its index, and of an
// index on this machine any allowed URL as well.
func (s *Store) fetchEntry(ctx context.Context, from source, clone string, e entry, to io.Writer) error {
	if strings.Contains(e.URL, "://") {
		return s.get(ctx, e.URL, maxArchive, to)
	}
	if err := checkPath(e.URL); err != nil {
		return err
	}
	if clone != "" {
		return copyBelow(ctx, to, clone, e.URL)
	}
	if strings.Contains(from.at, "://") {
		base, err := url.Parse(from.at)
		if err != nil {
			return err
		}
		return s.get(ctx, base.JoinPath("..", e.URL).String(), maxArchive, to)
	}
	dir := from.at
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	return copyBelow(ctx, to, dir, e.URL)
}

// copyBelow copies a file that lies below a folder, also by way of links.
func copyBelow(ctx context.Context, to io.Writer, dir, path string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	file, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, errors.New("it is no file"))
	}
	return atMost(to, &patient{ctx, file}, maxArchive)
}

// allowedRepository lets through what git reaches without starting a program
// of the address's choice.
func allowedRepository(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.HasPrefix(text, "-"):
		return fmt.Errorf("%.60q is no repository", text)
	case u.Scheme == "https" && u.User == nil && u.Host != "", u.Scheme == "ssh" && u.Host != "" && u.Host[0] != '-', u.Scheme == "file" && u.Host == "":
		return nil
	}
	return fmt.Errorf("%.60q is no repository on https, ssh or this machine", text)
}

// discardClone removes a clone with the folder that was made for it.
func discardClone(dir string) {
	_ = os.RemoveAll(filepath.Dir(dir))
}

// clone brings the newest commit of a repository into a folder of its own, by
// the user's git with the user's credentials.
func (s *Store) clone(ctx context.Context, repository string) (string, error) {
	if err := allowedRepository(repository); err != nil {
		return "", err
	}
	dir, err := s.aside()
	if err != nil {
		return "", err
	}
	//nolint:gosec // the address is allowed, and no option
	cmd := exec.CommandContext(ctx, "git", "-c", "protocol.allow=never",
		"-c", "protocol.https.allow=always", "-c", "protocol.ssh.allow=always", "-c", "protocol.file.allow=always",
		"-c", "core.symlinks=false", "-c", "core.hooksPath="+os.DevNull,
		"clone", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--template=", "--", repository, filepath.Join(dir, "clone"))
	cmd.Env = append(cmd.Environ(), "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=https:ssh:file")
	var words bytes.Buffer
	cmd.Stderr = &words
	if err := cmd.Run(); err != nil {
		discardClone(filepath.Join(dir, "clone"))
		return "", &fault.Fault{
			Kind:     fault.UnreachableKind,
			Sentence: fmt.Sprintf("The index in the git repository %s cannot be read.", repository),
			Cause:    fmt.Errorf("git: %w: %.400q", err, words.String()),
		}
	}
	return filepath.Join(dir, "clone"), nil
}
