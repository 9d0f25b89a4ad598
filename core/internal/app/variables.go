package app

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/completion"
	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/core/internal/settings"
	"github.com/electricimp/impt/core/internal/store"
	"github.com/electricimp/impt/core/internal/workshop"
)

// variables are what the environment tells, read once.
type variables struct {
	term, noColor string
	// cache, data and state are the user's folders for this program; "" without
	// a home directory.
	cache, data, state string
	pluginPath         []string
	auth               auth.Variables
	proxies            impcentral.Proxies
	rootFiles          []string
	bundleFile         string
	plugins            plugin.Environment
	// What is about installing plugins.
	policies                  []string
	pluginIndex, dockerConfig string
	registry                  store.Credentials
}

func readVariables(w World) variables {
	get := func(name string) string { v, _ := w.Env(name); return v }
	v := variables{
		term:    get("TERM"),
		noColor: get("NO_COLOR"),
		auth: auth.Variables{
			AuthFilePath: get("IMPT_AUTH_FILE_PATH"),
			LoginKey:     get("IMPT_LOGINKEY"),
			User:         get("IMPT_USER"),
			Endpoint:     get("IMPT_ENDPOINT"),
		},
		proxies: impcentral.Proxies{
			HTTPS: first(get, "HTTPS_PROXY", "https_proxy"),
			HTTP:  first(get, "HTTP_PROXY", "http_proxy"),
			None:  first(get, "NO_PROXY", "no_proxy"),
		},
		bundleFile: get("SSL_CERT_FILE"),
		plugins: plugin.Environment{
			TempDir:    os.TempDir(),
			RuntimeDir: get("XDG_RUNTIME_DIR"),
			CoverDir:   get("GOCOVERDIR"),
			SystemRoot: get("SystemRoot"),
			Private:    []string{w.Home, filepath.Join(w.Dir, ".impt.auth"), get("IMPT_AUTH_FILE_PATH")},
		},
	}
	if password, given := w.Env("IMPT_PASSWORD"); given {
		v.auth.Password = &password
	}
	if roots := get("NODE_EXTRA_CA_CERTS"); roots != "" {
		v.rootFiles = []string{roots}
	}
	for _, folder := range filepath.SplitList(get("IMPT_PLUGIN_PATH")) {
		if filepath.IsAbs(folder) {
			v.pluginPath = append(v.pluginPath, folder)
		}
	}
	v.cache, v.data, v.state = folders(w.Home, get)
	v.policies, v.dockerConfig = policyFiles(get), dockerConfig(w.Home, get)
	v.pluginIndex = get("IMPT_PLUGIN_INDEX")
	v.registry = store.Credentials{
		Host: get("IMPT_REGISTRY"), User: get("IMPT_REGISTRY_USER"), Password: get("IMPT_REGISTRY_PASSWORD"),
	}
	return v
}

func first(get func(string) string, names ...string) string {
	for _, n := range names {
		if v := get(n); v != "" {
			return v
		}
	}
	return ""
}

// folders are where the program keeps its cache, its data and its records, by
// the customs of the system.
func folders(home string, get func(string) string) (cache, data, state string) {
	under := func(variable string, fallback ...string) string {
		base := get(variable)
		if !filepath.IsAbs(base) {
			if home == "" {
				return ""
			}
			base = filepath.Join(append([]string{home}, fallback...)...)
		}
		return filepath.Join(base, "impt")
	}
	switch runtime.GOOS {
	case "windows":
		data = under("LocalAppData", "AppData", "Local")
		return filepath.Join(data, "cache"), data, data
	case "darwin":
		data = under("XDG_DATA_HOME", "Library", "Application Support")
		return under("XDG_CACHE_HOME", "Library", "Caches"), data, data
	default:
		return under("XDG_CACHE_HOME", ".cache"), under("XDG_DATA_HOME", ".local", "share"), under("XDG_STATE_HOME", ".local", "state")
	}
}

// loading is where plugins are looked for.
func (a app) loading() plugin.Config {
	// Without a place of its own the program has no bundled plugins.
	bundled, _ := plugin.BundledFolder(a.world.Executable)
	installed := a.store(nil)
	return plugin.Config{
		Bundled:      bundled,
		Development:  workshop.Workshop{Data: a.vars.data}.Folder(),
		Installed:    installed.Active,
		InstalledKey: installed.Key(),
		User:         a.vars.inData("plugins"),
		Path:         a.vars.pluginPath,
		CacheDir:     a.vars.cache,
		Version:      Version,
		Features:     Features,
		Reserved:     []string{completion.GroupName},
		Validate:     cli.Validate,
		Environment:  a.vars.plugins,
		Limits:       a.world.limits,
	}
}

// workshop is what the authors of plugins need.
func (a app) workshop(index *plugin.Index) workshop.Workshop {
	return workshop.Workshop{
		Dir: a.world.Dir, Data: a.vars.data, Executable: a.world.Executable,
		Index: index, Loading: a.loading(),
	}
}

// inData is a folder in that for data; "" if there is none.
func (v variables) inData(name string) string {
	if v.data == "" {
		return ""
	}
	return filepath.Join(v.data, name)
}

// settings are what a plugin keeps for the user.
func (a app) settings(p *plugin.Plugin) settings.Store {
	return settings.Store{Dir: a.vars.inData("settings"), Plugin: p.Identity(), Version: p.Version}
}

// locks is where processes that renew the same token wait for each other.
func (a app) locks() string {
	if a.vars.cache == "" {
		return ""
	}
	return filepath.Join(a.vars.cache, "locks")
}
