package source

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/electricimp/impt/sdk/builder"
)

// readLocal looks for a file where the including source is, where the input
// file is, and in the working directory.
func (s *Sources) readLocal(r reference, from builder.Place) (builder.Source, error) {
	for _, d := range s.searchDirs(r.path, from) {
		file := r.path
		if d != "" {
			file = filepath.Join(d, r.path)
		}
		file = filepath.Clean(file)
		target, info, err := s.follow(file)
		if err != nil || info.IsDir() {
			if err != nil && errors.Is(err, fs.ErrPermission) {
				return builder.Source{}, localUnreadable(r.name, "permission denied", err)
			}
			continue
		}
		text, err := s.readFile(r.name, file, target, info, from)
		if err != nil {
			return builder.Source{}, err
		}
		name := filepath.ToSlash(file)
		place := from
		place.File, place.Path = base(name), dir(name)
		return builder.Source{Place: place, Name: name, Text: text}, nil
	}
	return builder.Source{}, localNotFound(r.name)
}

func (s *Sources) searchDirs(file string, from builder.Place) []string {
	if strings.ContainsRune(file, 0) {
		return nil
	}
	if isAbsolute(file, runtime.GOOS == "windows") {
		return []string{""}
	}
	var dirs []string
	if from.Path != "" && parse(from.Path+"/x").kind == localFile {
		dirs = append(dirs, s.absolute(from.Path))
	}
	if s.cfg.InputDir != "" {
		dirs = append(dirs, s.absolute(s.cfg.InputDir))
	}
	return append(dirs, s.cfg.WorkDir)
}

// absolute is a path as seen from the working directory.
func (s *Sources) absolute(file string) string {
	if isAbsolute(file, runtime.GOOS == "windows") {
		return filepath.Clean(file)
	}
	return filepath.Join(s.cfg.WorkDir, file)
}

// follow returns the file that the links at path lead to. Where those of its
// directory lead to is asked once.
func (s *Sources) follow(path string) (target string, info fs.FileInfo, err error) {
	if runtime.GOOS != "windows" { // where even a name has several spellings
		dir, err := s.realDir(filepath.Dir(path))
		if err != nil {
			return "", nil, err
		}
		path = filepath.Join(dir, filepath.Base(path))
		if info, err = os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return path, info, err
		}
	}
	if target, err = filepath.EvalSymlinks(path); err == nil {
		info, err = os.Lstat(target)
	}
	return target, info, err
}

func (s *Sources) realDir(path string) (string, error) {
	s.mu.Lock()
	target, known := s.realDirs[path]
	s.mu.Unlock()
	if known {
		return target, nil
	}
	target, err := filepath.EvalSymlinks(path)
	if err == nil {
		s.mu.Lock()
		s.realDirs[path] = target
		s.mu.Unlock()
	}
	return target, err
}

// buffers are for the bytes of files, until they are text.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// readFile reads the target of a path, if it may.
func (s *Sources) readFile(name, path, target string, info fs.FileInfo, from builder.Place) (string, error) {
	// A pipe might never open.
	if !info.Mode().IsRegular() {
		return "", localUnreadable(name, "not a regular file", nil)
	}
	if err := s.cfg.Allowed(target); err != nil {
		return "", notAllowed(name, err)
	}
	if isRemote(from) && !s.isNear(target) {
		return "", notAllowed(name, errFar)
	}
	// Go asks less of the system for a file that is opened so.
	f, err := os.OpenFile(target, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", localUnreadable(name, why(err), err)
	}
	defer func() { _ = f.Close() }()
	data := buffers.Get().(*bytes.Buffer) //nolint:forcetypeassert // see above
	defer buffers.Put(data)
	data.Reset()
	data.Grow(int(min(info.Size(), maxSource)) + bytes.MinRead)
	if _, err := data.ReadFrom(io.LimitReader(f, maxSource+1)); err != nil {
		return "", localUnreadable(name, why(err), err)
	}
	if data.Len() > maxSource {
		return "", localUnreadable(name, tooLarge, nil)
	}
	return s.decode(filepath.ToSlash(path), data.Bytes())
}

var errFar = errors.New("a remote source has no business outside the directory of the code")

// isRemote tells that somebody else may have written the source at a place.
func isRemote(p builder.Place) bool {
	return p.URLRoot != "" || p.RepoPrefix != "" && !strings.HasPrefix(p.RepoPrefix, "git-local:")
}

// isNear tells whether a file lies below the working directory or that of the
// input: a remote source could send others away, by a URL that it includes.
func (s *Sources) isNear(target string) bool {
	for _, d := range []string{s.cfg.WorkDir, s.cfg.InputDir} {
		if d == "" {
			continue
		}
		root, err := s.realDir(s.absolute(d))
		if err != nil {
			continue
		}
		if below, err := filepath.Rel(root, target); err == nil && filepath.IsLocal(below) {
			return true
		}
	}
	return false
}

// why is the system's reason without the path.
func why(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}
