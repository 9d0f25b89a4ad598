package sdk

import (
	"context"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Scope tells the two auth files apart.
type Scope int

// The auth files.
const (
	// Applying is the login that applies in the working directory.
	Applying Scope = iota
	// Global is the file in the home directory.
	Global
	// Local is the file in the working directory.
	Local
)

// String is the scope as messages have it.
func (s Scope) String() string {
	if s == Local {
		return "Local"
	}
	return "Global"
}

// Credentials are what to log in with: a user and a password, or a login key.
type Credentials struct {
	Scope    Scope
	Endpoint string
	// Temporary stores nothing that could renew the access token.
	Temporary bool
	User      string
	Password  *Secret
	LoginKey  *Secret
}

// Login logs in and replaces the auth file. The host asks for a one-time
// password when it is needed. Needs Login.
func (c *Call) Login(ctx context.Context, with Credentials) error {
	return c.host.Login(ctx, &pluginv1.LoginRequest{
		Scope:     pluginv1.LoginScope(with.Scope), //nolint:gosec // one of three
		Endpoint:  with.Endpoint,
		Temporary: with.Temporary,
		User:      with.User,
		Password:  with.Password.wire(),
		LoginKey:  with.LoginKey.wire(),
	})
}

// Logout deletes an auth file. Needs Login.
func (c *Call) Logout(ctx context.Context, s Scope) error {
	return c.host.Logout(ctx, pluginv1.LoginScope(s)) //nolint:gosec // one of three
}

// LoginState describes a login, without its secrets.
type LoginState struct {
	Exists bool
	// Source is where the login comes from, as `auth info` shows it.
	Source   string
	Endpoint string
	// Renewable tells that the access token renews itself, LoginKey by what.
	Renewable, LoginKey bool
	// Expired and MinutesLeft are about the access token.
	Expired     bool
	MinutesLeft int64
	// Err tells why the login cannot be used.
	Err error
}

// LoginState tells which login there is. Needs LoginStatus.
func (c *Call) LoginState(ctx context.Context, s Scope) (LoginState, error) {
	a, err := c.host.AuthStatus(ctx, pluginv1.LoginScope(s)) //nolint:gosec // one of three
	if err != nil {
		return LoginState{}, err
	}
	return LoginState{
		Exists:      a.GetExists(),
		Source:      source(a),
		Endpoint:    a.GetEndpoint(),
		Renewable:   a.GetRenewable(),
		LoginKey:    a.GetLoginKey(),
		Expired:     a.GetExpired(),
		MinutesLeft: a.GetMinutesLeft(),
		Err:         faultOf(a.GetFault()),
	}, nil
}

func source(a *pluginv1.AuthStatusResponse) string {
	switch a.GetSource() {
	case pluginv1.LoginSource_LOGIN_SOURCE_GLOBAL:
		return "Global Auth file"
	case pluginv1.LoginSource_LOGIN_SOURCE_LOCAL:
		return "Local Auth file"
	case pluginv1.LoginSource_LOGIN_SOURCE_PATH:
		return "Auth file path: " + a.GetPath()
	case pluginv1.LoginSource_LOGIN_SOURCE_VARIABLES:
		return "Environment variables"
	case pluginv1.LoginSource_LOGIN_SOURCE_UNSPECIFIED:
	}
	return ""
}

func faultOf(p *pluginv1.Fault) error {
	if f := fault.FromProto(p); f != nil {
		return f
	}
	return nil
}
