package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/electricimp/impt/core/internal/shell"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// commandLimit is how long a command line may run if nothing else is said.
const commandLimit = time.Minute

// FindFiles finds files by a pattern.
func (s *Session) FindFiles(_ context.Context, r *pluginv1.FindFilesRequest) (*pluginv1.FindFilesResponse, error) {
	if err := s.grants.need("sources", reading); err != nil {
		return nil, s.failure(err)
	}
	paths, err := find(s.cfg.Dir, r.GetPattern())
	return &pluginv1.FindFilesResponse{Paths: paths}, s.failure(err)
}

// find finds files below dir, or wherever a pattern leads to.
func find(dir, pattern string) ([]string, error) {
	base, rest := doublestar.SplitPattern(path.Clean(filepath.ToSlash(pattern)))
	root := filepath.FromSlash(base)
	if !filepath.IsAbs(root) {
		root = filepath.Join(dir, root)
	}
	found, err := doublestar.Glob(os.DirFS(root), rest, doublestar.WithFilesOnly(), doublestar.WithNoHidden())
	if err != nil {
		return nil, &fault.Fault{
			Kind: fault.InvalidOptionKind, Sentence: "The pattern \"" + pattern + "\" cannot be understood.", Cause: err,
		}
	}
	for i, f := range found {
		found[i] = path.Join(base, f)
	}
	slices.Sort(found)
	return slices.Compact(found), nil // a second ** finds the same once more
}

// Execute runs a command line of the user's.
func (s *Session) Execute(ctx context.Context, r *pluginv1.ExecuteRequest) (*pluginv1.ExecuteResponse, error) {
	if err := s.grants.need("commands", changing); err != nil {
		return nil, s.failure(err)
	}
	limit := time.Duration(r.GetMilliseconds()) * time.Millisecond
	if limit <= 0 {
		limit = commandLimit
	}
	result, err := shell.Run(ctx, s.cfg.Dir, r.GetCommand(), limit)
	return &pluginv1.ExecuteResponse{
		Stdout:   result.Stdout,
		Stderr:   result.Stderr,
		ExitCode: int32(result.ExitCode), //nolint:gosec // of a process
		TimedOut: result.TimedOut,
	}, s.failure(err)
}

// buildDirectory is where code is written that somebody wants to look at.
const buildDirectory = ".build"

// isBuilt tells whether a path is one below the directory for built code. It has
// to be written straight: after a link, what ".." means is not to be read from it.
func (s *Session) isBuilt(name string) bool {
	name = filepath.ToSlash(name)
	return s.files.isDirectory(buildDirectory) && path.Clean(name) == name &&
		filepath.IsLocal(name) && strings.HasPrefix(name, buildDirectory+"/")
}

// writeBuilt writes a file below the directory for built code, and nowhere
// else: no link leads out of it.
func (s *Session) writeBuilt(name string, content []byte) error {
	err := os.Mkdir(s.files.whole(buildDirectory), 0o777) //nolint:gosec // source code
	if err == nil || errors.Is(err, fs.ErrExist) {
		err = s.writeBelow(buildDirectory, strings.TrimPrefix(filepath.ToSlash(name), buildDirectory+"/"), content)
	}
	if err != nil {
		return fault.File(name, systext.Text(err, "open", name), err)
	}
	return nil
}

func (s *Session) writeBelow(directory, name string, content []byte) error {
	info, err := os.Lstat(s.files.whole(directory))
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return syscall.ENOTDIR
	}
	root, err := os.OpenRoot(s.files.whole(directory))
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o777); err != nil {
		return err
	}
	return root.WriteFile(filepath.FromSlash(name), content, 0o666)
}
