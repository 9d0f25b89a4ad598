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
