// Package store has the installed plugins: which there are, how one is
// installed, and what it may do.
package store

import (
	"encoding/hex"

	"github.com/electricimp/impt/core/internal/plugin"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Store is the installed plugins, beside all others that were found.
type Store struct {
	// Index is what was found.
	Index *plugin.Index
}

// List returns all plugins by the names of their groups.
func (s *Store) List() []*pluginv1.InstalledPlugin {
	all := make([]*pluginv1.InstalledPlugin, len(s.Index.Plugins))
	for i, p := range s.Index.Plugins {
		all[i] = found(p)
	}
	return all
}

func found(p *plugin.Plugin) *pluginv1.InstalledPlugin {
	level := pluginv1.TrustLevel_TRUST_LEVEL_PLACED
	switch {
	case p.Bundled:
		level = pluginv1.TrustLevel_TRUST_LEVEL_BUNDLED
	case p.Development:
		level = pluginv1.TrustLevel_TRUST_LEVEL_DEVELOPMENT
	}
	problem := ""
	if p.Fault != nil {
		problem = p.Fault.Sentence
	}
	return &pluginv1.InstalledPlugin{
		Name:     p.Name,
		Vendor:   p.Vendor,
		Version:  p.Version,
		Level:    level,
		Synopsis: p.Synopsis,
		Path:     p.Path,
		Sha256:   hex.EncodeToString(p.SHA256),
		Problem:  problem,
	}
}
