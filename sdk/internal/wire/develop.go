package wire

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// CreatePlugin writes the first files of a plugin.
func (h Host) CreatePlugin(ctx context.Context, r *pluginv1.CreatePluginRequest) (*pluginv1.CreatePluginResponse, error) {
	answer, err := h.Client.CreatePlugin(ctx, r)
	return answer, received(err)
}

// DevelopPlugin uses a plugin from its source, and returns its name.
func (h Host) DevelopPlugin(ctx context.Context, r *pluginv1.DevelopPluginRequest) (string, error) {
	answer, err := h.Client.DevelopPlugin(ctx, r)
	return answer.GetPlugin(), received(err)
}

// AttachPlugin has the next run of a plugin wait for a debugger.
func (h Host) AttachPlugin(ctx context.Context, plugin string) error {
	_, err := h.Client.AttachPlugin(ctx, &pluginv1.AttachPluginRequest{Plugin: plugin})
	return received(err)
}

// CheckPlugin tells what an executable misses of the contract.
func (h Host) CheckPlugin(ctx context.Context, path string) ([]*pluginv1.Finding, error) {
	answer, err := h.Client.CheckPlugin(ctx, &pluginv1.CheckPluginRequest{Path: path})
	return answer.GetFindings(), received(err)
}
