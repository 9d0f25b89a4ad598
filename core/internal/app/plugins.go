package app

import (
	"path/filepath"
	"runtime"
	"time"

	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/core/internal/store"
)

// store is what is installed. index is what this start has found; nil while it
// is looking.
func (a app) store(index *plugin.Index) *store.Store {
	s := &store.Store{
		Cache:        a.vars.cache,
		WorkDir:      a.world.Dir,
		Index:        index,
		System:       runtime.GOOS + "/" + runtime.GOARCH,
		Features:     Features,
		Policies:     a.vars.policies,
		IndexOf:      a.vars.pluginIndex,
		Registry:     a.vars.registry,
		DockerConfig: a.vars.dockerConfig,
		State:        a.vars.state,
		Dir:          a.vars.inData("store"),
		HTTP:         &web{vars: a.vars, handshake: 30 * time.Second, answer: time.Minute},
	}
	if index != nil {
		s.Describe = index.Describe
	}
	return s
}

// policyFiles are where an organization puts its rules for plugins.
func policyFiles(get func(string) string) []string {
	var all []string
	folders := filepath.SplitList(get("XDG_CONFIG_DIRS"))
	// The system's own folder counts whatever the variable says.
	switch runtime.GOOS {
	case "windows":
		folders = []string{get("ProgramData")}
	case "darwin":
		folders = append(folders, "/Library/Application Support", "/etc/xdg")
	default:
		folders = append(folders, "/etc/xdg")
	}
	for _, folder := range folders {
		if filepath.IsAbs(folder) {
			all = append(all, filepath.Join(folder, "impt", "policy.json"))
		}
	}
	if file := get("IMPT_PLUGIN_POLICY"); filepath.IsAbs(file) {
		all = append(all, file)
	}
	return all
}

// dockerConfig is the file with the user's credentials of registries.
func dockerConfig(home string, get func(string) string) string {
	folder := get("DOCKER_CONFIG")
	if folder == "" && home != "" {
		folder = filepath.Join(home, ".docker")
	}
	if !filepath.IsAbs(folder) {
		return ""
	}
	return filepath.Join(folder, "config.json")
}
