package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/cespare/xxhash/v2"
)

// What the peer names its cached files by.
const (
	cacheSeed    = 0xE1EC791C
	maxCacheName = 250
	keptOfName   = 100
)

// cacheName is the name of a reference's file in the cache, the same as the
// peer's. Lengths are in UTF-16 units.
func cacheName(link string) string {
	for _, p := range []string{"bitbucket-server", "github", "git-azure-repos", "git"} {
		if rest, found := strings.CutPrefix(link, p+":"); found {
			link = p + "#" + rest
			break
		}
	}
	link = strings.Replace(link, "://", "#", 1)
	link = strings.ReplaceAll(link, "/", "-")
	if before, query, _ := strings.Cut(link, "?"); query != "" {
		link = before + cacheHash(query)
	}
	if units := utf16.Encode([]rune(link)); len(units) > maxCacheName {
		first, last := units[:keptOfName], units[len(units)-keptOfName:]
		link = string(utf16.Decode(first)) + string(utf16.Decode(last)) + cacheHash(link)
	}
	return link
}

func cacheHash(s string) string {
	d := xxhash.NewWithSeed(cacheSeed)
	d.WriteString(s) //nolint:errcheck // never fails
	return strconv.FormatUint(d.Sum64(), 10)
}

// cachePath is where a source is cached; false if its name is no file's here,
// or is that of another source: the peer's names are not unique.
func (s *Sources) cachePath(r reference) (string, bool) {
	link, _ := splitLogin(r.raw)
	name := cacheName(link)
	if strings.ContainsRune(name, 0) || runtime.GOOS == "windows" && strings.ContainsAny(name, `<>:"\|?*`) {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if owner, found := s.names[name]; found && owner != link {
		return "", false
	}
	s.names[name] = link
	return filepath.Join(s.cfg.Cache.Dir, name), true
}

// fromCache returns a cached source, if it is not older than that; 0 is any age.
func (s *Sources) fromCache(r reference, maxAge time.Duration) (string, bool) {
	file, ok := s.cachePath(r)
	if !ok || s.cfg.Cache.Dir == "" {
		return "", false
	}
	f, err := os.Open(file)
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || maxAge > 0 && s.cfg.Now().Sub(info.ModTime()) > maxAge {
		return "", false
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	if err != nil || len(data) > maxSource {
		return "", false
	}
	text, err := s.decode(r.name, data)
	if err != nil {
		return "", false
	}
	s.cfg.Debug("read " + r.name + " from the cache")
	return text, true
}

// toCache keeps a source. That it cannot is no failure.
func (s *Sources) toCache(r reference, text string) {
	file, ok := s.cachePath(r)
	if !ok {
		return
	}
	err := os.MkdirAll(s.cfg.Cache.Dir, 0o700)
	if err == nil {
		err = replace(file, []byte(text))
	}
	if err != nil {
		s.note("The cache " + s.cfg.Cache.Dir + " cannot be written: " + why(err) + ".")
	}
}

// replace writes a file of mode 0600 at once.
func replace(file string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".impt-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// ClearCache removes the cached files of a folder, and the folder if that
// leaves it empty. A folder that is not there is clear.
func ClearCache(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unsaved(folder, err)
	}
	kept := false
	for _, e := range entries {
		if !e.Type().IsRegular() || !isCacheName(e.Name()) {
			kept = true
			continue
		}
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
			return unsaved(folder, err)
		}
	}
	if kept {
		return nil
	}
	return os.Remove(folder)
}

// isCacheName keeps ClearCache from a folder's other files.
func isCacheName(name string) bool {
	lower := strings.ToLower(name)
	for _, p := range []string{
		"bitbucket-server", "git-azure-repos", "github#", "github:", "github.com:", "github.com-",
		"git#", "http#", "https#", ".impt-",
	} {
		if strings.HasPrefix(lower, p) {
			return true
		}
	}
	return false
}
