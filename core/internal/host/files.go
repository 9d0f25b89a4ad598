package host

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// maxFile is the size of the largest file that a plugin can have, in bytes.
const maxFile = 16 << 20

// files are those that somebody else than the plugin has named: it can have no
// others.
type files struct {
	dir string

	mu          sync.Mutex
	rights      map[string]rights // by path, as named
	secret      map[string]bool   // by whole path
	directories map[string]bool
}

// rights are what a plugin may do with a file, besides learning of it.
type rights struct{ read, write bool }

var rightsOf = map[pluginv1.ValueRole]rights{
	pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE:  {read: true},
	pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE: {read: true, write: true},
	pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE: {write: true},
}

func newFiles(dir string, c *pluginv1.Command, values []*pluginv1.OptionValue) *files {
	f := &files{dir: dir, rights: map[string]rights{}, secret: map[string]bool{}}
	roles := map[string]pluginv1.ValueRole{}
	for _, o := range c.GetOptions() {
		roles[o.GetName()] = o.GetRole()
	}
	for _, v := range values {
		paths := append(slices.Clone(v.GetList().GetTexts()), v.GetText())
		if !v.GetGiven() {
			paths = ownChoice(roles[v.GetName()], paths)
		}
		f.allow(roles[v.GetName()], paths...)
	}
	return f
}

// ownChoice keeps what a plugin may name by itself, as the default of an
// option: files below the working directory, and none with secrets.
func ownChoice(role pluginv1.ValueRole, paths []string) []string {
	if role == pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE {
		return nil
	}
	return slices.DeleteFunc(paths, func(p string) bool { return !filepath.IsLocal(p) })
}

// allow gives the rights of a role to files. Roles that are not about files
// give none.
func (f *files) allow(role pluginv1.ValueRole, paths ...string) {
	if added, ok := rightsOf[role]; ok {
		f.add(role, added, paths)
	}
}

// allowReading is allow without the right to write.
func (f *files) allowReading(role pluginv1.ValueRole, paths ...string) {
	if added, ok := rightsOf[role]; ok {
		f.add(role, rights{read: added.read}, paths)
	}
}

func (f *files) add(role pluginv1.ValueRole, added rights, paths []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range paths {
		if p == "" {
			continue
		}
		has := f.rights[p]
		f.rights[p] = rights{has.read || added.read, has.write || added.write}
		if role == pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE {
			f.secret[f.whole(p)] = true
		}
	}
}

// allowDirectories lets directories in the working directory be deleted.
func (f *files) allowDirectories(names ...string) {
	f.directories = map[string]bool{}
	for _, n := range names {
		f.directories[n] = true
	}
}

func (f *files) whole(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(f.dir, path)
}

// known tells whether somebody has named a file.
func (f *files) known(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.rights[path]
	return ok
}

// isSecret tells whether a file holds secrets, by whatever name.
func (f *files) isSecret(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.secret[f.whole(path)]
}

// isDirectory tells whether a path is one of the directories.
func (f *files) isDirectory(path string) bool { return f.directories[path] }

// path is the whole path of a file that may be used as asked.
func (f *files) path(path string, asked rights) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	has, ok := f.rights[path]
	if !ok || asked.write && !has.write || asked.read && (!has.read || f.secret[f.whole(path)]) {
		return "", false
	}
	return f.whole(path), true
}

// file is the whole path of a file that a plugin may use as asked.
func (s *Session) file(path string, asked rights, doing string) (string, error) {
	whole, ok := s.files.path(path, asked)
	switch {
	case !ok:
		return "", fault.Denied(s.cfg.subject(), doing+"a file that nobody named")
	case s.own.has(whole):
		return "", fault.Denied(s.cfg.subject(), doing+"a file of impt itself")
	}
	return whole, nil
}

// ReadFile reads a file that the user or the project named.
func (s *Session) ReadFile(_ context.Context, r *pluginv1.ReadFileRequest) (*pluginv1.ReadFileResponse, error) {
	path, err := s.file(r.GetPath(), rights{read: true}, "")
	if err != nil {
		return nil, s.failure(err)
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
	if len(r.GetContent()) > maxFile {
		return nil, s.failure(fault.File(r.GetPath(), "file is larger than 16 MiB", nil))
	}
	if s.isBuilt(r.GetPath()) {
		return &pluginv1.WriteFileResponse{}, s.failure(s.writeBuilt(r.GetPath(), r.GetContent()))
	}
	path, err := s.file(r.GetPath(), rights{write: true}, "writing ")
	if err != nil {
		return nil, s.failure(err)
	}
	if r.GetCreate() {
		existed, err := create(path, r.GetPath())
		return &pluginv1.WriteFileResponse{Existed: existed}, s.failure(err)
	}
	content, mode := r.GetContent(), fs.FileMode(0)
	if r.GetPrivate() {
		mode = atomicfile.Private
	}
	switch {
	case s.files.isSecret(r.GetPath()):
		if content, err = s.filled(content, r.GetSecrets()); err != nil {
			return nil, s.failure(err)
		}
		mode = atomicfile.Private
	case len(r.GetSecrets()) > 0:
		return nil, s.failure(fault.Denied(s.cfg.subject(), "writing a secret to a file that is not for secrets"))
	}
	if err := atomicfile.Replace(path, content, mode); err != nil {
		return nil, s.failure(fault.File(r.GetPath(), systext.Text(err, "open", r.GetPath()), err))
	}
	return &pluginv1.WriteFileResponse{}, nil
}

// filled is a JSON text with secrets in the place of their handles.
func (s *Session) filled(text []byte, secrets []*pluginv1.Secret) ([]byte, error) {
	for _, handle := range secrets {
		value, err := s.vault.open(handle)
		if err != nil {
			return nil, err
		}
		quoted := document.Encode(value)
		text = bytes.ReplaceAll(text, []byte(handle.GetHandle()), quoted[1:len(quoted)-1])
	}
	return text, nil
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

// DeleteFile deletes a file that somebody named, or a directory of Builder.
func (s *Session) DeleteFile(_ context.Context, r *pluginv1.DeleteFileRequest) (*pluginv1.DeleteFileResponse, error) {
	if s.files.isDirectory(r.GetPath()) {
		return &pluginv1.DeleteFileResponse{}, s.failure(removeDirectory(s.files.whole(r.GetPath()), r.GetPath()))
	}
	path, err := s.file(r.GetPath(), rights{write: true}, "deleting ")
	if err != nil {
		return nil, s.failure(err)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, s.failure(fault.File(r.GetPath(), systext.Text(syscall.EISDIR, "unlink", r.GetPath()), nil))
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.failure(fault.File(r.GetPath(), systext.Text(err, "unlink", r.GetPath()), err))
	}
	return &pluginv1.DeleteFileResponse{}, nil
}

// removeDirectory deletes a directory with all that is in it. A link to one is
// deleted alone.
func removeDirectory(path, shown string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && info.Mode().IsRegular():
		return fault.File(shown, systext.Text(syscall.ENOTDIR, "scandir", shown), nil)
	case err == nil:
		err = os.RemoveAll(path)
	}
	if err != nil {
		return fault.File(shown, systext.Text(err, "rmdir", shown), err)
	}
	return nil
}

// StatFile tells what is at a path.
func (s *Session) StatFile(_ context.Context, r *pluginv1.StatFileRequest) (*pluginv1.StatFileResponse, error) {
	if !s.files.isDirectory(r.GetPath()) && !s.files.known(r.GetPath()) {
		return nil, s.failure(fault.Denied(s.cfg.subject(), "a file that nobody named"))
	}
	info, err := os.Stat(s.files.whole(r.GetPath()))
	if errors.Is(err, fs.ErrNotExist) {
		return &pluginv1.StatFileResponse{}, nil
	}
	if err != nil {
		return nil, s.failure(fault.File(r.GetPath(), systext.Text(err, "stat", r.GetPath()), err))
	}
	return &pluginv1.StatFileResponse{Exists: true, Directory: info.IsDir()}, nil
}
