package plugintest

import (
	"os"
	"path/filepath"
	"testing"
)

// Impt is the program that transcripts run, for tests that need it without a
// transcript.
type Impt struct {
	// Path of the executable, Plugins the folder of the plugins that come with
	// it.
	Path, Plugins string
	world         world
	cache         string
}

// Find returns the impt that the package documentation tells of.
func Find(t testing.TB) Impt {
	t.Helper()
	w := readWorld()
	p, err := findProgram(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return Impt{p.executable(), p.plugins, w, p.cache}
}

// Environment is what impt runs with, in a home directory of its own and
// without a controlling terminal. Variables come after it.
func (i Impt) Environment(t testing.TB, home string, variables ...string) []string {
	t.Helper()
	cache := filepath.Join(home, ".cache")
	if i.cache != "" {
		if err := copyFile(indexIn(cache), indexIn(i.cache)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	return append(append(i.world.essential(),
		"HOME="+home, "USERPROFILE="+home, cacheVariable()+"="+cache),
		variables...)
}
