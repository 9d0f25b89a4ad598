package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/electricimp/impt/sdk"
)

// side is the code of the devices or of the agents, and where it goes.
type side struct {
	attribute, path string
	// before is what is there, nil if there is nothing.
	before []byte
}

// keep reads what is there.
func (s *side) keep(ctx context.Context, c *sdk.Call) error {
	content, missing, err := c.ReadFile(ctx, s.path)
	if err == nil && !missing {
		s.before = append([]byte{}, content...)
	}
	return err
}

// confirm asks before files are replaced, and keeps what is in them.
func confirm(ctx context.Context, c *sdk.Call, sides []side) error {
	var existing []string
	for i := range sides {
		if err := sides[i].keep(ctx, c); err != nil {
			return err
		}
		if sides[i].before != nil {
			existing = append(existing, sides[i].path)
		}
	}
	if len(existing) == 0 {
		return nil
	}
	message := fmt.Sprintf("Source file(s) %s already exist. They will be overwritten.", strings.Join(existing, ", "))
	return c.Confirm(ctx, sdk.Plan{Messages: []string{message}})
}

// restore puts back what was there before a failure, so that the codes of two
// builds are not mixed.
func restore(ctx context.Context, c *sdk.Call, sides []side, failure error) error {
	for _, s := range sides {
		var err error
		if s.before == nil {
			err = c.DeleteFile(ctx, s.path)
		} else {
			err = c.WriteFile(ctx, s.path, s.before)
		}
		if err != nil {
			return errors.Join(failure, c.Did(ctx, "", "File %s is replaced all the same.", s.path))
		}
	}
	return failure
}
