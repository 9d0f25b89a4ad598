package wire

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Settings returns what the plugin has saved.
func (h Host) Settings(ctx context.Context) (*pluginv1.SettingsResponse, error) {
	answer, err := h.Client.Settings(ctx, &pluginv1.SettingsRequest{})
	return answer, received(err)
}

// SaveSettings saves the plugin's settings.
func (h Host) SaveSettings(ctx context.Context, content []byte) error {
	_, err := h.Client.SaveSettings(ctx, &pluginv1.SaveSettingsRequest{Content: content})
	return received(err)
}

// KeepSecret keeps a secret beyond the run; nil forgets it.
func (h Host) KeepSecret(ctx context.Context, name string, secret *pluginv1.Secret) error {
	_, err := h.Client.KeepSecret(ctx, &pluginv1.KeepSecretRequest{Name: name, Secret: secret})
	return received(err)
}

// Seal is the HMAC of data, keyed with a secret that is kept.
func (h Host) Seal(ctx context.Context, secret string, data []byte) ([]byte, error) {
	answer, err := h.Client.Seal(ctx, &pluginv1.SealRequest{Secret: secret, Data: data})
	return answer.GetSeal(), received(err)
}
