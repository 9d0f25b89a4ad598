package app

import (
	"crypto/tls"
	"net/http"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/electricimp/impt/core/internal/impcentral"
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
		HTTP:         a.webTransport(),
	}
	if a.vars.data != "" {
		s.Dir = filepath.Join(a.vars.data, "store")
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

// web makes requests without credentials. It is made when it is needed.
type web struct {
	vars variables
	once sync.Once
	next http.RoundTripper
}

func (a app) webTransport() http.RoundTripper { return &web{vars: a.vars} }

// RoundTrip implements http.RoundTripper.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.once.Do(func() {
		w.next = &http.Transport{
			Proxy:                 w.vars.proxies.For,
			TLSClientConfig:       &tls.Config{RootCAs: impcentral.TrustedRoots(w.vars.rootFiles), MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:   30 * time.Second,
			ResponseHeaderTimeout: time.Minute,
			ForceAttemptHTTP2:     true,
		}
	})
	return w.next.RoundTrip(r)
}
