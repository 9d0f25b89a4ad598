package plugintest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	module = "github.com/electricimp/impt"
	// unused is how long a build is kept that no tests have begun with: a
	// little longer than the go command lets tests run.
	unused = 11 * time.Minute
)

// program is an impt with its plugins.
type program struct {
	// dir has the executable, plugins the plugins that come with it.
	dir, plugins string
	// cache is the user's cache directory that already has the index of
	// these plugins; empty if there is none.
	cache string
}

func (p program) executable() string { return filepath.Join(p.dir, "impt"+suffix()) }

func suffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

func in(dir string) program {
	return program{
		dir:     filepath.Join(dir, "bin"),
		plugins: filepath.Join(dir, "libexec", "impt", "plugins"),
		cache:   filepath.Join(dir, "cache"),
	}
}

// findProgram returns the impt to test with: $IMPT, or one that is built.
func findProgram(ctx context.Context, w world) (program, error) {
	if w.impt == "" {
		p, err := build(ctx, w)
		if err != nil {
			return program{}, fmt.Errorf("building impt (IMPT may name one instead): %w", err)
		}
		return p, nil
	}
	path, err := filepath.Abs(w.impt)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return program{}, fmt.Errorf("IMPT: %w", err)
	}
	p := in(filepath.Dir(filepath.Dir(path)))
	p.dir, p.cache = filepath.Dir(path), ""
	if path != p.executable() {
		return program{}, fmt.Errorf("IMPT: %s is not called impt%s", path, suffix())
	}
	return p, nil
}

// build builds impt and its plugins where all packages find them. Every call
// asks the go command whether something has changed, which is its trade.
func build(ctx context.Context, w world) (program, error) {
	source, err := output(ctx, w, "", "list", "-m", "-f", "{{.Dir}}", module)
	switch {
	case err != nil:
		return program{}, err
	case source == "":
		return program{}, errors.New("the source of " + module + " is not there; is it vendored?")
	}
	home := filepath.Join(w.cache, "impt-plugintest", w.variant(source))
	if err := os.MkdirAll(home, 0o700); err != nil {
		return program{}, err
	}
	lock := flock.New(filepath.Join(home, "lock"))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return program{}, fmt.Errorf("waiting for another build: %w", err)
	}
	defer func() { _ = lock.Close() }()

	fresh := filepath.Join(home, "fresh")
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return program{}, err
	}
	args := append([]string{"build", "-mod=readonly"}, w.flags()...)
	args = append(args, "-o", fresh+string(filepath.Separator), "./core/cmd/impt", "./plugins/...")
	if _, err := output(ctx, w, source, args...); err != nil {
		return program{}, err
	}
	p, err := keep(ctx, w, home, fresh)
	if err == nil {
		prune(home, p)
	}
	return p, err
}

// variant tells builds apart that must not overwrite each other.
func (w world) variant(source string) string {
	sum := sha256.Sum256([]byte(strings.Join(append(w.flags(), source, runtime.Version()), "\x00")))
	return hex.EncodeToString(sum[:6])
}

// flags are those of the Makefile, so that both use the same build cache.
func (w world) flags() []string {
	flags := []string{"-trimpath", "-tags=grpcnotrace", "-ldflags=-s -w"}
	if race {
		flags = append(flags, "-race")
	}
	if w.cover != "" {
		flags = append(flags, "-cover", "-coverpkg="+module+"/...")
	}
	return flags
}

// output runs the go command.
func output(ctx context.Context, w world, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // our own arguments
	cmd.Dir = dir
	cgo := "CGO_ENABLED=0"
	if race {
		cgo = "CGO_ENABLED=1"
	}
	cmd.Env = append(slices.Clone(w.environ), cgo)
	if dir != "" {
		cmd.Env = append(cmd.Env, "GOWORK=off", "PWD="+dir)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, errs.String())
	}
	return strings.TrimSpace(out.String()), nil
}

// keep copies what was built to a place of its own, unless the same is there
// already: transcripts of another package may be using what was built before.
func keep(ctx context.Context, w world, home, fresh string) (program, error) {
	entries, err := os.ReadDir(fresh)
	if err != nil {
		return program{}, err
	}
	content := sha256.New()
	for _, e := range entries {
		if err := identify(content, filepath.Join(fresh, e.Name())); err != nil {
			return program{}, err
		}
	}
	dir := filepath.Join(home, "build-"+hex.EncodeToString(content.Sum(nil)[:6]))
	p := in(dir)
	now := time.Now()
	if os.Chtimes(dir, now, now) == nil {
		return p, nil
	}
	work := filepath.Join(home, "work")
	if err := os.RemoveAll(work); err != nil {
		return program{}, err
	}
	for _, e := range entries {
		to := filepath.Join(in(work).plugins, "impt-plugin-"+e.Name())
		if strings.TrimSuffix(e.Name(), suffix()) == "impt" {
			to = in(work).executable()
		}
		if err := copyFile(to, filepath.Join(fresh, e.Name())); err != nil {
			return program{}, err
		}
	}
	if err := os.Rename(work, dir); err != nil {
		return program{}, err
	}
	if err := warm(ctx, p.executable(), p.cache, "", w); err != nil {
		_ = os.RemoveAll(dir)
		return program{}, err
	}
	return p, nil
}

// identify adds what tells one build of a program from another: the linker
// puts a hash of all that went in near its begin.
func identify(to io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "%s %d\n", filepath.Base(path), info.Size())
	_, err = io.CopyN(to, f, min(64<<10, info.Size()))
	return err
}

func copyFile(to, from string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700) //nolint:gosec // programs are among them
	if err != nil {
		return err
	}
	_, err = io.Copy(f, source)
	return errors.Join(err, f.Close())
}

// prune removes builds that nobody has used for a while.
func prune(home string, except program) {
	old, err := filepath.Glob(filepath.Join(home, "build-*"))
	if err != nil {
		return
	}
	for _, dir := range old {
		info, err := os.Stat(dir)
		if err == nil && in(dir).dir != except.dir && time.Since(info.ModTime()) > unused {
			_ = os.RemoveAll(dir)
		}
	}
}

// warm lets impt fill its index of plugins in the given cache directory.
func warm(ctx context.Context, impt, cache, pluginPath string, w world) error {
	cmd := exec.CommandContext(ctx, impt, "--version")
	cmd.Env = append(w.essential(),
		cacheVariable()+"="+cache, "HOME="+cache, "USERPROFILE="+cache,
		"IMPT_PLUGIN_PATH="+pluginPath)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("filling the index of plugins: %w\n%s", err, out)
	}
	return nil
}

// cacheVariable names what says where the index of plugins is.
func cacheVariable() string {
	if runtime.GOOS == "windows" {
		return "LocalAppData"
	}
	return "XDG_CACHE_HOME"
}

// indexIn is the index of plugins below a cache directory.
func indexIn(cache string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(cache, "impt", "cache", "plugins.index")
	}
	return filepath.Join(cache, "impt", "plugins.index")
}

// place puts this test binary where impt looks for a plugin of that name.
func place(folder, name string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	to := filepath.Join(folder, "impt-plugin-"+name+suffix())
	if os.Link(self, to) == nil && safe(to) {
		return nil
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return copyFile(to, self)
}

// safe tells whether nobody else may change the file, which impt insists on.
func safe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o022 == 0
}

func quoted(s string) string { return strconv.Quote(s) }
