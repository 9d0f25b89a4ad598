package denials

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDenialsAreKeptEscapedAndBounded(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state", "impt")
	require.NoError(t, Record(dir, []Denial{{Plugin: "acme/fleet", Command: "x", What: "Paints \x1b[31mred\n" + strings.Repeat("é", 400), Count: 3}}))
	got, err := Of(dir, "acme/fleet")
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Contains(t, got[0].What, `Paints \x1b[31mred\n`)
	require.Less(t, len(got[0].What), 2*maxWhat)
	require.Equal(t, 3, got[0].Count)
	none, err := Of(dir, "acme/other")
	require.NoError(t, err)
	require.Empty(t, none)

	for i := range 400 {
		require.NoError(t, Record(dir, []Denial{{Plugin: "acme/fleet", What: fmt.Sprint("number ", i, " ", strings.Repeat("x", 250))}}))
		if i%100 == 0 {
			info, err := os.Stat(filepath.Join(dir, file))
			require.NoError(t, err)
			require.LessOrEqual(t, info.Size(), int64(maxSize))
		}
	}
	got, err = Of(dir, "acme/fleet")
	require.NoError(t, err)
	require.Greater(t, len(got), 50)
	require.Contains(t, got[len(got)-1].What, "number 399 ", "the newest stay")
}

func TestTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		all.Go(func() { errs[i] = Record(dir, []Denial{{Plugin: "p", What: fmt.Sprint(i)}}) })
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	got, err := Of(dir, "p")
	require.NoError(t, err)
	require.Len(t, got, len(errs), "none is lost")
}

// TestOddFiles: whatever is in the file is no failure, and no flood.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none, err := Of(dir, "p")
	require.NoError(t, err)
	require.Empty(t, none)
	require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(strings.Repeat("rubbish\n{}\n", maxSize)), 0o600))
	require.NoError(t, Record(dir, []Denial{{Plugin: "p", What: "x"}}))
	got, err := Of(dir, "p")
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.NoError(t, Record("", []Denial{{}}), "without a home nothing is kept")
}
