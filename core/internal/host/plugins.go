package host

import (
	"context"

	"github.com/electricimp/impt/core/internal/settings"
	"github.com/electricimp/impt/core/internal/store"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// managed is the store as a command may use it that may do as much. It asks the
// user by this run's terminal.
func (s *Session) managed(access pluginv1.Access) (*store.Store, error) {
	if err := s.grants.need("plugins", access); err != nil {
		return nil, err
	}
	all := *s.cfg.Plugins
	all.Ask = func(ctx context.Context, option string, lines []string) error {
		return s.cfg.Printer.Confirm(ctx, &pluginv1.Confirm{Messages: lines}, option)
	}
	all.Password = func(ctx context.Context) (string, error) {
		return s.cfg.Printer.Line(ctx, "password of the key file", true, "")
	}
	return &all, nil
}

func optionsOf(o *pluginv1.InstallOptions) store.Options {
	return store.Options{
		Choice:    store.Choice{Unsigned: o.GetUnsigned(), AcceptKey: o.GetAcceptKey()},
		Grants:    o.GetGrants(),
		Downgrade: o.GetDowngrade(),
		Lock:      o.GetLock(),
	}
}

// ListPlugins tells which plugins there are.
func (s *Session) ListPlugins(ctx context.Context, _ *pluginv1.ListPluginsRequest) (*pluginv1.ListPluginsResponse, error) {
	all, err := s.managed(reading)
	if err != nil {
		return nil, s.failure(err)
	}
	plugins, err := all.List(ctx)
	return &pluginv1.ListPluginsResponse{Plugins: plugins}, s.failure(err)
}

// VerifyPlugins looks at the files of plugins again.
func (s *Session) VerifyPlugins(ctx context.Context, r *pluginv1.VerifyPluginsRequest) (*pluginv1.VerifyPluginsResponse, error) {
	all, err := s.managed(reading)
	if err != nil {
		return nil, s.failure(err)
	}
	plugins, err := all.Verify(ctx, r.GetPlugins())
	return &pluginv1.VerifyPluginsResponse{Plugins: plugins}, s.failure(err)
}

// InstallPlugin installs a plugin, or another version of one.
func (s *Session) InstallPlugin(ctx context.Context, r *pluginv1.InstallPluginRequest) (*pluginv1.InstallPluginResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	p, err := all.Install(ctx, r.GetSource(), r.GetIndex(), optionsOf(r.GetOptions()))
	return &pluginv1.InstallPluginResponse{Plugin: p}, s.failure(err)
}

// InstallLocked installs what the lock file has.
func (s *Session) InstallLocked(ctx context.Context, r *pluginv1.InstallLockedRequest) (*pluginv1.InstallLockedResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	plugins, err := all.InstallFrozen(ctx, r.GetBundle(), optionsOf(r.GetOptions()))
	return &pluginv1.InstallLockedResponse{Plugins: plugins}, s.failure(err)
}

// UpdatePlugins installs newer versions of plugins.
func (s *Session) UpdatePlugins(ctx context.Context, r *pluginv1.UpdatePluginsRequest) (*pluginv1.UpdatePluginsResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	plugins, err := all.Update(ctx, r.GetPlugins(), optionsOf(r.GetOptions()))
	return &pluginv1.UpdatePluginsResponse{Plugins: plugins}, s.failure(err)
}

// RollbackPlugin makes the version active that was so before.
func (s *Session) RollbackPlugin(ctx context.Context, r *pluginv1.RollbackPluginRequest) (*pluginv1.RollbackPluginResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	p, err := all.Rollback(ctx, r.GetPlugin())
	return &pluginv1.RollbackPluginResponse{Plugin: p}, s.failure(err)
}

// RemovePlugin removes a plugin.
func (s *Session) RemovePlugin(ctx context.Context, r *pluginv1.RemovePluginRequest) (*pluginv1.RemovePluginResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	p, err := all.Remove(ctx, r.GetPlugin())
	if err == nil {
		// What it kept goes with it.
		err = settings.Store{Dir: s.cfg.Settings.Dir, Plugin: p.GetVendor() + "/" + p.GetName()}.Remove()
	}
	return &pluginv1.RemovePluginResponse{Plugin: p}, s.failure(err)
}

// PackPlugin makes an archive of a plugin.
func (s *Session) PackPlugin(ctx context.Context, r *pluginv1.PackPluginRequest) (*pluginv1.PackPluginResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	p, err := all.Pack(ctx, r.GetFolder(), r.GetTo(), r.GetKeyFile(), r.GetNewKey())
	if err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.PackPluginResponse{
		File: p.File, Sha256: p.SHA256,
		Plugin: &pluginv1.InstalledPlugin{
			Name: p.Manifest.Name, Vendor: p.Manifest.Vendor, Version: p.Manifest.Version,
			Key: p.Key, Grants: p.Manifest.Needs, May: p.Manifest.Needs.Sentence(),
		},
	}, nil
}

// BundlePlugins makes a file for machines without a network.
func (s *Session) BundlePlugins(ctx context.Context, r *pluginv1.BundlePluginsRequest) (*pluginv1.BundlePluginsResponse, error) {
	all, err := s.managed(changing)
	if err != nil {
		return nil, s.failure(err)
	}
	file, names, err := all.Bundle(ctx, r.GetTo())
	return &pluginv1.BundlePluginsResponse{File: file, Plugins: names}, s.failure(err)
}
