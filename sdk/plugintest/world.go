package plugintest

import (
	"os"
	"strings"
)

// world is what the tests have of the machine, read once.
type world struct {
	environ []string
	// impt, cover and update are IMPT, GOCOVERDIR and IMPT_UPDATE.
	impt, cover string
	update      bool
	// cache is where builds are kept.
	cache string
}

func readWorld() world {
	w := world{environ: os.Environ(), cache: os.TempDir()} //nolint:forbidigo // the one place of this package
	w.impt = w.get("IMPT")
	w.cover = w.get("GOCOVERDIR")
	w.update = w.get("IMPT_UPDATE") != ""
	if cache, err := os.UserCacheDir(); err == nil {
		w.cache = cache
	}
	return w
}

func (w world) get(name string) string {
	value := ""
	for _, entry := range w.environ {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			value = v
		}
	}
	return value
}

// essential is what of the environment a process needs, whatever it is.
func (w world) essential() []string {
	var kept []string
	for _, name := range []string{"GOCOVERDIR", "SystemRoot", "GORACE"} {
		if v := w.get(name); v != "" {
			kept = append(kept, name+"="+v)
		}
	}
	return kept
}
