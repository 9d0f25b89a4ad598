package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Update installs newer versions of what is installed, or of some of it, and
// returns those that have one. Each comes from where it came from.
func (s *Store) Update(ctx context.Context, names []string, o Options) ([]*pluginv1.InstalledPlugin, error) {
	t, err := s.read()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		names = t.names()
	}
	var all []*pluginv1.InstalledPlugin
	for _, typed := range names {
		id, p, err := t.find(typed)
		if err != nil {
			return all, err
		}
		v := p.Versions[p.Active]
		from, err := s.again(v.Source)
		if err == nil {
			// What was accepted once is not asked for again.
			mine := o
			mine.Unsigned = o.Unsigned || v.Level == Unsigned
			_, err = s.install(ctx, wanted{from: from, only: id, newer: true}, mine)
		}
		switch {
		case errors.Is(err, errNoNewer):
			continue
		case err != nil:
			return all, fault.Halfway(refused(id.String(), err), updated(all), nil)
		}
		one, err := s.installed(id, o)
		if err != nil {
			return all, err
		}
		all = append(all, one)
	}
	return all, nil
}

func updated(all []*pluginv1.InstalledPlugin) []string {
	var done []string
	for _, p := range all {
		done = append(done, fmt.Sprintf("Plugin \"%s/%s\" is updated to %s.", p.GetVendor(), p.GetName(), p.GetVersion()))
	}
	return done
}

// Rollback makes the version active that was so before. Nothing is fetched.
func (s *Store) Rollback(ctx context.Context, typed string) (*pluginv1.InstalledPlugin, error) {
	var id ID
	err := s.locked(ctx, func(t *state) error {
		found, p, err := t.find(typed)
		if err != nil {
			return err
		}
		id = found
		if p.Previous == "" {
			return fault.PluginRefused(id.String(), "there is no earlier version of it here")
		}
		rules, err := s.policy()
		if err != nil {
			return err
		}
		v := p.Versions[p.Previous]
		if err := rules.permits(id, p.Previous, v.Key, v.Source, v.Needs); err != nil {
			return err
		}
		// What it needs was granted when it was installed.
		p.Active, p.Previous, p.Grants = p.Previous, p.Active, v.Needs
		return s.write(t)
	})
	if err != nil {
		return nil, err
	}
	return s.installed(id, Options{})
}

// Remove removes all versions of a plugin. The key of its publisher stays: who
// comes back has to be the same.
func (s *Store) Remove(ctx context.Context, typed string) (*pluginv1.InstalledPlugin, error) {
	var gone *pluginv1.InstalledPlugin
	err := s.locked(ctx, func(t *state) error {
		id, p, err := t.find(typed)
		if err != nil {
			return err
		}
		gone = s.about(id, p)
		delete(t.Plugins, id.String())
		if err := s.write(t); err != nil {
			return err
		}
		for v := range p.Versions {
			s.discard(id, v)
		}
		return s.relock(t, id, false)
	})
	return gone, err
}

// Verify hashes every file of the installed plugins and verifies their
// signatures again. What is wrong is the Problem of the plugin, and there is
// one for each that is not wholly good.
func (s *Store) Verify(_ context.Context, names []string) ([]*pluginv1.InstalledPlugin, error) {
	t, err := s.read()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		names = t.names()
	}
	rules, err := s.policy()
	if err != nil {
		return nil, err
	}
	var all []*pluginv1.InstalledPlugin
	for _, typed := range names {
		id, p, err := t.find(typed)
		if err != nil {
			return nil, err
		}
		one := s.about(id, p)
		for version, v := range p.Versions {
			if err := errors.Join(s.verify(id, version, v), t.pinned(id, v), rules.permits(id, version, v.Key, v.Source, nil)); err != nil {
				one.Problem = fmt.Sprintf("Version %s: %s.", version, err)
			}
		}
		all = append(all, one)
	}
	return all, nil
}

func (t *state) pinned(id ID, v *Version) error {
	if v.Key != "" && t.Keys[id.Vendor] != v.Key {
		return fmt.Errorf("its key is not the one that is known of %s", id.Vendor)
	}
	return nil
}

// verify looks at a version as it lies in the store, by what the state says.
func (s *Store) verify(id ID, version string, v *Version) error {
	dir := s.folder(id, version)
	raw, signature, err := readHead(dir)
	if err != nil {
		return err
	}
	m, err := parseManifest(raw)
	if err != nil {
		return err
	}
	level, err := decide(raw, m.Key, signature, v.Key, Choice{Unsigned: v.Level == Unsigned})
	switch {
	case err != nil:
		return err
	case level != v.Level || m.Key != v.Key || m.ID() != id || m.Version != version:
		return errors.New("its manifest is another one than was installed")
	}
	for _, f := range m.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		switch f.System {
		case s.System:
			path = s.executable(id, version)
			if f.SHA256 != v.Binary {
				return errors.New("its executable is another one than was installed")
			}
		case "":
		default:
			continue
		}
		digest, err := digestOf(path)
		if err != nil {
			return err
		}
		if digest != f.SHA256 {
			return fmt.Errorf("%s was changed", f.Path)
		}
	}
	return nil
}

func digestOf(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file", filepath.Base(path))
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
