package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// kind is what a source is.
type kind int

const (
	fromFile kind = iota + 1
	fromFolder
	fromWeb
	fromIndex
	fromRegistry
)

// source is where an archive comes from.
type source struct {
	kind kind
	// at is a path, a URL, an index or a repository.
	at string
	// id and version are what is wanted, of an index or a registry; an empty
	// version is the newest.
	id      ID
	version string
}

// String is the source as update finds it again.
func (s source) String() string {
	switch s.kind {
	case fromIndex:
		return s.at + "#" + s.id.String()
	case fromRegistry:
		return registryScheme + s.at
	case fromFile, fromFolder, fromWeb:
	}
	return s.at
}

const (
	registryScheme = "oci://"
	gitScheme      = "git+"
)

// parseSource reads what was typed: vendor/name[@version] of an index,
// oci://host/repository[:version], a URL, or the path of a file or folder,
// which looks like one.
func (s *Store) parseSource(typed, index string) (source, error) {
	name, version, versioned := strings.Cut(typed, "@")
	if id, err := ParseID(name); err == nil {
		if index == "" {
			index = s.IndexOf
		}
		switch {
		case index == "":
			return source{}, errors.New("there is no index to look it up in; name one with --index, or a file as ./" + name)
		case versioned && !isVersion(version):
			return source{}, fmt.Errorf("%.60q is no version", version)
		}
		at, err := s.parseIndex(index)
		return source{kind: fromIndex, at: at, id: id, version: version}, err
	}
	if at, ok := strings.CutPrefix(typed, registryScheme); ok {
		return parseRegistry(at)
	}
	if strings.Contains(typed, "://") {
		_, err := allowedURL(typed)
		return source{kind: fromWeb, at: typed}, err
	}
	path := s.absolute(typed)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return source{}, fmt.Errorf("there is no such file, and it is no vendor/name: %w", err)
	case info.IsDir():
		return source{kind: fromFolder, at: path}, nil
	}
	return source{kind: fromFile, at: path}, nil
}

// again is a source as String wrote it.
func (s *Store) again(text string) (source, error) {
	if at, name, ok := strings.Cut(text, "#"); ok {
		id, err := ParseID(name)
		if err != nil {
			return source{}, err
		}
		at, err = s.parseIndex(at)
		return source{kind: fromIndex, at: at, id: id}, err
	}
	if strings.Contains(text, "://") {
		return s.parseSource(text, "")
	}
	// What is not there any more may still be in the cache.
	path := s.absolute(text)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return source{kind: fromFolder, at: path}, nil
	}
	return source{kind: fromFile, at: path}, nil
}

func (s *Store) parseIndex(at string) (string, error) {
	bare, git := strings.CutPrefix(at, gitScheme)
	if !strings.Contains(at, "://") {
		return s.absolute(at), nil
	}
	if git {
		return at, allowedRepository(bare)
	}
	_, err := allowedURL(at)
	return at, err
}

func (s *Store) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(s.WorkDir, path)
}

// allowedURL lets https through, and http to this machine alone. A URL has no
// user: what is in it would be kept in files.
func allowedURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return nil, fmt.Errorf("%.60q is no URL", text)
	case u.User != nil:
		return nil, errors.New("a URL with a user or password in it is not used")
	case u.Fragment != "":
		return nil, errors.New("a URL with a # in it is not used")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("%.60q is neither https nor on this machine", text)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// fetched is an archive on this machine.
type fetched struct {
	path   string
	digest string
}

const (
	// fetchTime is how long a download may take, maxRedirects how often it
	// may lead elsewhere.
	fetchTime    = 10 * time.Minute
	maxRedirects = 5
)

// client asks without any credential, and follows only to where it might have
// gone in the first place.
func (s *Store) client() *http.Client {
	return &http.Client{
		Transport: s.HTTP,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("it leads from one address to the next")
			}
			_, err := allowedURL(r.URL.String())
			return err
		},
	}
}

// get reads a URL, at most limit bytes of it.
func (s *Store) get(ctx context.Context, address string, limit int64, into io.Writer) error {
	u, err := allowedURL(address)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	answer, err := s.client().Do(r)
	if err != nil {
		return fmt.Errorf("fetching it: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", u.Host, answer.Status)
	}
	if answer.ContentLength > limit {
		return errTooLarge
	}
	return atMost(into, answer.Body, limit)
}

var errTooLarge = errors.New("it is too large")

// atMost copies all of r, or fails when that is more than limit.
func atMost(w io.Writer, r io.Reader, limit int64) error {
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = errTooLarge
	}
	return err
}

// fetch brings the archive of a source into a folder. expected is its digest if
// that is known already.
func (s *Store) fetch(ctx context.Context, from source, dir, expected string) (fetched, source, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, fetchTime, errors.New("it took too long"))
	defer cancel()
	f := fetched{path: filepath.Join(dir, "archive")}
	if expected != "" && s.fromCache(expected, f.path) {
		f.digest = expected
		return f, from, nil
	}
	var index entry
	var clone string
	if from.kind == fromIndex {
		var err error
		if repository, ok := strings.CutPrefix(from.at, gitScheme); ok {
			if clone, err = s.clone(ctx, repository); err != nil {
				return fetched{}, from, err
			}
			defer discardClone(clone)
		}
		if index, err = s.lookUp(ctx, from, clone, expected); err != nil {
			return fetched{}, from, err
		}
		from.version, expected = index.Version, index.SHA256
		if s.fromCache(expected, f.path) {
			f.digest = expected
			return f, from, nil
		}
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return f, from, err
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	to := io.MultiWriter(file, digest)
	switch from.kind {
	case fromFile:
		err = copyFrom(ctx, to, from.at)
	case fromFolder:
		err = s.packed(to, from.at)
	case fromWeb:
		err = s.get(ctx, from.at, maxArchive, to)
	case fromIndex:
		err = s.fetchEntry(ctx, from, clone, index, to)
	case fromRegistry:
		from, err = s.pull(ctx, from, to)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return f, from, err
	}
	f.digest = hex.EncodeToString(digest.Sum(nil))
	if expected != "" && f.digest != expected {
		return f, from, fmt.Errorf("it is another archive than expected: SHA-256 %s and not %s; it was changed or damaged on its way, or replaced after it was published: ask its publisher", f.digest, expected)
	}
	return f, from, file.Close()
}

func copyFrom(ctx context.Context, to io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no file")
	}
	return atMost(to, &patient{ctx, file}, maxArchive)
}

// archiveIn is where the cache keeps an archive.
func (s *Store) archiveIn(digest string) string {
	return filepath.Join(s.Cache, "archives", digest+".tar.gz")
}

// fromCache copies an archive out of the cache, if it is there and still what
// it was: others of the user's programs can write there.
func (s *Store) fromCache(digest, to string) bool {
	if s.Cache == "" || !isDigest(digest) {
		return false
	}
	return copyVerified(s.archiveIn(digest), to, digest) == nil
}

// copyVerified copies a file whose digest is known; to is not there otherwise.
func copyVerified(from, to, digest string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return writeVerified(in, to, digest)
}

func writeVerified(in io.Reader, to, digest string) error {
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	err = atMost(io.MultiWriter(out, sum), in, maxArchive)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != digest {
		err = errors.New("it is another archive")
	}
	if err != nil {
		_ = os.Remove(to)
	}
	return err
}

// keep puts an archive into the cache, for other folders with the same lock
// and for bundles. The cache is a convenience: failures do not count.
func (s *Store) keep(f fetched) {
	if s.Cache == "" || os.MkdirAll(filepath.Join(s.Cache, "archives"), folderMode) != nil {
		return
	}
	to := s.archiveIn(f.digest)
	if exists(to) {
		return
	}
	fresh := to + "." + filepath.Base(filepath.Dir(f.path))
	if copyVerified(f.path, fresh, f.digest) == nil && os.Rename(fresh, to) != nil {
		_ = os.Remove(fresh)
	}
}
