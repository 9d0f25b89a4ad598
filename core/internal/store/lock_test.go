package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
)

// colleague is somebody else with the same lock file.
func (h *shop) colleague(t testing.TB) *shop {
	t.Helper()
	other := newShop(t)
	b, err := os.ReadFile(h.lockFile())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(other.lockFile(), b, 0o600))
	return other
}

func TestLockFileIsTheSameForEverybody(t *testing.T) {
	t.Parallel()
	h, acme := newShop(t), newPublisher(t)
	source := newRelease("1.0.0", &acme, "device").file(t, t.TempDir())
	_, err := h.install(t, source, Options{Grants: []string{"all"}, Lock: true})
	require.NoError(t, err)
	locked, err := os.ReadFile(h.lockFile())
	require.NoError(t, err)
	require.Contains(t, string(locked), "windows/amd64")

	// On another system the same lock file installs another executable.
	other := h.colleague(t)
	other.System = "windows/amd64"
	_, err = other.InstallFrozen(t.Context(), "", Options{})
	require.ErrorContains(t, err, "crashes") // the test's one for Windows is none
	other = h.colleague(t)
	plugins, err := other.InstallFrozen(t.Context(), "", Options{})
	require.NoError(t, err)
	require.Equal(t, "1.0.0", plugins[0].GetVersion())
	require.Empty(t, other.asked, "the team has agreed to it")

	// A newer version at the source is none of the lock file's.
	acmeNew := newRelease("1.1.0", &acme, "device").bytes(t)
	require.NoError(t, os.WriteFile(source, acmeNew, 0o600))
	late := h.colleague(t)
	_, err = late.InstallFrozen(t.Context(), "", Options{})
	require.ErrorContains(t, err, "it is another archive than expected")
	require.Empty(t, late.started)

	// Nor does it need the source, if the archive is in the cache.
	require.NoError(t, os.Remove(source))
	late.Cache = h.Cache
	_, err = late.InstallFrozen(t.Context(), "", Options{})
	require.NoError(t, err)
	require.Equal(t, "1.0.0", late.active(t))

	// What is in the cache and was changed is not used.
	cached, err := filepath.Glob(filepath.Join(h.Cache, "archives", "*"))
	require.NoError(t, err)
	require.Len(t, cached, 1)
	require.NoError(t, os.WriteFile(cached[0], acmeNew, 0o600))
	later := h.colleague(t)
	later.Cache = h.Cache
	_, err = later.InstallFrozen(t.Context(), "", Options{})
	require.Error(t, err)
	require.Empty(t, later.started)
}

func TestLockFileOfAnotherKey(t *testing.T) {
	t.Parallel()
	h, acme, evil := newShop(t), newPublisher(t), newPublisher(t)
	_, err := h.install(t, newRelease("1.0.0", &evil).file(t, t.TempDir()), Options{Grants: []string{"all"}, Lock: true})
	require.NoError(t, err)
	other := h.colleague(t)
	_, err = other.install(t, newRelease("0.1.0", &acme).file(t, t.TempDir()), all)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(other.lockFile(), read(t, h.lockFile()), 0o600))
	_, err = other.InstallFrozen(t.Context(), "", Options{})
	require.ErrorContains(t, err, "--accept-key")
	require.Equal(t, "0.1.0", other.active(t))
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

// Whatever byte of a lock file is changed: what is started is what was locked,
// or nothing. Only where to look for it may change.
func TestEveryByteOfALockFileCounts(t *testing.T) {
	t.Parallel()
	h, acme := newShop(t), newPublisher(t)
	source := newRelease("1.0.0", &acme, "device").file(t, h.WorkDir)
	_, err := h.install(t, source, Options{Grants: []string{"all"}, Lock: true})
	require.NoError(t, err)
	good := read(t, h.lockFile())
	from := bytes.Index(good, []byte(`"./fleet`))
	to := from + bytes.IndexByte(good[from+1:], '"') + 1
	for _, mask := range []byte{0x01, 0x20} {
		for i := range good {
			changed := bytes.Clone(good)
			changed[i] ^= mask
			l, err := parseLock(changed)
			if err != nil {
				continue
			}
			p := l.Plugins["acme/fleet"]
			if p == nil {
				// Another name, whose archive is not the locked one.
				for _, p = range l.Plugins {
				}
			}
			if i > from && i < to {
				require.Equal(t, digest(string(read(t, source))), p.SHA256)
				continue
			}
			other := newShop(t)
			require.NoError(t, os.WriteFile(other.lockFile(), changed, 0o600))
			require.NoError(t, os.Link(source, filepath.Join(other.WorkDir, filepath.Base(source))))
			_, err = other.InstallFrozen(t.Context(), "", Options{})
			require.Error(t, err, "byte %d: %s", i, changed)
			require.Empty(t, other.started, "byte %d: %s", i, changed)
		}
	}
}

func TestBundle(t *testing.T) {
	t.Parallel()
	h, acme := newShop(t), newPublisher(t)
	_, err := h.install(t, newRelease("1.0.0", &acme).file(t, t.TempDir()), Options{Grants: []string{"all"}, Lock: true})
	require.NoError(t, err)
	file, names, err := h.Bundle(t.Context(), "all.tar")
	require.NoError(t, err)
	require.Equal(t, []string{"acme/fleet"}, names)

	island := newShop(t)
	_, err = island.InstallFrozen(t.Context(), file, Options{})
	require.NoError(t, err)
	require.Equal(t, "1.0.0", island.active(t))

	// A bundle holds archives under their digests, and nothing else.
	good := read(t, file)
	for i := 0; i < len(good); i += 7 {
		changed := bytes.Clone(good)
		changed[i] ^= 1
		path := filepath.Join(t.TempDir(), "all.tar")
		require.NoError(t, os.WriteFile(path, changed, 0o600))
		other := newShop(t)
		if _, err := other.InstallFrozen(t.Context(), path, Options{}); err == nil {
			require.Equal(t, "1.0.0", other.active(t), "byte %d", i)
		} else {
			require.Empty(t, other.started, "byte %d", i)
		}
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	acme, evil := newPublisher(t), newPublisher(t)
	source := newRelease("1.0.0", &acme, "device:write").file(t, t.TempDir())
	for name, tc := range map[string]struct{ policy, want string }{
		"publisher":         {`{"publishers": {"other": []}}`, "its publisher is not among"},
		"key":               {`{"publishers": {"acme": ["` + evil.public + `"]}}`, "not signed by a key that is allowed"},
		"source":            {`{"sources": ["https://plugins.acme.com/"]}`, "its source is not among"},
		"source's prefix":   {`{"sources": ["` + strings.TrimSuffix(source, ".tar.gz") + `"]}`, "its source is not among"},
		"grants":            {`{"grants": ["device", "product:write"]}`, "wants more than plugins may do: device:write"},
		"least":             {`{"least": {"acme/fleet": "1.0.1"}}`, "it is older than 1.0.1"},
		"no JSON":           {`{`, "cannot be understood"},
		"unknown":           {`{"sauces": []}`, "cannot be understood"},
		"everything in two": {`{}`, ""},
		"allowed": {`{"publishers": {"acme": ["` + evil.public + `", "` + acme.public + `"]}, "sources": ["` + filepath.Dir(source) +
			`/"], "grants": ["device:write"], "least": {"acme/fleet": "1.0.0"}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newShop(t)
			policy := filepath.Join(h.root, "policy.json")
			h.Policies = []string{filepath.Join(h.root, "none"), policy}
			require.NoError(t, os.WriteFile(policy, []byte(tc.policy), 0o600))
			_, err := h.install(t, source, all)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.ErrorContains(t, err, policy)
			require.Empty(t, h.started)
			require.Empty(t, h.active(t))
		})
	}
}

// A policy counts for what was installed before it as well.
func TestPolicyAtTheStart(t *testing.T) {
	t.Parallel()
	h, acme := newShop(t), newPublisher(t)
	_, err := h.install(t, newRelease("1.0.0", &acme, "device:write", "logs").file(t, t.TempDir()), all)
	require.NoError(t, err)
	running := pluginOf(t, h)
	granted, limited, err := h.Granted(running)
	require.NoError(t, err)
	require.True(t, limited)
	require.Len(t, granted, 2)

	policy := filepath.Join(h.root, "policy.json")
	h.Policies = []string{policy}
	require.NoError(t, os.WriteFile(policy, []byte(`{"grants": ["device"]}`), 0o600))
	granted, limited, err = h.Granted(running)
	require.NoError(t, err)
	require.True(t, limited)
	require.Equal(t, Grants{"device"}.Capabilities()[0].String(), granted[0].String())
	require.Len(t, granted, 1)

	require.NoError(t, os.WriteFile(policy, []byte(`{"least": {"acme/fleet": "2.0.0"}}`), 0o600))
	_, _, err = h.Granted(running)
	require.True(t, fault.Is(err, fault.DeniedKind), "%v", err)
	require.NoError(t, os.WriteFile(policy, []byte(`nonsense`), 0o600))
	_, _, err = h.Granted(running)
	require.Error(t, err)
	running.Bundled = true
	_, limited, err = h.Granted(running)
	require.NoError(t, err)
	require.False(t, limited)
}
