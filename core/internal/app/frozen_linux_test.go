package app_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPluginOfTheFirstContract runs a plugin that was made when the contract
// was, and also says what no contract has: fields, kinds, roles, failures.
func TestPluginOfTheFirstContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.installAs("frozen", w.frozen)
	w.logIn(valid)
	require.Contains(t, w.impt("frozen", "--help").stdout, "impt frozen tour")
	r := w.impt("frozen", "tour", "--product", "Weatherglass", "--file", "note", "-q")
	require.Equal(t, result{stdout: `1 found, 1 missing, 1 in all, HTTP 200
read "written\n", login true, project false
Frozen: 
  age: old
IMPT COMMAND SUCCEEDS
`}, r)
	require.Equal(t, "written\n", w.read(filepath.Join(w.work, "note")))

	r = w.impt("frozen", "future")
	require.Equal(t, result{code: 1, stdout: `of an unknown kind
a question of no kind: Unknown
Error: It failed in a way of its own.
Do something else.
IMPT COMMAND FAILS
`}, r)
	r = w.impt("example/frozen", "tour", "--product", "Barometer", "--file", "note", "--ghost", "x", "-z", "json")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.stdout, `Product \"Barometer\" is not found.`)
}
