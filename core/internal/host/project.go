package host

import (
	"context"
	"path/filepath"

	"github.com/electricimp/impt/core/internal/project"
	"github.com/electricimp/impt/sdk/document"
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
	s.allowSources(p)
	var preprocess []byte
	if p.Preprocess != nil {
		preprocess = document.Encode(p.Preprocess)
	}
	return &pluginv1.ProjectResponse{
		Preprocess:    preprocess,
		Exists:        true,
		DeviceGroupId: p.DeviceGroupID,
		DeviceFile:    p.DeviceFile,
		AgentFile:     p.AgentFile,
	}, nil
}

// allowSources allows the files that the project file names.
func (s *Session) allowSources(p *project.File) {
	role := pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE
	if s.grants.need("project", changing) == nil {
		role = pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE
	}
	s.files.allow(role, p.DeviceFile, p.AgentFile)
	if how, ok := p.Preprocess.(document.Object); ok && s.grants.need("sources", reading) == nil {
		s.files.allow(pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE, how.Text("variables"), how.Text("cacheExcludeList"), how.Text("lock"))
		s.files.allowReading(pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE, how.Text("githubConfig"))
		for _, written := range []string{how.Text("lock"), how.Text("lineMap")} {
			if filepath.IsLocal(written) {
				s.files.allow(pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE, written)
			}
		}
	}
}

// SaveProject replaces the project file.
func (s *Session) SaveProject(_ context.Context, r *pluginv1.SaveProjectRequest) (*pluginv1.SaveProjectResponse, error) {
	return &pluginv1.SaveProjectResponse{}, s.failure(s.saveProject(r))
}

func (s *Session) saveProject(r *pluginv1.SaveProjectRequest) error {
	if err := s.grants.need("project", changing); err != nil {
		return err
	}
	p := &project.File{}
	if r.GetKeepOthers() {
		old, err := project.Read(s.cfg.Dir)
		if err != nil {
			return err
		}
		if old != nil {
			p = old
			s.allowSources(old)
		}
	}
	if err := s.mustBeNamed(r.GetDeviceFile(), r.GetAgentFile()); err != nil {
		return err
	}
	p.DeviceGroupID, p.DeviceFile, p.AgentFile = r.GetDeviceGroupId(), r.GetDeviceFile(), r.GetAgentFile()
	return project.Write(s.cfg.Dir, p)
}

// DeleteProject deletes the project file.
func (s *Session) DeleteProject(context.Context, *pluginv1.DeleteProjectRequest) (*pluginv1.DeleteProjectResponse, error) {
	if err := s.grants.need("project", changing); err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.DeleteProjectResponse{}, s.failure(project.Remove(s.cfg.Dir))
}

// TryProject finds out whether the project file can be written.
func (s *Session) TryProject(context.Context, *pluginv1.TryProjectRequest) (*pluginv1.TryProjectResponse, error) {
	err := s.grants.need("project", changing)
	if err == nil {
		err = project.Try(s.cfg.Dir)
	}
	return &pluginv1.TryProjectResponse{}, s.failure(err)
}
