package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var lineMap = option.NewInputFile("line-map", "", "<map_file>", "File that `impt build deploy --line-map` wrote for the build that runs: places in its code are shown as places in the sources.")

// runs is the code that the devices run, as the user says.
func runs(ctx context.Context, c *sdk.Call) (sdk.Code, error) {
	path := lineMap.Of(c)
	if path == "" {
		return nil, nil
	}
	content, missing, err := c.ReadFile(ctx, path)
	if err != nil {
		return nil, err
	}
	if missing {
		return nil, &fault.Fault{Kind: fault.FileKind, Sentence: fmt.Sprintf("File with the line map \"%s\" is not found.", path)}
	}
	code, err := entity.ParseCode(content)
	if err != nil {
		return nil, &fault.Fault{Kind: fault.FileKind, Sentence: fmt.Sprintf("File \"%s\" has no line map.", path), Cause: err}
	}
	return code, nil
}
