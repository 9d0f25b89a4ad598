// Package host serves what a running command can ask for: the service Host of
// the contract, for the length of one run. It holds no state of its own beyond
// the run's secrets; impCentral, the login, the project and the terminal are
// each behind the package that knows them.
package host

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/core/internal/settings"
	"github.com/electricimp/impt/core/internal/store"
	"github.com/electricimp/impt/core/internal/workshop"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Config is what a Session is made of.
type Config struct {
	// Plugin is the name of the plugin that runs.
	Plugin string
	// Identity and Version are what sentences call it by; without an identity
	// its name is.
	Identity, Version string
	// Bundled tells that it came with impt.
	Bundled bool
	// Granted is the most that the plugin may do, whatever it declares, if
	// Limited is set.
	Granted []*pluginv1.Capability
	Limited bool
	// Plugins are those that there are.
	Plugins *store.Store
	// Settings are what the plugin keeps for the user.
	Settings settings.Store
	// Workshop is for those who make plugins.
	Workshop workshop.Workshop
	// ConfigFile is what it declared of its configuration file; nil if none.
	ConfigFile *pluginv1.ConfigFile
	// Command is what it declared, Options are the values it gets.
	Command *pluginv1.Command
	Options []*pluginv1.OptionValue
	// Secrets are the values of secret options, which it does not get.
	Secrets map[string]string
	// Confirmed answers yes to every confirmation.
	Confirmed bool
	// Dir is the working directory.
	Dir     string
	Printer *output.Printer
	// Auth is where logins are looked for; the session sets Connect.
	Auth auth.Environment
	// Connect makes the client of an endpoint.
	Connect func(endpoint string, tokens impcentral.TokenSource) *impcentral.Client
	// Sources is asked when a command reads source code.
	Sources func() SourceAccess
}

// subject is what sentences call the plugin.
func (c Config) subject() string {
	return fault.Plugin(cmp.Or(c.Identity, c.Plugin), c.Version)
}

// Session serves one run of one command.
type Session struct {
	pluginv1.UnimplementedHostServer

	cfg      Config
	grants   grants
	vault    vault
	keys     keys
	deeds    deeds
	refusals refusals
	files    *files
	own      ownFiles
	waiting  interrupts
	store    *resolve.Store
	library  library
	silent   bool
	left     atomic.Bool // the user has left a question

	client    func() (*impcentral.Client, error)
	connected atomic.Pointer[impcentral.Client]
}

// New makes the session of a run. The options' secrets get their handles.
func New(cfg Config) *Session {
	s := &Session{cfg: cfg, grants: newGrants(cfg)}
	for _, o := range cfg.Options {
		if _, hidden := o.GetValue().(*pluginv1.OptionValue_Secret); hidden {
			o.Value = &pluginv1.OptionValue_Secret{Secret: s.handleOf(o.GetName())}
		}
	}
	s.files, s.own = newFiles(cfg.Dir, cfg.Command, cfg.Options), cfg.ownFiles()
	if s.grants.need("builder", changing) == nil {
		s.files.allowDirectories(cacheDirectory, buildDirectory)
	}
	s.library.access = cfg.Sources
	s.cfg.Auth.Connect = s.clientOf
	s.client = sync.OnceValues(func() (*impcentral.Client, error) {
		login, err := auth.Find(s.cfg.Auth)
		if err != nil {
			return nil, err
		}
		client := cfg.Connect(login.Endpoint(), login)
		s.connected.Store(client)
		return client, nil
	})
	s.store = resolve.New(resolve.Config{API: lazy{s.client}, Permit: s.grants.request})
	return s
}

// Close ends what the command has left open.
func (s *Session) Close() error { return s.library.close() }

// clientOf is the client by which to log in at an endpoint: the run's own, if
// it is the same endpoint, so that its connection is used again.
func (s *Session) clientOf(endpoint string) auth.API {
	if client := s.connected.Load(); client != nil && client.Endpoint() == endpoint {
		return client
	}
	return s.cfg.Connect(endpoint, nil)
}

// handleOf is what the plugin gets for a secret option.
func (s *Session) handleOf(option string) *pluginv1.Secret {
	value := s.cfg.Secrets[option]
	for _, o := range s.cfg.Command.GetOptions() {
		if o.GetName() == option && o.GetEntity() == string(entity.LoginKey) {
			return &pluginv1.Secret{Handle: s.keys.keep(value), Empty: value == ""}
		}
	}
	return s.vault.keep(value)
}

// Warm opens the connection to impCentral ahead, while the plugin starts, if
// the command is one that will need it. It asks nothing of impCentral.
func (s *Session) Warm(ctx context.Context) {
	if !s.grants.cloud() {
		return
	}
	if client, err := s.client(); err == nil {
		client.Warm(ctx)
	}
}

// failure turns a failure into what crosses the contract.
func (s *Session) failure(err error) error {
	if err == nil {
		return nil
	}
	s.refusals.note(err)
	return fault.Status(s.keys.fault(err, s.keys.hide))
}

// Reveal is how the user reads a failure that a plugin handed on.
func (s *Session) Reveal(err error) error { return s.keys.fault(err, s.keys.reveal) }
