package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Config is where plugins are and how they are asked what they declare.
type Config struct {
	// Bundled is the folder of the plugins that come with the host, User the
	// user's own, Path those of IMPT_PLUGIN_PATH. All are absolute; an empty
	// one is none.
	Bundled, User string
	Path          []string
	// Development is the folder of the plugins that are used from their
	// sources.
	Development string
	// Installed returns what is installed, and InstalledKey what the answer
	// depends on: it is asked only when the key is another than before. Both
	// may be empty.
	Installed    func() ([]Active, error)
	InstalledKey string
	// CacheDir is the directory of the index, which is made when it is
	// missing. Empty: nothing is kept.
	CacheDir string
	// Version of the host, and the Features that it has. The index of a host
	// with others is not used.
	Version  string
	Features []string
	// OnlyKnown starts nothing: plugins that the index does not have yet are
	// there by their names alone.
	OnlyKnown bool
	// Reserved are names of groups that no plugin can have, because the host
	// has them itself.
	Reserved []string
	// Validate checks a manifest; its error is a sentence about it. Nil: all
	// are taken.
	Validate func(*pluginv1.Manifest) error

	Environment Environment
	Limits      Limits
}

// Index is the plugins that were found.
type Index struct {
	// Plugins in the order in which they have a name, or a command's name in a
	// group: the bundled ones, the user's, those of IMPT_PLUGIN_PATH, each by
	// name. The unusable ones too.
	Plugins []*Plugin
	// Warnings are what is wrong with single places and plugins.
	Warnings []Warning
	// Described are the names of the plugins that had to be started.
	Described []string

	config Config
	// active is what is installed.
	active []Active
}

const (
	indexFile = "plugins.index"
	lockFile  = "plugins.lock"
	// maxIndex is the size of the largest index that is read, in bytes.
	maxIndex = 64 << 20
	// maxKept is how many records are kept of plugins in other places, for
	// the next host that looks there.
	maxKept = 256
)

// Load finds the plugins and knows what they declare: by the index, or by
// starting those that it does not have, side by side. It fails with the
// context's cause alone; what is wrong with a plugin is its Fault.
func Load(ctx context.Context, c Config) (*Index, error) {
	c.Limits = c.Limits.orDefaults()
	x := &Index{config: c}
	old := x.read()
	fresh := x.install(old)
	d := discover(c, x.active)
	x.Plugins, x.Warnings = d.plugins, append(x.Warnings, d.warnings...)
	unknown := x.fill(old.records)
	if c.OnlyKnown {
		for _, p := range unknown {
			p.Fault = p.notKnown()
		}
		unknown, fresh = nil, false
	}
	if len(unknown) > 0 || fresh {
		if err := x.complete(ctx); err != nil {
			return nil, err
		}
	}
	x.hide()
	return x, nil
}

// install finds out what is installed, and tells whether that is news to the
// index.
func (x *Index) install(old cached) (fresh bool) {
	if x.config.Installed == nil || x.config.InstalledKey == old.key {
		x.active = old.active
		return false
	}
	var err error
	if x.active, err = x.config.Installed(); err != nil {
		x.Warnings = append(x.Warnings, Warning{"", printable(err.Error())})
		return false
	}
	return true
}

// hide leaves out the plugins to which no name leads: an earlier one has theirs,
// and no other vendor tells them apart. Those that may not be used come last.
func (x *Index) hide() {
	slices.SortStableFunc(x.Plugins, func(a, b *Plugin) int {
		switch {
		case a.unsafe == b.unsafe:
			return 0
		case a.unsafe:
			return 1
		default:
			return -1
		}
	})
	named := map[string]*Plugin{}
	x.Plugins = slices.DeleteFunc(x.Plugins, func(p *Plugin) bool {
		first, qualified := named[p.Name], p.Qualified()
		if first != nil && qualified != "" {
			first = named[qualified]
		}
		if first != nil {
			if !p.unsafe {
				x.Warnings = append(x.Warnings, Warning{p.Path, "it is hidden by " + first.Path})
			}
			return true
		}
		if named[p.Name] == nil {
			named[p.Name] = p
		}
		if qualified != "" {
			named[qualified] = p
		}
		return false
	})
}

// Find returns the plugin of that name, or of that qualified name, as Look does.
func (x *Index) Find(ctx context.Context, name string) (*Plugin, bool) {
	for _, p := range x.Plugins {
		if p.Name == name || p.Qualified() == name && name != "" {
			x.Look(ctx, p)
			return p, true
		}
	}
	return nil, false
}

// Owns tells whether the plugin's name is its own without its vendor's.
func (x *Index) Owns(p *Plugin) bool {
	return slices.IndexFunc(x.Plugins, func(o *Plugin) bool { return o.Name == p.Name }) == slices.Index(x.Plugins, p)
}

// Look asks a plugin again that could not be described when it was first seen,
// so that a passing trouble passes, and the others need not wait for it each
// time; and one of which the index has a damaged manifest.
func (x *Index) Look(ctx context.Context, p *Plugin) {
	if p.unsafe || p.fresh || x.config.OnlyKnown {
		return
	}
	if p.Fault == nil {
		if _, ok := p.encoded(); ok {
			return
		}
	}
	before := p.Fault
	p.Fault = nil
	if x.describeAll(ctx, []*Plugin{p}) != nil {
		p.Fault = before
		return
	}
	x.write(nil)
}

// writer tells apart hosts that may see the same plugin with other eyes.
func (x *Index) writer() string {
	return x.config.Version + "\x00" + strings.Join(x.config.Features, "\x00")
}

// cached is what the index has.
type cached struct {
	records map[string]*record // by path
	key     string
	active  []Active
}

// read returns what the index has; nothing if it cannot be used.
func (x *Index) read() cached {
	dir := x.config.CacheDir
	if dir == "" || guardFolder(dir) != nil {
		return cached{}
	}
	file, size, err := openIndex(dir)
	if err != nil {
		return cached{}
	}
	defer func() { _ = file.Close() }()
	c, ok := decodeIndex(file, size, x.writer())
	if !ok {
		return cached{}
	}
	return c
}

var errNoIndex = errors.New("it is no index of plugins")

func openIndex(dir string) (file *os.File, size int64, err error) {
	path := filepath.Join(dir, indexFile)
	info, err := os.Lstat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxIndex {
		return nil, 0, errNoIndex
	}
	file, err = os.Open(path)
	return file, info.Size(), err
}

// manifest reads a plugin's manifest from the index. The file is not kept open,
// for another host could not replace it then on every system; if one has, the
// manifest is elsewhere now.
func (x *Index) manifest(p *Plugin, in place) ([]byte, bool) {
	if b, ok := x.readPlace(in); ok {
		return b, true
	}
	r := x.read().records[p.Path]
	if r == nil || r.sentence != "" || string(r.digest) != string(p.SHA256) {
		return nil, false
	}
	return x.readPlace(r.manifest)
}

func (x *Index) readPlace(in place) ([]byte, bool) {
	file, _, err := openIndex(x.config.CacheDir)
	if err != nil {
		return nil, false
	}
	defer func() { _ = file.Close() }()
	return in.read(file)
}

// fill gives the plugins what the index has of them, and returns those of
// which it has nothing that is still true.
func (x *Index) fill(records map[string]*record) (unknown []*Plugin) {
	for _, p := range x.Plugins {
		if p.unsafe {
			continue
		}
		if r := records[p.Path]; r != nil && r.name == p.Name && r.is(p) {
			r.fill(p, x.manifest)
			continue
		}
		if p.Installed {
			if p.admit(); p.unsafe {
				continue
			}
		}
		unknown = append(unknown, p)
	}
	return unknown
}

// complete describes what the index lacks, and writes it. Of many hosts that
// start at once, one does it and the others wait for that.
func (x *Index) complete(ctx context.Context) error {
	unlock := x.lock(ctx)
	defer unlock()
	x.tidy()
	old := x.read()
	records := old.records
	unknown := x.fill(records)
	if len(unknown) == 0 && old.key == x.config.InstalledKey {
		return nil
	}
	unknown = slices.DeleteFunc(unknown, func(p *Plugin) bool { return x.sameContent(p, records[p.Path]) })
	if err := x.describeAll(ctx, unknown); err != nil {
		return err
	}
	x.write(records)
	return nil
}

// lock waits for the other hosts, but not for ever: the index is only a cache.
func (x *Index) lock(ctx context.Context) (unlock func()) {
	dir := x.config.CacheDir
	if dir == "" || os.MkdirAll(dir, 0o700) != nil || guardFolder(dir) != nil {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*x.config.Limits.Describe)
	defer cancel()
	l := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	const again = 5 * time.Millisecond
	if held, err := l.TryLockContext(ctx, again); !held || err != nil {
		return func() { _ = l.Close() }
	}
	return func() { _ = l.Close() }
}

// abandoned is the age at which a half-written index has no writer any more.
const abandoned = time.Hour

// tidy removes what killed hosts have left in the cache directory.
func (x *Index) tidy() {
	entries, err := os.ReadDir(x.config.CacheDir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), indexFile+".") {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(x.config.CacheDir, e.Name()))
		}
	}
}

// write writes the index, with those of the given records that are of other
// plugins and still true. When it cannot, the next start describes again.
func (x *Index) write(others map[string]*record) {
	dir := x.config.CacheDir
	if dir == "" || guardFolder(dir) != nil {
		return
	}
	if others == nil {
		others = x.read().records
	}
	var records []whole
	for _, p := range x.Plugins {
		delete(others, p.Path)
		if !p.cacheable() {
			continue
		}
		var encoded []byte
		if p.Fault == nil {
			var ok bool
			if encoded, ok = p.encoded(); !ok {
				continue
			}
		}
		records = append(records, whole{recordOf(p), encoded})
	}
	kept := 0
	for path, r := range others {
		if seen, err := identify(path); err == nil && seen == r.seen && kept < maxKept {
			encoded, ok := x.readPlace(r.manifest)
			if !ok {
				continue
			}
			records = append(records, whole{r, encoded})
			kept++
		}
	}
	slices.SortFunc(records, func(a, b whole) int { return strings.Compare(a.path, b.path) })
	_ = replace(dir, encodeIndex(x.writer(), x.config.InstalledKey, x.active, records))
}

// replace puts b in the place of the index, at once or not at all.
func replace(dir string, b []byte) error {
	f, err := os.CreateTemp(dir, indexFile+".*")
	if err != nil {
		return fmt.Errorf("writing the index of plugins: %w", err)
	}
	_, err = f.Write(b)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, indexFile))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("writing the index of plugins: %w", err)
	}
	return nil
}
