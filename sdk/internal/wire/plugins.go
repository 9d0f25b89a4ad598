package wire

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// ListPlugins tells which plugins there are.
func (h Host) ListPlugins(ctx context.Context) ([]*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.ListPlugins(ctx, &pluginv1.ListPluginsRequest{})
	return answer.GetPlugins(), received(err)
}

// VerifyPlugins looks at the files of plugins again.
func (h Host) VerifyPlugins(ctx context.Context, r *pluginv1.VerifyPluginsRequest) ([]*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.VerifyPlugins(ctx, r)
	return answer.GetPlugins(), received(err)
}

// InstallPlugin installs a plugin.
func (h Host) InstallPlugin(ctx context.Context, r *pluginv1.InstallPluginRequest) (*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.InstallPlugin(ctx, r)
	return answer.GetPlugin(), received(err)
}

// InstallLocked installs what the lock file has.
func (h Host) InstallLocked(ctx context.Context, r *pluginv1.InstallLockedRequest) ([]*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.InstallLocked(ctx, r)
	return answer.GetPlugins(), received(err)
}

// UpdatePlugins installs newer versions.
func (h Host) UpdatePlugins(ctx context.Context, r *pluginv1.UpdatePluginsRequest) ([]*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.UpdatePlugins(ctx, r)
	return answer.GetPlugins(), received(err)
}

// RollbackPlugin returns to the version before.
func (h Host) RollbackPlugin(ctx context.Context, r *pluginv1.RollbackPluginRequest) (*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.RollbackPlugin(ctx, r)
	return answer.GetPlugin(), received(err)
}

// RemovePlugin removes a plugin.
func (h Host) RemovePlugin(ctx context.Context, r *pluginv1.RemovePluginRequest) (*pluginv1.InstalledPlugin, error) {
	answer, err := h.Client.RemovePlugin(ctx, r)
	return answer.GetPlugin(), received(err)
}

// PackPlugin makes an archive.
func (h Host) PackPlugin(ctx context.Context, r *pluginv1.PackPluginRequest) (*pluginv1.PackPluginResponse, error) {
	answer, err := h.Client.PackPlugin(ctx, r)
	return answer, received(err)
}

// BundlePlugins makes a file for machines without a network.
func (h Host) BundlePlugins(ctx context.Context, r *pluginv1.BundlePluginsRequest) (*pluginv1.BundlePluginsResponse, error) {
	answer, err := h.Client.BundlePlugins(ctx, r)
	return answer, received(err)
}
