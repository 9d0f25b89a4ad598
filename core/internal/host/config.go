package host

import (
	"context"

	"github.com/electricimp/impt/core/internal/configfile"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Config returns what the group's configuration file says.
func (s *Session) Config(context.Context, *pluginv1.ConfigRequest) (*pluginv1.ConfigResponse, error) {
	o, exists, err := s.readConfig(reading)
	if err != nil || !exists {
		return &pluginv1.ConfigResponse{}, s.failure(err)
	}
	return &pluginv1.ConfigResponse{Exists: true, Content: document.Encode(o)}, nil
}

// SaveConfig replaces the configuration file.
func (s *Session) SaveConfig(_ context.Context, r *pluginv1.SaveConfigRequest) (*pluginv1.SaveConfigResponse, error) {
	return &pluginv1.SaveConfigResponse{}, s.failure(s.saveConfig(r))
}

func (s *Session) saveConfig(r *pluginv1.SaveConfigRequest) error {
	f, err := s.configFile(changing)
	if err != nil {
		return err
	}
	o, err := document.ParseObject(r.GetContent())
	if err != nil {
		return fault.Denied(s.cfg.subject(), "a configuration file that is no JSON object")
	}
	// A file that cannot be understood names no file.
	if _, _, err := s.readConfig(changing); err != nil && !fault.Is(err, fault.CorruptedFileKind) {
		return err
	}
	for _, m := range s.cfg.ConfigFile.GetFiles() {
		if err := s.mustBeNamed(o.Text(m.GetName())); err != nil {
			return err
		}
	}
	return f.Write(o)
}

// DeleteConfig deletes the configuration file.
func (s *Session) DeleteConfig(context.Context, *pluginv1.DeleteConfigRequest) (*pluginv1.DeleteConfigResponse, error) {
	f, err := s.configFile(changing)
	if err == nil {
		err = f.Remove()
	}
	return &pluginv1.DeleteConfigResponse{}, s.failure(err)
}

// configFile is the file of the group that runs. Two names belong to the host.
func (s *Session) configFile(access pluginv1.Access) (configfile.File, error) {
	f := configfile.File{Dir: s.cfg.Dir, Name: ".impt." + s.cfg.Plugin, Noun: s.cfg.ConfigFile.GetNoun()}
	if s.cfg.ConfigFile == nil || s.cfg.Plugin == "auth" || s.cfg.Plugin == "project" {
		return f, fault.Denied(s.cfg.subject(), "a configuration file")
	}
	return f, s.grants.need("config", access)
}

// readConfig reads the configuration file, and allows the files that it names.
func (s *Session) readConfig(access pluginv1.Access) (o document.Object, exists bool, err error) {
	f, err := s.configFile(access)
	if err != nil {
		return nil, false, err
	}
	if o, exists, err = f.Read(); err != nil {
		return nil, false, err
	}
	allow := s.files.allow
	if s.grants.need("config", changing) != nil {
		allow = s.files.allowReading
	}
	for _, m := range s.cfg.ConfigFile.GetFiles() {
		allow(m.GetRole(), o.Text(m.GetName()))
	}
	return o, exists, nil
}

// mustBeNamed refuses that one of impt's own files names a file that nobody
// else has named, as it would be allowed from then on.
func (s *Session) mustBeNamed(paths ...string) error {
	for _, p := range paths {
		if p != "" && !s.files.known(p) {
			return fault.Denied(s.cfg.subject(), "keeping the name of a file that nobody named")
		}
	}
	return nil
}
