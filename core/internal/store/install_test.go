package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func TestLifeOfAPlugin(t *testing.T) {
	t.Parallel()
	h, acme, dir := newShop(t), newPublisher(t), t.TempDir()

	p, err := h.install(t, newRelease("1.0.0", &acme, "device:write").file(t, dir), Options{})
	require.NoError(t, err)
	require.Equal(t, pluginv1.TrustLevel_TRUST_LEVEL_SIGNED, p.GetLevel())
	require.Equal(t, acme.public, p.GetKey())
	require.Equal(t, "may change Devices; may not log in; no files but those that you name", p.GetMay())
	require.Len(t, h.asked, 1)
	require.Contains(t, h.asked[0][0], "may change Devices; may not log in")
	require.Contains(t, h.asked[0][1], acme.public)
	require.Equal(t, "1.0.0", h.active(t))
	require.Empty(t, h.leftovers(t))

	// An update that wants no more asks nothing.
	source := filepath.Join(dir, "fleet-1.0.0.tar.gz")
	require.NoError(t, os.Rename(newRelease("1.1.0", &acme, "device:write").file(t, dir), source))
	updated, err := h.Update(t.Context(), nil, Options{})
	require.NoError(t, err)
	require.Len(t, updated, 1)
	require.Equal(t, "1.1.0", h.active(t))
	require.Len(t, h.asked, 1)
	updated, err = h.Update(t.Context(), []string{"fleet"}, Options{})
	require.NoError(t, err)
	require.Empty(t, updated)

	// One that wants more asks for that; a no changes nothing.
	require.NoError(t, os.Rename(newRelease("1.2.0", &acme, "device:write", "login:write").file(t, dir), source))
	h.answer = fault.Canceled()
	_, err = h.Update(t.Context(), nil, Options{})
	require.True(t, fault.Is(err, fault.CanceledKind), "%v", err)
	require.Equal(t, "New in this version: may log in and out; no files but those that you name.", h.asked[1][1])
	require.Equal(t, "1.1.0", h.active(t))
	_, err = h.Update(t.Context(), nil, Options{Grants: []string{"device:write"}})
	require.ErrorContains(t, err, "wants more than is granted: [login:write]")
	h.answer = nil

	// Back and forth, without a question.
	_, err = h.Rollback(t.Context(), "acme/fleet")
	require.NoError(t, err)
	require.Equal(t, "1.0.0", h.active(t))
	_, err = h.Rollback(t.Context(), "fleet")
	require.NoError(t, err)
	require.Equal(t, "1.1.0", h.active(t))

	// A version that needs less takes nothing from the one before it.
	require.NoError(t, os.Rename(newRelease("1.1.1", &acme).file(t, dir), source))
	_, err = h.Update(t.Context(), nil, Options{})
	require.NoError(t, err)
	p, err = h.Rollback(t.Context(), "fleet")
	require.NoError(t, err)
	require.Equal(t, []string{"device:write"}, p.GetGrants())
	require.Equal(t, "1.1.0", h.active(t))

	// An older version only when it is asked for.
	older := newRelease("0.9.0", &acme).file(t, t.TempDir())
	_, err = h.install(t, older, all)
	require.ErrorContains(t, err, "--downgrade")
	_, err = h.install(t, older, Options{Downgrade: true})
	require.NoError(t, err)
	require.Equal(t, "0.9.0", h.active(t))

	checked, err := h.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, checked[0].GetProblem())

	_, err = h.Remove(t.Context(), "acme/fleet")
	require.NoError(t, err)
	require.Empty(t, h.active(t))
	require.NoDirExists(t, filepath.Join(h.Dir, "acme"))

	// The key of the publisher is still expected.
	mallory := newPublisher(t)
	_, err = h.install(t, newRelease("1.3.0", &mallory).file(t, t.TempDir()), all)
	require.ErrorContains(t, err, "--accept-key")
	_, err = h.install(t, newRelease("1.3.0", &mallory).file(t, t.TempDir()), Options{Choice: Choice{AcceptKey: true}})
	require.NoError(t, err)
}

func TestFailureAtAnyPointChangesNothing(t *testing.T) {
	t.Parallel()
	acme := newPublisher(t)
	for name, change := range map[string]func(h *shop, r *release){
		"no":             func(h *shop, _ *release) { h.answer = fault.Canceled() },
		"crash":          func(_ *shop, r *release) { r.program("crash") },
		"other name":     func(_ *shop, r *release) { r.program(program("acme", "lamp", "2.0.0")) },
		"other vendor":   func(_ *shop, r *release) { r.program(program("evil", "fleet", "2.0.0")) },
		"other version":  func(_ *shop, r *release) { r.program(program("acme", "fleet", "2.0.1")) },
		"more needs":     func(_ *shop, r *release) { r.program(program("acme", "fleet", "2.0.0", "login:write")) },
		"no system":      func(h *shop, _ *release) { h.System = "plan9/mips" },
		"future feature": func(_ *shop, r *release) { r.manifest.Requires = []string{"time-travel"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newShop(t)
			_, err := h.install(t, newRelease("1.0.0", &acme, "device").file(t, t.TempDir()), Options{})
			require.NoError(t, err)
			r := newRelease("2.0.0", &acme, "device:write")
			change(h, r)
			_, err = h.install(t, r.file(t, t.TempDir()), Options{})
			require.Error(t, err)
			require.False(t, errors.Is(err, os.ErrNotExist), "%v", err)
			require.Equal(t, "1.0.0", h.active(t))
			require.Empty(t, h.leftovers(t))
		})
	}
}

// program replaces the executable for this system.
func (r *release) program(text string) {
	f := &r.manifest.Files[0]
	r.content[f.Path] = text
	f.Size, f.SHA256 = int64(len(text)), digest(text)
}

func TestAVersionNeverChanges(t *testing.T) {
	t.Parallel()
	h, acme := newShop(t), newPublisher(t)
	_, err := h.install(t, newRelease("1.0.0", &acme).file(t, t.TempDir()), all)
	require.NoError(t, err)
	_, err = h.install(t, newRelease("1.0.0", &acme).file(t, t.TempDir()), all)
	require.NoError(t, err, "the same again")
	other := newRelease("1.0.0", &acme)
	other.content["README.md"] = "Read it."
	other.manifest.Files[2].SHA256 = digest("Read it.")
	_, err = h.install(t, other.file(t, t.TempDir()), all)
	require.ErrorContains(t, err, "a version never changes")
}

// What is damaged is mended by installing it again.
func TestDamagedVersionIsFoundAndReplaced(t *testing.T) {
	t.Parallel()
	h, acme := newShop(t), newPublisher(t)
	archive := newRelease("1.0.0", &acme).file(t, t.TempDir())
	_, err := h.install(t, archive, all)
	require.NoError(t, err)
	path := h.executable(ID{"acme", "fleet"}, "1.0.0")
	require.NoError(t, os.WriteFile(path, []byte("evil"), 0o700))
	checked, err := h.Verify(t.Context(), []string{"fleet"})
	require.NoError(t, err)
	require.Contains(t, checked[0].GetProblem(), "was changed")
	_, err = h.install(t, archive, all)
	require.NoError(t, err)
	require.Equal(t, "1.0.0", h.active(t))
}

func TestGroupsOfOthersAreTaken(t *testing.T) {
	t.Parallel()
	h, acme, evil := newShop(t), newPublisher(t), newPublisher(t)
	_, err := h.install(t, newRelease("1.0.0", &acme).file(t, t.TempDir()), all)
	require.NoError(t, err)
	r := newRelease("1.0.0", &evil)
	r.manifest.Vendor = "evil"
	r.program(program("evil", "fleet", "1.0.0"))
	_, err = h.install(t, r.file(t, t.TempDir()), all)
	require.ErrorContains(t, err, "from another vendor")
}
