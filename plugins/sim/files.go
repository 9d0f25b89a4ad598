package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/sim"
)

// fill restores the state of an earlier start, or begins with the seed.
func fill(ctx context.Context, c *sdk.Call, cloud *sim.Sim) error {
	if path := state.Of(c); path != "" {
		content, missing, err := c.ReadFile(ctx, path)
		if err != nil {
			return err
		}
		if !missing {
			return unusable(path, cloud.Load(bytes.NewReader(content)))
		}
	}
	path := seed.Of(c)
	if path == "" {
		return cloud.Seed(sim.Demo())
	}
	content, missing, err := c.ReadFile(ctx, path)
	switch {
	case err != nil:
		return err
	case missing:
		return fault.File(path, "file is not found", nil)
	}
	return unusable(path, cloud.Seed(bytes.NewReader(content)))
}

func unusable(path string, err error) error {
	if err == nil {
		return nil
	}
	reason := err
	if inner := errors.Unwrap(err); inner != nil {
		reason = inner // the user need not know which function it was
	}
	return fault.File(path, reason.Error(), err)
}

// save keeps the state for the next start.
func save(ctx context.Context, c *sdk.Call, cloud *sim.Sim) error {
	path := state.Of(c)
	if path == "" {
		return nil
	}
	var content bytes.Buffer
	if err := cloud.Save(&content); err != nil {
		return err
	}
	return c.WritePrivateFile(ctx, path, content.Bytes())
}
