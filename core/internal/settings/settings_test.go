package settings_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/settings"
	"github.com/electricimp/impt/sdk/fault"
)

func TestSecretsAreKeptPrivately(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "settings")
	s := settings.Store{Dir: dir, Plugin: "acme/stamp"}
	_, err := s.Seal("key", []byte("data"))
	require.True(t, fault.Is(err, fault.NotFoundKind))
	require.NoError(t, s.Keep(t.Context(), "key", "correct-horse"))
	require.NoError(t, s.Save(t.Context(), []byte(`{"by":"ann"}`)))
	content, names, err := s.Load()
	require.NoError(t, err)
	require.JSONEq(t, `{"by":"ann"}`, string(content))
	require.Equal(t, []string{"key"}, names)
	seal, err := s.Seal("key", []byte("data"))
	require.NoError(t, err)
	require.Len(t, seal, 32)
	require.NotContains(t, string(seal), "correct")
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, "acme.stamp.json"))
		require.NoError(t, err)
		require.EqualValues(t, 0o600, info.Mode().Perm())
	}

	// Another plugin has its own.
	_, err = settings.Store{Dir: dir, Plugin: "acme/other"}.Seal("key", nil)
	require.True(t, fault.Is(err, fault.NotFoundKind))
	require.NoError(t, s.Forget(t.Context(), "key"))
	_, err = s.Seal("key", nil)
	require.True(t, fault.Is(err, fault.NotFoundKind))
	require.NoError(t, s.Remove())
	require.NoError(t, s.Remove())
	require.NoFileExists(t, filepath.Join(dir, "acme.stamp.json"))
}

func TestNobodyLosesWhatAnotherRunKeeps(t *testing.T) {
	t.Parallel()
	s := settings.Store{Dir: t.TempDir(), Plugin: "acme/stamp"}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := s.Keep(t.Context(), "key-"+strconv.Itoa(i), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	_, names, err := s.Load()
	require.NoError(t, err)
	require.Len(t, names, 20)
	require.Error(t, s.Save(t.Context(), []byte("[]")))
	require.Error(t, s.Keep(t.Context(), "long", string(make([]byte, 17<<10))))
	require.Error(t, settings.Store{Plugin: "x"}.Keep(t.Context(), "a", "b"), "there is no directory")
}
