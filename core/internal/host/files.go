package host

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// maxFile is the size of the largest file that a plugin can have, in bytes.
const maxFile = 16 << 20

// files are those that the user named: a plugin can have no others.
type files struct {
	dir string

	mu       sync.Mutex
	readable map[string]bool
	writable map[string]bool
}

func newFiles(dir string, c *pluginv1.Command, values []*pluginv1.OptionValue) *files {
	f := &files{dir: dir, readable: map[string]bool{}, writable: map[string]bool{}}
	roles := map[string]pluginv1.ValueRole{}
	for _, o := range c.GetOptions() {
		roles[o.GetName()] = o.GetRole()
	}
	for _, v := range values {
		for _, path := range append(v.GetList().GetTexts(), v.GetText()) {
			switch roles[v.GetName()] {
			case pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE:
				f.writable[path] = true
				f.readable[path] = true
			case pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE:
				f.readable[path] = true
			default:
			}
		}
	}
	return f
}

func (f *files) allow(writing bool, paths ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range paths {
		f.readable[p] = true
		f.writable[p] = f.writable[p] || writing
	}
}

func (f *files) path(path string, allowed map[string]bool) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if path == "" || !allowed[path] {
		return "", false
	}
	if filepath.IsAbs(path) {
		return path, true
	}
	return filepath.Join(f.dir, path), true
}

// ReadFile reads a file that the user or the project named.
func (s *Session) ReadFile(_ context.Context, r *pluginv1.ReadFileRequest) (*pluginv1.ReadFileResponse, error) {
	path, ok := s.files.path(r.GetPath(), s.files.readable)
	if !ok {
		return nil, s.failure(fault.Denied(s.cfg.Plugin, "a file that nobody named"))
	}
	content, err := readFile(path, r.GetPath())
	if errors.Is(err, fs.ErrNotExist) {
		return &pluginv1.ReadFileResponse{Missing: true}, nil
	}
	return &pluginv1.ReadFileResponse{Content: content}, s.failure(err)
}

// readFile reads a file; shown is its path as the user has it.
func readFile(path, shown string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.File(shown, systext.Text(err, "open", shown), err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fault.File(shown, systext.Text(err, "read", ""), err)
	}
	if len(content) > maxFile {
		return nil, fault.File(shown, "file is larger than 16 MiB", nil)
	}
	return content, nil
}

// WriteFile replaces a file that the user named.
func (s *Session) WriteFile(_ context.Context, r *pluginv1.WriteFileRequest) (*pluginv1.WriteFileResponse, error) {
	path, ok := s.files.path(r.GetPath(), s.files.writable)
	if !ok {
		return nil, s.failure(fault.Denied(s.cfg.Plugin, "writing a file that nobody named"))
	}
	if len(r.GetContent()) > maxFile {
		return nil, s.failure(fault.File(r.GetPath(), "file is larger than 16 MiB", nil))
	}
	if r.GetCreate() {
		existed, err := create(path, r.GetPath())
		return &pluginv1.WriteFileResponse{Existed: existed}, s.failure(err)
	}
	if err := atomicfile.Replace(path, r.GetContent(), 0); err != nil {
		return nil, s.failure(fault.File(r.GetPath(), systext.Text(err, "open", r.GetPath()), err))
	}
	return &pluginv1.WriteFileResponse{}, nil
}

// create makes an empty file, unless there is one.
func create(path, shown string) (existed bool, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // source code
	if errors.Is(err, fs.ErrExist) {
		return true, nil
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return false, fault.File(shown, systext.Text(err, "open", shown), err)
	}
	return false, nil
}

// DeleteFile deletes a file that the user or the project named.
func (s *Session) DeleteFile(_ context.Context, r *pluginv1.DeleteFileRequest) (*pluginv1.DeleteFileResponse, error) {
	path, ok := s.files.path(r.GetPath(), s.files.writable)
	if !ok {
		return nil, s.failure(fault.Denied(s.cfg.Plugin, "deleting a file that nobody named"))
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.failure(fault.File(r.GetPath(), systext.Text(err, "unlink", r.GetPath()), err))
	}
	return &pluginv1.DeleteFileResponse{}, nil
}
