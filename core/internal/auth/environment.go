package auth

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// DefaultEndpoint is impCentral's own API.
const DefaultEndpoint = "https://api.electricimp.com/v5"

// FileName is the name of every auth file.
const FileName = ".impt.auth"

// API makes requests; *impcentral.Client does.
type API interface {
	Do(ctx context.Context, r impcentral.Request) (impcentral.Response, error)
}

// Environment is all that logins depend on.
type Environment struct {
	// Home is the directory of the global auth file, Dir the working
	// directory; both are absolute.
	Home, Dir string
	Variables Variables
	// LockDir is where processes that renew the same token wait for each
	// other. It is made when needed; empty for no waiting.
	LockDir string
	// Connect returns the client for an endpoint. It may be the one that has
	// the login as its TokenSource: no token is asked for to get one.
	Connect func(endpoint string) API
	// Ask asks the user for what, for example a password, unseen if hidden.
	Ask func(ctx context.Context, what string, hidden bool) (string, error)
	// Now is the present time.
	Now func() time.Time
}

// Variables are the values of the variables that have to do with logins. Empty
// ones count as absent, but for Password.
type Variables struct {
	// AuthFilePath is IMPT_AUTH_FILE_PATH, the directory of an auth file.
	AuthFilePath string
	// LoginKey is IMPT_LOGINKEY.
	LoginKey string
	// User is IMPT_USER.
	User string
	// Password is IMPT_PASSWORD; nil if it is not set: it is asked for.
	Password *string
	// Endpoint is IMPT_ENDPOINT.
	Endpoint string
}

// String tells nothing, because there are secrets.
func (Variables) String() string { return "auth.Variables" }

// GoString tells nothing, because there are secrets.
func (Variables) GoString() string { return "auth.Variables" }

// Source is where a login comes from.
type Source = pluginv1.LoginSource

// The sources of logins.
const (
	Global        = pluginv1.LoginSource_LOGIN_SOURCE_GLOBAL
	Local         = pluginv1.LoginSource_LOGIN_SOURCE_LOCAL
	Path          = pluginv1.LoginSource_LOGIN_SOURCE_PATH
	FromVariables = pluginv1.LoginSource_LOGIN_SOURCE_VARIABLES
)

// Scope tells the local from the global auth file.
type Scope = pluginv1.LoginScope

// The scopes of logins. ScopeAny is whichever login applies.
const (
	ScopeAny    = pluginv1.LoginScope_LOGIN_SCOPE_UNSPECIFIED
	ScopeGlobal = pluginv1.LoginScope_LOGIN_SCOPE_GLOBAL
	ScopeLocal  = pluginv1.LoginScope_LOGIN_SCOPE_LOCAL
)

// place is where a login is, or would be.
type place struct {
	source Source
	file   string // absolute; empty for FromVariables
	shown  string // the file as messages name it
	which  string // "Global Auth"
	hints  []string
}

func (e Environment) place(s Source) place {
	switch s {
	case Local:
		return place{s, filepath.Join(e.Dir, FileName), FileName, "Local Auth", relogin("impt auth login --local")}
	case Path:
		shown := filepath.Join(e.Variables.AuthFilePath, FileName)
		file := shown
		if !filepath.IsAbs(file) {
			file = filepath.Join(e.Dir, file)
		}
		return place{s, file, shown, "Auth", nil}
	case Global:
		file := filepath.Join(e.Home, FileName)
		return place{s, file, file, "Global Auth", relogin("impt auth login")}
	default:
		return place{source: FromVariables, which: "Auth"}
	}
}

func relogin(command string) []string {
	return []string{`Please relogin using "` + command + `" command and then try again.`}
}

// exists tells whether there is a file, whatever it holds.
func (p place) exists() bool {
	_, err := os.Stat(p.file)
	return err == nil
}

// applies finds the login that applies in the working directory.
func (e Environment) applies() (place, error) {
	if local := e.place(Local); local.exists() {
		return local, nil
	}
	if e.Variables.AuthFilePath != "" {
		named := e.place(Path)
		if !named.exists() {
			return named, fault.MissingFile(named.which)
		}
		return named, nil
	}
	if e.Variables.LoginKey != "" || e.Variables.User != "" {
		return e.place(FromVariables), nil
	}
	if global := e.place(Global); global.exists() {
		return global, nil
	}
	return place{}, fault.NotLoggedIn()
}

func (e Environment) now() time.Time {
	if e.Now == nil {
		return time.Now()
	}
	return e.Now()
}

func (e Environment) scoped(s Scope) place {
	if s == ScopeLocal {
		return e.place(Local)
	}
	return e.place(Global)
}
