package host

import (
	"context"
	"regexp"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Settings returns what the plugin has saved.
func (s *Session) Settings(context.Context, *pluginv1.SettingsRequest) (*pluginv1.SettingsResponse, error) {
	if err := s.grants.need("settings", reading); err != nil {
		return nil, s.failure(err)
	}
	content, secrets, err := s.cfg.Settings.Load()
	return &pluginv1.SettingsResponse{Content: content, Secrets: secrets}, s.failure(err)
}

// SaveSettings saves the plugin's settings.
func (s *Session) SaveSettings(ctx context.Context, r *pluginv1.SaveSettingsRequest) (*pluginv1.SaveSettingsResponse, error) {
	err := s.grants.need("settings", changing)
	if err == nil {
		err = s.cfg.Settings.Save(ctx, r.GetContent())
	}
	return &pluginv1.SaveSettingsResponse{}, s.failure(err)
}

// KeepSecret keeps a secret of this run, or forgets one.
func (s *Session) KeepSecret(ctx context.Context, r *pluginv1.KeepSecretRequest) (*pluginv1.KeepSecretResponse, error) {
	return &pluginv1.KeepSecretResponse{}, s.failure(s.keepSecret(ctx, r))
}

var secretName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

func (s *Session) keepSecret(ctx context.Context, r *pluginv1.KeepSecretRequest) error {
	if err := s.grants.need("settings", changing); err != nil {
		return err
	}
	if !secretName.MatchString(r.GetName()) {
		return fault.Denied(s.cfg.subject(), "keeping a secret without a name")
	}
	if r.GetSecret() == nil {
		return s.cfg.Settings.Forget(ctx, r.GetName())
	}
	secret, err := s.vault.open(r.GetSecret())
	if err != nil {
		return err
	}
	return s.cfg.Settings.Keep(ctx, r.GetName(), secret)
}

// Seal lends the use of a secret.
func (s *Session) Seal(_ context.Context, r *pluginv1.SealRequest) (*pluginv1.SealResponse, error) {
	if err := s.grants.need("settings", reading); err != nil {
		return nil, s.failure(err)
	}
	seal, err := s.cfg.Settings.Seal(r.GetSecret(), r.GetData())
	return &pluginv1.SealResponse{Seal: seal}, s.failure(err)
}
