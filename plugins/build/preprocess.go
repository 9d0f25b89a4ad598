package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/option"
)

var (
	sourceFile = option.NewInputFile("file", "f", "<source_file>", "File with the code to preprocess.").Required()
	outFile    = option.NewOutputFile("out", "o", "<file>", "File for the result. Default: standard output.")
)

var preprocess = sdk.Command{
	Name:     "preprocess",
	Synopsis: "Preprocesses code by Builder: includes, conditions, macros, expressions.",
	Details: "Needs no account. The result goes to standard output as it is, warnings to standard error. " +
		"Sources from GitHub, Bitbucket Server and Azure Repos are fetched with the credentials of a file or of variables.",
	Examples: []string{"impt build preprocess --file device.nut --define DEBUG=1 --out built.nut"},
	Options:  append(sdk.Options{sourceFile, outFile}, preprocessing...),
	Needs:    sdk.ReadSources.And(sdk.Builder),
	Run: func(ctx context.Context, c *sdk.Call) error {
		w, err := open(ctx, c, given(c, settings{}))
		if err != nil {
			return err
		}
		b, err := w.build(ctx, sourceFile.Of(c))
		if err != nil {
			return err
		}
		if err := w.saveLock(ctx); err != nil {
			return err
		}
		path := outFile.Of(c)
		if path == "" {
			return c.ShowText(ctx, b.text, document.Object{{Key: "Code", Value: b.text}})
		}
		if err := c.WriteFile(ctx, path, []byte(b.text)); err != nil {
			return err
		}
		return c.Did(ctx, "", "The preprocessed code is written to %s.", path)
	},
}
