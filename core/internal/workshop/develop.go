package workshop

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/fault"
)

// developed is a plugin that is used from its source.
type developed struct {
	// Name of the plugin, Directory of its source.
	Name      string `json:"name"`
	Directory string `json:"directory"`
	// Built tells which state of the source was built.
	Built string `json:"built"`
}

// Folder holds the plugins that are used from their sources, "" if there can be
// none. What is in it is started: it is the user's alone.
func (w Workshop) Folder() string {
	if w.Data == "" {
		return ""
	}
	return filepath.Join(w.Data, "development")
}

func (w Workshop) register() string { return filepath.Join(w.Folder(), "sources.json") }

// sources returns what is used from its source; nothing when there is no
// register, or none that can be read.
func (w Workshop) sources() []developed {
	if w.Folder() == "" {
		return nil
	}
	b, err := os.ReadFile(w.register())
	var all []developed
	if err != nil || json.Unmarshal(b, &all) != nil {
		return nil
	}
	return all
}

// Source is the directory from whose source the plugin is used.
func (w Workshop) Source(p *plugin.Plugin) string {
	for _, d := range w.sources() {
		if d.Name == p.Name && filepath.Dir(p.Path) == w.Folder() {
			return d.Directory
		}
	}
	return ""
}

func (w Workshop) save(all []developed) error {
	b, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.MkdirAll(w.Folder(), 0o700)
	}
	if err == nil {
		err = atomicfile.Replace(w.register(), append(b, '\n'), atomicfile.Private)
	}
	if err != nil {
		return fault.File(w.register(), systext.Text(err, "open", w.register()), err)
	}
	return nil
}

// Develop uses the plugin of a directory from its source from now on, and
// returns it.
func (w Workshop) Develop(ctx context.Context, directory string) (*plugin.Plugin, error) {
	if w.Folder() == "" {
		return nil, fault.MissingFile("Home directory")
	}
	dir := w.path(directory)
	if err := os.MkdirAll(w.Folder(), 0o700); err != nil {
		return nil, fault.File(w.Folder(), systext.Text(err, "mkdir", w.Folder()), err)
	}
	fresh := filepath.Join(w.Folder(), "fresh-"+hex.EncodeToString(digest([]byte(dir)))[:12]+suffix)
	state := fingerprint(dir)
	if err := build(ctx, dir, fresh); err != nil {
		return nil, err
	}
	p, err := plugin.Inspect(ctx, w.Loading, fresh)
	if err != nil {
		_ = os.Remove(fresh)
		return nil, err
	}
	p.Path = w.executable(p.Name)
	if err := os.Rename(fresh, p.Path); err != nil {
		return nil, fault.File(p.Path, systext.Text(err, "rename", p.Path), err)
	}
	all := slices.DeleteFunc(w.sources(), func(d developed) bool { return d.Name == p.Name })
	return p, w.save(append(all, developed{p.Name, dir, state}))
}

// Undo stops to use the plugin of a directory from its source, and returns its
// name.
func (w Workshop) Undo(directory string) (string, error) {
	all, dir := w.sources(), w.path(directory)
	i := slices.IndexFunc(all, func(d developed) bool { return d.Directory == dir })
	if i < 0 {
		return "", &fault.Fault{Kind: fault.NotFoundKind, Sentence: "No plugin is used from the source in " + dir + "."}
	}
	name := all[i].Name
	if err := os.Remove(w.executable(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fault.File(w.executable(name), systext.Text(err, "remove", name), err)
	}
	return name, w.save(slices.Delete(all, i, i+1))
}

func (w Workshop) executable(name string) string {
	return filepath.Join(w.Folder(), "impt-plugin-"+name+suffix)
}

// Refresh builds the plugins whose sources have changed. One that cannot be
// built stays as it was, which is said.
func (w Workshop) Refresh(ctx context.Context, say func(string)) {
	all, changed := w.sources(), false
	for i, d := range all {
		state := fingerprint(d.Directory)
		if state == d.Built {
			continue
		}
		fresh := w.executable(d.Name) + ".fresh"
		err := build(ctx, d.Directory, fresh)
		if err == nil {
			err = os.Rename(fresh, w.executable(d.Name))
		}
		if err != nil {
			if f, ok := fault.Of(err); ok {
				say(strings.Join(append([]string{f.Sentence}, f.Hints...), "\n"))
			}
			say(fmt.Sprintf("Plugin \"%s\" is used as it was built last.", d.Name))
			continue
		}
		all[i].Built, changed = state, true
	}
	if changed {
		_ = w.save(all) // else it is built again
	}
}

// build makes the executable of a plugin: by the go command if there is Go code,
// else it is the one of that name in the directory.
func build(ctx context.Context, dir, to string) error {
	code, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return fmt.Errorf("looking for Go code: %w", err)
	}
	code = slices.DeleteFunc(code, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
	if len(code) == 0 {
		return link(dir, to)
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", to, ".") //nolint:gosec // a path of ours
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("building a plugin: %w", context.Cause(ctx))
	case err != nil:
		return &fault.Fault{
			Kind: fault.FileKind, Sentence: "The plugin in " + dir + " cannot be built.",
			Hints: strings.Split(strings.TrimSpace(cmp.Or(string(out), err.Error())), "\n"), Cause: err,
		}
	}
	return nil
}

// link makes a link to the executable of a plugin that needs no building. It
// finds its own files by its real path.
func link(dir, to string) error {
	found, err := filepath.Glob(filepath.Join(dir, "impt-plugin-*"))
	if err != nil || len(found) != 1 {
		return &fault.Fault{
			Kind:     fault.FileKind,
			Sentence: "There is no plugin in " + dir + ": neither Go code nor an executable impt-plugin-NAME.",
			Cause:    err,
		}
	}
	_ = os.Remove(to)
	if err := os.Symlink(found[0], to); err != nil {
		return fault.File(to, systext.Text(err, "symlink", to), err)
	}
	return nil
}

// fingerprint changes whenever a file of the source does.
func fingerprint(dir string) string {
	var all []byte
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // what cannot be read cannot be built
		case d.IsDir() && path != dir && (strings.HasPrefix(d.Name(), ".") || slices.Contains(unwatched, d.Name())):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		if info, err := d.Info(); err == nil {
			all = fmt.Appendf(all, "%s\x00%d\x00%d\n", path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return hex.EncodeToString(digest(all))
}

// unwatched are directories whose files are not built in.
var unwatched = []string{"testdata", "build", "node_modules", "__pycache__"}

func digest(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
