package app

import (
	"slices"
	"strings"
	"time"

	"github.com/electricimp/impt/core/internal/host"
	"github.com/electricimp/impt/sdk/builder/source"
)

// sources is how source code is read, by the variables. Those about
// credentials are read here, as few commands need them.
func (a app) sources() host.SourceAccess {
	get := func(name string) string { v, _ := a.world.Env(name); return v }
	cfg := source.Config{
		GitHub: source.GitHub{
			Token: source.Secret(get("GITHUB_TOKEN")),
			API:   get("IMPT_GITHUB_API"),
		},
		Bitbucket: source.Bitbucket{
			Address: get("IMPT_BITBUCKET_ADDRESS"),
			User:    get("IMPT_BITBUCKET_USER"),
			Token:   source.Secret(get("IMPT_BITBUCKET_TOKEN")),
		},
		Azure: source.Azure{
			Address: get("IMPT_AZURE_ADDRESS"),
			User:    get("IMPT_AZURE_USER"),
			Token:   source.Secret(get("IMPT_AZURE_TOKEN")),
		},
		HTTP: source.HTTP{
			Transport: &web{vars: a.vars, handshake: 10 * time.Second},
			UserAgent: "impt/" + Version,
		},
	}
	if a.world.Environ != nil {
		// git is the user's own program, but no business of it.
		cfg.Git.Environ = slices.DeleteFunc(a.world.Environ(), ours)
	}
	return host.SourceAccess{
		Config: cfg,
		Variable: func(name string) (string, bool) {
			if secret(name) {
				return "", false
			}
			return a.world.Env(name)
		},
	}
}

func ours(variable string) bool { return strings.HasPrefix(strings.ToUpper(variable), "IMPT_") }

// secret tells whether a variable may hold one of impt's secrets: source code
// that somebody else has written could send it away. A proxy may have a
// password.
func secret(name string) bool {
	upper := strings.ToUpper(name)
	return ours(name) || upper == "GITHUB_TOKEN" || strings.HasSuffix(upper, "_PROXY")
}
