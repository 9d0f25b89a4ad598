package host

import (
	"context"

	"github.com/electricimp/impt/core/internal/project"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Project returns what the project file says.
func (s *Session) Project(context.Context, *pluginv1.ProjectRequest) (*pluginv1.ProjectResponse, error) {
	if err := s.grants.need("project", reading); err != nil {
		return nil, s.failure(err)
	}
	p, err := project.Read(s.cfg.Dir)
	if err != nil {
		return nil, s.failure(err)
	}
	if p == nil {
		return &pluginv1.ProjectResponse{}, nil
	}
	s.files.allow(s.grants.need("project", changing) == nil, p.DeviceFile, p.AgentFile)
	return &pluginv1.ProjectResponse{
		Exists:        true,
		DeviceGroupId: p.DeviceGroupID,
		DeviceFile:    p.DeviceFile,
		AgentFile:     p.AgentFile,
	}, nil
}

// SaveProject replaces the project file.
func (s *Session) SaveProject(_ context.Context, r *pluginv1.SaveProjectRequest) (*pluginv1.SaveProjectResponse, error) {
	if err := s.grants.need("project", changing); err != nil {
		return nil, s.failure(err)
	}
	p := &project.File{}
	if r.GetKeepOthers() {
		old, err := project.Read(s.cfg.Dir)
		if err != nil {
			return nil, s.failure(err)
		}
		if old != nil {
			p = old
		}
	}
	p.DeviceGroupID, p.DeviceFile, p.AgentFile = r.GetDeviceGroupId(), r.GetDeviceFile(), r.GetAgentFile()
	return &pluginv1.SaveProjectResponse{}, s.failure(project.Write(s.cfg.Dir, p))
}

// DeleteProject deletes the project file.
func (s *Session) DeleteProject(context.Context, *pluginv1.DeleteProjectRequest) (*pluginv1.DeleteProjectResponse, error) {
	if err := s.grants.need("project", changing); err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.DeleteProjectResponse{}, s.failure(project.Remove(s.cfg.Dir))
}
