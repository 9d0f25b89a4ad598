//go:build unix

package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
)

func TestLongTempDirWithBlanksAndOtherLetters(t *testing.T) {
	t.Parallel()
	long := filepath.Join(t.TempDir(), strings.Repeat("ü b/", 60))
	require.NoError(t, os.MkdirAll(long, 0o700))
	require.Greater(t, len(long), 200)
	h := newListener()
	p, err := Start(t.Context(), stub(t), StartOptions{Host: h, Environment: Environment{TempDir: long}, Limits: patient})
	require.NoError(t, err)
	require.NoError(t, p.Run(t.Context(), request("say")))
	require.NoError(t, p.Close())
	require.Equal(t, "hello", h.heard(t))
}

// When there is no better place, one with odd characters must do.
func TestRunDirectoryWithBlanksAndOtherLetters(t *testing.T) {
	t.Parallel()
	place := filepath.Join(surroundings(t).RuntimeDir, "ä % b")
	require.NoError(t, os.Mkdir(place, 0o700))
	for _, p := range []*Plugin{stub(t), installed(t, "obedient")} {
		dir, err := makeRunDir(place)
		require.NoError(t, err)
		h := newListener()
		process, err := startIn(t.Context(), dir, p, StartOptions{Host: h, Limits: patient})
		require.NoError(t, err)
		require.NoError(t, process.Run(t.Context(), request("say", "hello")))
		require.NoError(t, process.Close())
		require.Equal(t, "hello", h.heard(t))
	}
	require.NoError(t, os.Remove(place), "it is empty")
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("x", 200)
	require.Equal(t, []string{"/run/user/1", long, "/tmp", "/dev/shm"}, Environment{RuntimeDir: "/run/user/1", TempDir: long}.places())
	require.Equal(t, []string{"/tmp", "/dev/shm", "/a b"}, Environment{RuntimeDir: "run", TempDir: "/a b"}.places())
}

func TestPlacesThatWillNotDo(t *testing.T) {
	t.Parallel()
	dir := surroundings(t).RuntimeDir
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(dir, "open")); _ = os.RemoveAll(filepath.Join(dir, "squatted")) })
	open := filepath.Join(dir, "open")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, os.Chmod(open, 0o777))
	squatted := filepath.Join(dir, "squatted")
	require.NoError(t, os.Mkdir(squatted, 0o700))
	require.NoError(t, os.Symlink("/tmp", filepath.Join(squatted, homeName())))
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 100))
	require.NoError(t, os.Mkdir(long, 0o700))

	_, err := newRunDir([]string{open, squatted, long, filepath.Join(dir, "absent")})
	f := requireFault(t, err, "There is no place for the sockets of plugins. "+
		"Set TMPDIR to a folder with a short path in which only you can change files.")
	require.Equal(t, fault.FileKind, f.Kind)
	for _, text := range []string{"others may replace", "not a directory of our own", "longer than the", "no such file"} {
		require.ErrorContains(t, f.Cause, text)
	}
}

func TestRunDirectoriesOfTheLivingStay(t *testing.T) {
	t.Parallel()
	place := surroundings(t).RuntimeDir
	alive, err := makeRunDir(place)
	require.NoError(t, err)
	dead, err := makeRunDir(place)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dead.path, "host"), nil, 0o600))
	require.NoError(t, dead.lock.Close()) // as when its process ends

	next, err := makeRunDir(place)
	require.NoError(t, err)
	require.DirExists(t, alive.path)
	require.NoDirExists(t, dead.path)
	require.NoError(t, next.remove())
	require.NoError(t, alive.remove())
}

// Hosts that start at the same time take each other's new directory for a dead
// host's now and then.
func TestManyRunDirectoriesAtOnce(t *testing.T) {
	t.Parallel()
	place := surroundings(t).RuntimeDir
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for range 20 {
				d, err := makeRunDir(place)
				if err == nil {
					_, err = os.Stat(d.path)
				}
				if err == nil {
					err = d.remove()
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
