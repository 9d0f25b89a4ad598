package host

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Plugins are what bundled groups may ask about plugins.
type Plugins interface {
	// List returns all plugins by the names of their groups.
	List() []*pluginv1.InstalledPlugin
}

// ListPlugins tells which plugins there are.
func (s *Session) ListPlugins(context.Context, *pluginv1.ListPluginsRequest) (*pluginv1.ListPluginsResponse, error) {
	if err := s.grants.need("plugins", reading); err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.ListPluginsResponse{Plugins: s.cfg.Plugins.List()}, nil
}
