package sdk

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk/document"
)

// Settings is what the plugin has saved for this user, empty at first. The host
// keeps it apart from what other plugins save, and removes it with the plugin.
// Needs ReadSettings.
func (c *Call) Settings(ctx context.Context) (document.Object, error) {
	a, err := c.host.Settings(ctx)
	if err != nil || len(a.GetContent()) == 0 {
		return document.Object{}, err
	}
	o, err := document.ParseObject(a.GetContent())
	if err != nil {
		return nil, fmt.Errorf("reading the settings: %w", err)
	}
	return o, nil
}

// SaveSettings saves the settings, at most 64 KiB. Needs ChangeSettings.
func (c *Call) SaveSettings(ctx context.Context, o document.Object) error {
	return c.host.SaveSettings(ctx, document.Encode(o))
}

// KeepSecret keeps a secret of this run for later ones, under a name; nil
// forgets it. No run gets to see it: Seal uses it. Needs ChangeSettings.
func (c *Call) KeepSecret(ctx context.Context, name string, secret *Secret) error {
	return c.host.KeepSecret(ctx, name, secret.wire())
}

// Seal is the HMAC-SHA256 of data, keyed with a secret that is kept: a proof for
// others who have the secret. NotFound when there is none of that name. Needs
// ReadSettings.
func (c *Call) Seal(ctx context.Context, secret string, data []byte) ([]byte, error) {
	return c.host.Seal(ctx, secret, data)
}
