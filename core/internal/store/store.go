// Package store has the installed plugins: which there are, where they come
// from, how one is installed, and what it may do.
//
// A plugin is an archive from somewhere. Its manifest is believed by its
// publisher's signature, and everything else in it by the manifest. Installing
// is a transaction: what is new lies beside the old, in a folder that nobody
// starts from, until it has proved all it has to; then a rename and the
// replacement of one file make it the active version.
package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/electricimp/impt/core/internal/denials"
	"github.com/electricimp/impt/core/internal/plugin"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Store is the installed plugins, beside all others that were found. The zero
// value has none.
type Store struct {
	// Dir is the folder of the store, Cache that of the archives; WorkDir is
	// where the lock file lies. All are absolute.
	Dir, Cache, WorkDir string
	// Index is what was found by this start.
	Index *plugin.Index
	// System is the one that executables are for, such as linux/amd64.
	System string
	// Features are what the host has.
	Features []string
	// Policies are files with rules that outrank the user's.
	Policies []string
	// IndexOf is the index of plugins without another; "" if there is none.
	IndexOf string
	// Registry are the credentials of one registry.
	Registry Credentials
	// DockerConfig is the file with the credentials of registries; may be "".
	DockerConfig string
	// State is the folder with what plugins were denied; may be "".
	State string
	// HTTP makes requests without credentials.
	HTTP http.RoundTripper
	// Describe starts an executable once for what it declares. It need not be
	// installed.
	Describe func(ctx context.Context, path, name, digest string) (*pluginv1.Manifest, error)
	// Ask asks the user to agree to lines, or fails; option would have
	// answered.
	Ask func(ctx context.Context, option string, lines []string) error
	// Password asks for the password of a key file.
	Password func(ctx context.Context) (string, error)
	// Say tells the user something along the way.
	Say func(text string)

	// dates are those of the indexes that were read.
	dates map[string]time.Time
	// step is called before each step of a transaction, for tests.
	step func(name string)
}

// Credentials are for one registry alone.
type Credentials struct{ Host, User, Password string }

// at marks a step of a transaction.
func (s *Store) at(step string) {
	if s.step != nil {
		s.step(step)
	}
}

// List returns all plugins by the names of their groups.
func (s *Store) List(ctx context.Context) ([]*pluginv1.InstalledPlugin, error) {
	t, err := s.read()
	if err != nil {
		return nil, err
	}
	var all []*pluginv1.InstalledPlugin
	for _, p := range s.Index.Plugins {
		if p.Fault == nil {
			s.Index.Look(ctx, p)
		}
		one := found(p)
		if known := t.Plugins[p.Identity()]; p.Installed && known != nil {
			s.describe(one, p.Identity(), known)
		}
		if one.Denials, err = s.denied(p); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// latest is how many denials are told.
const latest = 10

// denied is what a plugin has asked for and did not get.
func (s *Store) denied(p *plugin.Plugin) ([]string, error) {
	if s.State == "" {
		return nil, nil
	}
	all, err := denials.Of(s.State, p.Identity())
	if err != nil {
		return nil, err
	}
	told := make([]string, 0, latest)
	for _, d := range all[max(0, len(all)-latest):] {
		told = append(told, fmt.Sprintf("%s %s: %s", d.Time.Format(time.DateOnly), d.Command, d.What))
	}
	return told, nil
}

func found(p *plugin.Plugin) *pluginv1.InstalledPlugin {
	level := pluginv1.TrustLevel_TRUST_LEVEL_PLACED
	switch {
	case p.Bundled:
		level = pluginv1.TrustLevel_TRUST_LEVEL_BUNDLED
	case p.Development:
		level = pluginv1.TrustLevel_TRUST_LEVEL_DEVELOPMENT
	}
	one := &pluginv1.InstalledPlugin{
		Name:     p.Name,
		Vendor:   p.Vendor,
		Version:  p.Version,
		Level:    level,
		Synopsis: p.Synopsis,
		Path:     p.Path,
		Sha256:   hex.EncodeToString(p.SHA256),
	}
	if !p.Bundled {
		one.Confinement = plugin.Confinement()
	}
	if p.Fault != nil {
		one.Problem = p.Fault.Sentence
	} else if m, err := p.Manifest(); err == nil && !p.Bundled {
		one.May = needsOf(m).Sentence()
	}
	return one
}

// describe adds what the store knows of an installed plugin.
func (s *Store) describe(to *pluginv1.InstalledPlugin, name string, p *Installed) {
	id, err := ParseID(name)
	v := p.Versions[p.Active]
	if err != nil || v == nil {
		return
	}
	to.Name, to.Vendor, to.Version = id.Name, id.Vendor, p.Active
	to.Level, to.Key, to.Source = levels[v.Level], v.Key, v.Source
	to.Previous, to.Grants = p.Previous, p.Grants
	to.Sha256 = v.Binary
	to.Path = s.executable(id, p.Active)
	to.May = p.Grants.Sentence()
}

// about is an installed plugin as the contract has it.
func (s *Store) about(id ID, p *Installed) *pluginv1.InstalledPlugin {
	one := &pluginv1.InstalledPlugin{}
	s.describe(one, id.String(), p)
	return one
}

// executable is the file that a start of a version starts. Its name is ours,
// whatever it was called in the archive.
func (s *Store) executable(id ID, version string) string {
	name := "impt-plugin-" + id.Name
	if strings.HasPrefix(s.System, "windows/") {
		name += ".exe"
	}
	return filepath.Join(s.folder(id, version), name)
}

// Key tells one state of the store from another, by the file that it is.
func (s *Store) Key() string {
	if s.Dir == "" {
		return ""
	}
	return plugin.FileKey(s.stateFile())
}

// Active returns what starts may start.
func (s *Store) Active() ([]plugin.Active, error) {
	t, err := s.read()
	if err != nil {
		return nil, err
	}
	var all []plugin.Active
	for _, name := range t.names() {
		id, err := ParseID(name)
		if err != nil {
			continue
		}
		p := t.Plugins[name]
		digest, _ := hex.DecodeString(p.Versions[p.Active].Binary)
		all = append(all, plugin.Active{
			Name: id.Name, Vendor: id.Vendor, Version: p.Active,
			Path: s.executable(id, p.Active), SHA256: digest,
		})
	}
	return all, nil
}

// Granted returns what a plugin that is about to run may do, all in all: what
// was granted when it was installed, and what the policy leaves of that.
// limited is false for plugins that are not of the store.
func (s *Store) Granted(p *plugin.Plugin) (caps []*pluginv1.Capability, limited bool, err error) {
	if p.Bundled {
		return nil, false, nil
	}
	rules, err := s.policy()
	if err != nil {
		return nil, true, err
	}
	if !p.Installed {
		return nil, false, rules.placed(p.Identity())
	}
	t, err := s.read()
	if err != nil {
		return nil, true, err
	}
	known := t.Plugins[p.Identity()]
	if known == nil {
		return nil, true, nil
	}
	id := ID{p.Vendor, p.Name}
	v := known.Versions[known.Active]
	if err := rules.permits(id, known.Active, v.Key, v.Source, nil); err != nil {
		return nil, true, err
	}
	return rules.leaves(known.Grants).Capabilities(), true, nil
}

// patience is how long a process waits for others to install.
const patience = 5 * time.Minute

// locked runs f while no other process changes the store.
func (s *Store) locked(ctx context.Context, f func(*state) error) error {
	if err := s.prepareFolder(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	l := flock.New(filepath.Join(s.Dir, "lock"), flock.SetPermissions(0o600))
	const again = 10 * time.Millisecond
	if held, err := l.TryLockContext(ctx, again); err != nil || !held {
		return fmt.Errorf("waiting for another impt that installs plugins: %w", err)
	}
	defer func() { _ = l.Close() }()
	t, err := s.read()
	if err != nil {
		return err
	}
	s.sweep()
	return f(t)
}

// half begins the names of folders that are being filled or emptied.
const half = ".half-"

// abandoned is the age at which such a folder has no process any more.
const abandoned = time.Hour

// sweep removes what killed processes have left.
func (s *Store) sweep() {
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), half) && time.Since(info.ModTime()) > abandoned {
			_ = os.RemoveAll(filepath.Join(s.Dir, e.Name()))
		}
	}
}

// prepareFolder makes the store's folder, and refuses one that others may
// change.
func (s *Store) prepareFolder() error {
	if err := os.MkdirAll(s.Dir, folderMode); err != nil {
		return fmt.Errorf("making the folder of plugins: %w", err)
	}
	return plugin.GuardFolder(s.Dir)
}

// aside makes a folder in the store from which nobody starts.
func (s *Store) aside() (string, error) {
	if err := s.prepareFolder(); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(s.Dir, half)
	if err != nil {
		return "", fmt.Errorf("making a folder for the new plugin: %w", err)
	}
	return dir, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
