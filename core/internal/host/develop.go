package host

import (
	"context"

	"github.com/electricimp/impt/core/internal/workshop"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// CreatePlugin writes the first files of a plugin.
func (s *Session) CreatePlugin(_ context.Context, r *pluginv1.CreatePluginRequest) (*pluginv1.CreatePluginResponse, error) {
	if err := s.grants.need("plugins", changing); err != nil {
		return nil, s.failure(err)
	}
	directory, files, err := s.cfg.Workshop.Create(r.GetName(), r.GetVendor(), r.GetSdk())
	return &pluginv1.CreatePluginResponse{Directory: directory, Files: files}, s.failure(err)
}

// DevelopPlugin uses a plugin from its source, or no longer.
func (s *Session) DevelopPlugin(ctx context.Context, r *pluginv1.DevelopPluginRequest) (*pluginv1.DevelopPluginResponse, error) {
	if err := s.grants.need("plugins", changing); err != nil {
		return nil, s.failure(err)
	}
	if r.GetUndo() {
		name, err := s.cfg.Workshop.Undo(r.GetDirectory())
		return &pluginv1.DevelopPluginResponse{Plugin: name}, s.failure(err)
	}
	p, err := s.cfg.Workshop.Develop(ctx, r.GetDirectory())
	if err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.DevelopPluginResponse{Plugin: p.Identity()}, nil
}

// AttachPlugin has the next run of a plugin wait for a debugger.
func (s *Session) AttachPlugin(ctx context.Context, r *pluginv1.AttachPluginRequest) (*pluginv1.AttachPluginResponse, error) {
	if err := s.grants.need("plugins", changing); err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.AttachPluginResponse{}, s.failure(s.cfg.Workshop.Attach(ctx, r.GetPlugin()))
}

// CheckPlugin tells what an executable misses of the contract.
func (s *Session) CheckPlugin(ctx context.Context, r *pluginv1.CheckPluginRequest) (*pluginv1.CheckPluginResponse, error) {
	if err := s.grants.need("plugins", changing); err != nil {
		return nil, s.failure(err)
	}
	found, err := s.cfg.Workshop.Check(ctx, r.GetPath())
	return &pluginv1.CheckPluginResponse{Findings: messages(found)}, s.failure(err)
}

func messages(found []workshop.Finding) []*pluginv1.Finding {
	all := make([]*pluginv1.Finding, len(found))
	for i, f := range found {
		all[i] = &pluginv1.Finding{Expected: f.What, Missed: f.Missed, Skipped: f.Skipped}
	}
	return all
}
