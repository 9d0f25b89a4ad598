package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
)

// create makes a build of the code for a group. The file for its lines is
// written before, so that nothing is done if it cannot be, and is as it was
// without a build.
func (b code) create(ctx context.Context, c *sdk.Call, g entity.Entity) (entity.Entity, error) {
	if b.lineMap == "" {
		return c.Cloud.Create(ctx, newBuild(c, g, b))
	}
	content, err := b.lines.Encode()
	if err != nil {
		return entity.Entity{}, err
	}
	file := side{path: b.lineMap}
	if err := file.keep(ctx, c); err != nil {
		return entity.Entity{}, err
	}
	if err := c.WriteFile(ctx, file.path, content); err != nil {
		return entity.Entity{}, err
	}
	made, err := c.Cloud.Create(ctx, newBuild(c, g, b))
	if err != nil {
		err = restore(ctx, c, []side{file}, err)
	}
	return made, err
}
