// Package settings keeps what plugins save for a user from one run to the next:
// a JSON object, and secrets that plugins can use but never read.
package settings

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// What a plugin may keep at most.
const (
	maxContent = 64 << 10
	maxSecrets = 32
	maxSecret  = 16 << 10
)

// Store is what one plugin keeps. It is a file of mode 0600.
type Store struct {
	// Dir is the directory of all plugins; "" if there is none.
	Dir string
	// Plugin is the plugin's identity, `vendor/name` or `name`.
	Plugin string
	// Version is the plugin's, for what is said of it.
	Version string
}

// kept is the file.
type kept struct {
	Settings json.RawMessage   `json:"settings,omitempty"`
	Secrets  map[string]string `json:"secrets,omitempty"`
}

// file has one name for each plugin: a slash cannot be in a name, nor a dot.
func (s Store) file() string {
	return filepath.Join(s.Dir, strings.ReplaceAll(s.Plugin, "/", ".")+".json")
}

func (s Store) read() (kept, error) {
	var k kept
	if s.Dir == "" {
		return k, fault.MissingFile("Home directory")
	}
	b, err := os.ReadFile(s.file())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return k, nil
	case err != nil:
		return k, fault.File(s.file(), systext.Text(err, "open", s.file()), err)
	}
	if err := json.Unmarshal(b, &k); err != nil {
		return k, fault.CorruptedFile("Settings", err)
	}
	return k, nil
}

// change changes the file under a lock, at once or not at all.
func (s Store) change(ctx context.Context, f func(*kept)) error {
	if s.Dir == "" {
		return fault.MissingFile("Home directory")
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return fault.File(s.Dir, systext.Text(err, "mkdir", s.Dir), err)
	}
	const again = 5 * time.Millisecond
	l := flock.New(s.file()+".lock", flock.SetPermissions(atomicfile.Private))
	defer func() { _ = l.Close() }()
	if _, err := l.TryLockContext(ctx, again); err != nil {
		return fmt.Errorf("waiting for another run's settings: %w", err)
	}
	k, err := s.read()
	if err != nil {
		return err
	}
	f(&k)
	b, err := json.Marshal(k)
	if err == nil {
		err = atomicfile.Replace(s.file(), b, atomicfile.Private)
	}
	if err != nil {
		return fault.File(s.file(), systext.Text(err, "open", s.file()), err)
	}
	return nil
}

// Load returns the object that was saved, and the names of the secrets.
func (s Store) Load() (content []byte, secrets []string, err error) {
	k, err := s.read()
	return k.Settings, slices.Sorted(maps.Keys(k.Secrets)), err
}

// Save saves an object.
func (s Store) Save(ctx context.Context, content []byte) error {
	if _, err := document.ParseObject(content); err != nil || len(content) > maxContent {
		return fault.Denied(fault.Plugin(s.Plugin, s.Version), "saving settings that are no JSON object of at most 64 KiB")
	}
	return s.change(ctx, func(k *kept) { k.Settings = content })
}

// Keep keeps a secret under a name.
func (s Store) Keep(ctx context.Context, name, secret string) error {
	k, err := s.read()
	if err != nil {
		return err
	}
	if _, known := k.Secrets[name]; len(secret) > maxSecret || !known && len(k.Secrets) >= maxSecrets {
		return fault.Denied(fault.Plugin(s.Plugin, s.Version), "keeping more secrets than it may")
	}
	return s.change(ctx, func(k *kept) {
		if k.Secrets == nil {
			k.Secrets = map[string]string{}
		}
		k.Secrets[name] = secret
	})
}

// Forget forgets a secret; that there is none is no failure.
func (s Store) Forget(ctx context.Context, name string) error {
	return s.change(ctx, func(k *kept) { delete(k.Secrets, name) })
}

// Seal is the HMAC-SHA256 of data, keyed with a secret: its use, and not the
// secret itself.
func (s Store) Seal(name string, data []byte) ([]byte, error) {
	k, err := s.read()
	if err != nil {
		return nil, err
	}
	secret, ok := k.Secrets[name]
	if !ok {
		return nil, &fault.Fault{
			Kind: fault.NotFoundKind, Identifier: name,
			Sentence: fmt.Sprintf("Plugin \"%s\" keeps no secret \"%s\".", s.Plugin, name),
		}
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(data)
	return mac.Sum(nil), nil
}

// Remove removes all that the plugin keeps.
func (s Store) Remove() error {
	if s.Dir == "" {
		return nil
	}
	_ = os.Remove(s.file() + ".lock")
	if err := os.Remove(s.file()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.File(s.file(), systext.Text(err, "remove", s.file()), err)
	}
	return nil
}
