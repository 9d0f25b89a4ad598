// Package handshake has what host and plugin must agree on before they speak
// impt.plugin.v1: go-plugin's handshake, and the names under which the host
// tells a plugin how it is reached. Authors in other languages repeat these.
package handshake

// go-plugin's handshake. The cookie only tells a user who starts a plugin by
// hand that nobody is listening; it keeps nothing secret.
const (
	// Version is the version of the contract, meant to stay: what is new
	// has the name of a feature.
	Version = 1
	// CookieKey and CookieValue are in the environment of each plugin.
	CookieKey   = "IMPT_PLUGIN"
	CookieValue = "impt.plugin.v1"
)

// How a running command reaches the service Host.
const (
	// HostVariable names the environment variable with the address of Host,
	// for example unix:/run/user/1000/impt-1000/k3v9/host. It is absent when
	// there is no Host, that is for Describe.
	HostVariable = "IMPT_PLUGIN_HOST"
	// TokenVariable names the environment variable with the token of the run.
	TokenVariable = "IMPT_PLUGIN_TOKEN" //nolint:gosec // the name, not the token
	// TokenKey is the metadata key under which each call carries the token.
	TokenKey = "impt-token"
)

// MaxMessage is the size in bytes of the largest message, in both directions.
// It leaves room around the 16 MiB that a file may have.
const MaxMessage = 32 << 20

// MaxManifest is the size in bytes of the largest manifest.
const MaxManifest = 1 << 20
