package main

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// keyName is what impt keeps the key under.
const keyName = "approvals"

// approver is who approves here, by the settings.
func approver(ctx context.Context, c *sdk.Call) (string, error) {
	settings, err := c.Settings(ctx)
	if err == nil && settings.Text("by") == "" {
		err = errors.New("nobody is named who approves builds; begin with: impt stamp setup --by NAME")
	}
	return settings.Text("by"), err
}

// stampOf is the tag by which somebody approves a build. impt makes the proof:
// the key is never here.
func stampOf(ctx context.Context, c *sdk.Call, b entity.Entity, by string) (string, error) {
	proof, err := c.Seal(ctx, keyName, []byte(b.ID+" "+b.Text("sha")+" "+by))
	if err != nil {
		return "", err
	}
	const enough = 16
	return "approved-" + by + "-" + hex.EncodeToString(proof[:enough]), nil
}

func tags(b entity.Entity) []string {
	held, _ := b.Attributes.Get("tags")
	list, _ := held.(document.List)
	texts := make([]string, 0, len(list))
	for _, t := range list {
		if text, ok := t.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
