package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Options are how something is installed.
type Options struct {
	Choice
	// Grants are what the user grants without being asked; "all" is whatever
	// is wanted.
	Grants []string
	// Downgrade lets an older version take the place of a newer one.
	Downgrade bool
	// Lock writes the lock file, also if there is none yet.
	Lock bool
}

// wanted is one plugin to install, and what is known of it before.
type wanted struct {
	from source
	// locked is the entry of the lock file that it must be; nil if there is
	// none.
	locked *Locked
	// only is the plugin that it must be; zero for any.
	only ID
	// newer asks for a newer version than the active one, or nothing.
	newer bool
}

// prepared is a plugin that has proved all it has to, and lies aside.
type prepared struct {
	dir      string // with the folder "new" and the archive
	archive  fetched
	from     source
	manifest *Manifest
	level    Level
	grants   Grants
}

// Install installs what a source has, and returns it.
func (s *Store) Install(ctx context.Context, typed, index string, o Options) (*pluginv1.InstalledPlugin, error) {
	from, err := s.parseSource(typed, index)
	if err != nil {
		return nil, fault.PluginRefused(typed, err.Error())
	}
	id, err := s.install(ctx, wanted{from: from}, o)
	if err != nil {
		return nil, refused(typed, err)
	}
	return s.installed(id, o)
}

// refused is a failure of an installation as a fault.
func refused(what string, err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fault.PluginRefused(what, err.Error())
}

func (s *Store) installed(id ID, o Options) (*pluginv1.InstalledPlugin, error) {
	t, err := s.read()
	if err != nil {
		return nil, err
	}
	p := t.Plugins[id.String()]
	if p == nil {
		return nil, fault.NoPlugin(id.String())
	}
	if err := s.relock(t, id, o.Lock); err != nil {
		return nil, err
	}
	return s.about(id, p), nil
}

// errNoNewer ends an update that has nothing to do.
var errNoNewer = errors.New("there is no newer version")

// install is the transaction. Until activate nothing that is installed is
// touched, and what it leaves when it is killed is swept by a later one.
func (s *Store) install(ctx context.Context, w wanted, o Options) (ID, error) {
	dir, err := s.aside()
	if err != nil {
		return ID{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p, err := s.prepare(ctx, dir, w, o)
	if err != nil {
		return ID{}, err
	}
	s.at("activate")
	return p.manifest.ID(), s.locked(ctx, func(t *state) error { return s.activate(t, p, w, o) })
}

// prepare fetches, verifies, unpacks and describes aside, and asks the user.
func (s *Store) prepare(ctx context.Context, dir string, w wanted, o Options) (*prepared, error) {
	p := &prepared{dir: dir}
	s.at("fetch")
	expected := ""
	if w.locked != nil {
		expected = w.locked.SHA256
	}
	var err error
	if p.archive, p.from, err = s.fetch(ctx, w.from, dir, expected); err != nil {
		return nil, err
	}
	t, err := s.read()
	if err != nil {
		return nil, err
	}
	s.at("unpack")
	if err := s.unpack(ctx, t, p, w, o); err != nil {
		return nil, err
	}
	s.at("describe")
	declared, err := s.Describe(ctx, p.binary(s), p.manifest.Name, p.digest(s))
	if err != nil {
		return nil, err
	}
	if err := s.agree(ctx, p.manifest, declared); err != nil {
		return nil, err
	}
	s.at("grant")
	return p, s.grant(ctx, t, p, w, o)
}

// binary is the new executable where it lies aside.
func (p *prepared) binary(s *Store) string {
	return filepath.Join(p.dir, "new", filepath.Base(s.executable(p.manifest.ID(), p.manifest.Version)))
}

func (p *prepared) digest(s *Store) string {
	f, _ := p.manifest.executable(s.System)
	return f.SHA256
}

// unpack verifies the archive and unpacks it into the folder "new".
func (s *Store) unpack(ctx context.Context, t *state, p *prepared, w wanted, o Options) error {
	file, err := os.Open(p.archive.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	a, err := open(ctx, file, func(m *Manifest, raw, signature []byte) (Level, error) {
		return s.trust(t, m, raw, signature, p.from, w, o)
	})
	if err != nil {
		return err
	}
	p.manifest, p.level = a.manifest, a.level
	f, ok := a.manifest.executable(s.System)
	if !ok {
		return fmt.Errorf("it has no executable for %s", s.System)
	}
	into := filepath.Join(p.dir, "new")
	if err := os.Mkdir(into, folderMode); err != nil {
		return err
	}
	root, err := os.OpenRoot(into)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := a.unpack(root, s.System); err != nil {
		return err
	}
	for name, content := range map[string][]byte{ManifestFile: a.raw, SignatureFile: a.signature} {
		if len(content) == 0 {
			continue
		}
		if err := root.WriteFile(name, content, 0o600); err != nil {
			return err
		}
	}
	return root.Rename(filepath.FromSlash(f.Path), filepath.Base(p.binary(s)))
}

// trust decides about a manifest before anything of it is used.
func (s *Store) trust(t *state, m *Manifest, raw, signature []byte, from source, w wanted, o Options) (Level, error) {
	id := m.ID()
	level, err := decide(raw, m.Key, signature, t.Keys[m.Vendor], o.Choice)
	if err != nil {
		return "", err
	}
	if w.locked != nil {
		if err := w.locked.matches(m); err != nil {
			return "", err
		}
	}
	if from.kind == fromIndex && (id != from.id || from.version != "" && m.Version != from.version) {
		return "", fmt.Errorf("the index has %s %s for %s %s", id, m.Version, from.id, from.version)
	}
	if w.only != (ID{}) && id != w.only {
		return "", fmt.Errorf("it is %s now", id)
	}
	for _, feature := range m.Requires {
		if !slices.Contains(s.Features, feature) {
			return "", fmt.Errorf("it needs %q of impt, which this version does not have: update impt", feature)
		}
	}
	if s.taken(t, id) {
		return "", fmt.Errorf("the group %q comes with impt, or from another vendor", m.Name)
	}
	rules, err := s.policy()
	if err != nil {
		return "", err
	}
	if err := rules.permits(id, m.Version, m.Key, from.String(), m.Needs); err != nil {
		return "", err
	}
	return level, s.progress(t, m, w, o)
}

// progress refuses a step backwards that the user has not asked for.
func (s *Store) progress(t *state, m *Manifest, w wanted, o Options) error {
	p := t.Plugins[m.ID().String()]
	switch {
	case p == nil:
		return nil
	case w.newer && !older(p.Active, m.Version):
		return errNoNewer
	case older(m.Version, p.Active) && !o.Downgrade && w.locked == nil:
		return fmt.Errorf("it has version %s, and %s is installed; --downgrade takes the older one", m.Version, p.Active)
	}
	return nil
}

// taken tells whether the group of a plugin is somebody else's.
func (s *Store) taken(t *state, id ID) bool {
	for name := range t.Plugins {
		other, err := ParseID(name)
		if err == nil && other.Name == id.Name && other != id {
			return true
		}
	}
	if s.Index == nil {
		return false
	}
	for _, p := range s.Index.Plugins {
		if p.Name == id.Name && p.Bundled {
			return true
		}
	}
	return false
}

// agree holds what the executable declares to what the archive says.
func (s *Store) agree(ctx context.Context, m *Manifest, declared *pluginv1.Manifest) error {
	needs := needsOf(declared)
	switch {
	case declared.GetName() != m.Name || declared.GetVendor() != m.Vendor:
		return fmt.Errorf("its executable says that it is %s/%s", declared.GetVendor(), declared.GetName())
	case declared.GetVersion() != m.Version:
		return fmt.Errorf("its executable says that it has version %.60q", declared.GetVersion())
	case len(needs.Beyond(m.Needs)) > 0:
		return fmt.Errorf("its executable wants more than its manifest says: %v", needs.Beyond(m.Needs))
	}
	return s.shadows(ctx, declared)
}

// shadows refuses a plugin that wants a name which another one has.
func (s *Store) shadows(ctx context.Context, declared *pluginv1.Manifest) error {
	if s.Index == nil {
		return nil
	}
	var all []*pluginv1.Manifest
	for _, p := range s.Index.Plugins {
		if p.Fault == nil {
			s.Index.Look(ctx, p) // a damaged index hides no name
		}
		if other, err := p.Manifest(); err == nil && (p.Vendor != declared.GetVendor() || p.Name != declared.GetName()) {
			all = append(all, other)
		}
	}
	for _, c := range cli.Conflicts(append(all, declared)) {
		if c.Owner != nil && (c.Plugin == declared || c.Owner == declared) {
			text, _, _ := strings.Cut(c.String(), "; ") // it is reached by no name
			return errors.New(text)
		}
	}
	return nil
}

// grant finds out what the plugin shall be granted: what it was granted before
// if that is enough, what the lock file or the command line says, or what the
// user answers.
func (s *Store) grant(ctx context.Context, t *state, p *prepared, w wanted, o Options) error {
	needs := p.manifest.Needs.tidy()
	p.grants = needs
	var before Grants
	known := t.Plugins[p.manifest.ID().String()]
	if known != nil {
		before = known.Grants
	}
	if w.locked != nil {
		before = w.locked.Grants
	}
	if len(o.Grants) > 0 {
		granted, err := given(o.Grants, needs)
		if err != nil {
			return err
		}
		before = append(slices.Clone(before), granted...)
		if more := needs.Beyond(before); len(more) > 0 {
			return fmt.Errorf("it wants more than is granted: %v", []string(more))
		}
	}
	more := needs.Beyond(before)
	first := known == nil && w.locked == nil && len(o.Grants) == 0
	if len(more) == 0 && !first {
		return nil
	}
	return s.Ask(ctx, "grant", s.consent(t, p, more, first))
}

// consent is what the user agrees to.
func (s *Store) consent(t *state, p *prepared, more Grants, first bool) []string {
	m := p.manifest
	lines := []string{fmt.Sprintf("Plugin \"%s\" %s %s.", m.ID(), m.Version, m.Needs.Sentence())}
	if !first {
		lines = append(lines, fmt.Sprintf("New in this version: %s.", more.Sentence()))
	}
	switch {
	case p.level == Unsigned:
		lines = append(lines, "It has no signature: nobody can tell who made it, or whether it was changed.")
	case t.Keys[m.Vendor] == "":
		lines = append(lines, fmt.Sprintf("It is signed by the key %s, which is new here and will be expected of %s from now on.", m.Key, m.Vendor))
	case t.Keys[m.Vendor] != m.Key:
		lines = append(lines, fmt.Sprintf("It is signed by the key %s, which takes the place of %s.", m.Key, t.Keys[m.Vendor]))
	default:
		lines = append(lines, fmt.Sprintf("It is signed by the key that is known of %s.", m.Vendor))
	}
	return lines
}

// activate makes the new version the one that is started. It runs alone; what
// others did meanwhile is looked at again.
func (s *Store) activate(t *state, p *prepared, w wanted, o Options) error {
	m := p.manifest
	id := m.ID()
	raw, signature, err := readHead(filepath.Join(p.dir, "new"))
	if err != nil {
		return err
	}
	if _, err := s.trust(t, m, raw, signature, p.from, w, o); err != nil {
		return err
	}
	if err := s.place(id, p, raw); err != nil {
		return err
	}
	s.at("state")
	known := t.Plugins[id.String()]
	if known == nil {
		known = &Installed{Versions: map[string]*Version{}}
		t.Plugins[id.String()] = known
	}
	if known.Active != m.Version {
		known.Previous, known.Active = known.Active, m.Version
	}
	known.Grants = p.grants
	known.Versions[m.Version] = &Version{
		Level: p.level, Key: m.Key, Source: p.from.String(), Archive: p.archive.digest,
		Binary: p.digest(s), Needs: m.Needs.tidy(),
	}
	// A version that nothing leads back to is in nobody's way, and in no use.
	var gone []string
	for v := range known.Versions {
		if v != known.Active && v != known.Previous {
			delete(known.Versions, v)
			gone = append(gone, v)
		}
	}
	if p.level == Signed {
		t.Keys[m.Vendor] = m.Key
	}
	for at, date := range s.dates {
		if t.Dates[at].Before(date) {
			t.Dates[at] = date
		}
	}
	if err := s.write(t); err != nil {
		return err
	}
	s.at("clean")
	for _, v := range gone {
		s.discard(id, v)
	}
	s.keep(p.archive)
	return nil
}

// place moves the folder with the new version to where it is started from. What
// lies there under the same version is either the same, or is refused: a
// version never changes.
func (s *Store) place(id ID, p *prepared, raw []byte) error {
	to := s.folder(id, p.manifest.Version)
	if err := os.MkdirAll(filepath.Dir(to), folderMode); err != nil {
		return err
	}
	fresh := filepath.Join(p.dir, "new")
	s.at("rename")
	if !exists(to) {
		return os.Rename(fresh, to)
	}
	if there, err := readFile(filepath.Join(to, ManifestFile), maxManifest); err == nil && bytes.Equal(there, raw) {
		if digest, err := digestOf(s.executable(id, p.manifest.Version)); err == nil && digest == p.digest(s) {
			return nil
		}
		// Damaged, or half removed: the same version is put in its place.
	} else if err == nil && s.usesVersion(id, p.manifest.Version) {
		return fmt.Errorf("version %s is installed already with another content; a version never changes: remove it first, or ask its publisher for a new version", p.manifest.Version)
	}
	aside := filepath.Join(p.dir, "old")
	if err := os.Rename(to, aside); err != nil {
		return err
	}
	s.at("replace")
	return os.Rename(fresh, to)
}

func (s *Store) usesVersion(id ID, version string) bool {
	t, err := s.read()
	if err != nil {
		return true
	}
	p := t.Plugins[id.String()]
	return p != nil && p.Versions[version] != nil
}

// discard removes a version that the state does not name any more.
func (s *Store) discard(id ID, version string) {
	aside, err := s.aside()
	if err != nil {
		return
	}
	_ = os.Rename(s.folder(id, version), filepath.Join(aside, "old"))
	_ = os.RemoveAll(aside)
	_ = os.Remove(filepath.Join(s.Dir, id.Vendor, id.Name))
	_ = os.Remove(filepath.Join(s.Dir, id.Vendor))
}
