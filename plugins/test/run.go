package main

import (
	"context"
	"errors"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

var (
	tests      = option.NewText("tests", "t", "<test_pattern>", "Which tests to run, in the form [testFile][:testCase][::testMethod]; testFile is a regular expression that is looked for in the paths. Default: all.").OrEmpty()
	clearCache = option.NewFlag("clear-cache", "e", "Deletes the directory .builder-cache first.")
	parallel   = option.NewFlag("parallel", "p", "Runs the tests of a file on all Devices at the same time.")
	reportFile = option.NewOutputFile("report", "r", "<report_file>", "File for the results as JUnit XML.")
)

var run = sdk.Command{
	Name:     "run",
	Synopsis: "Runs the tests of the configuration in the current directory.",
	Details: "Each file with tests is deployed to the Device Group, and run on its Devices one after the other. " +
		"Fails if a test fails, or a test session does not come to its end.",
	Examples: []string{"impt test run", "impt test run --tests tests/leds:LedTestCase::testBlink", "impt test run --parallel --report results.xml"},
	Options:  sdk.Options{tests, clearCache, parallel, reportFile},
	Needs: sdk.Write(entity.Deployment, entity.DeviceGroup, entity.Device).And(sdk.ReadConfig).And(sdk.Builder).
		And(sdk.Logs).And(sdk.ReadSources).And(sdk.Commands).And(sdk.Interrupt),
	Run: func(ctx context.Context, c *sdk.Call) error {
		o, err := mustExist(ctx, c)
		if err != nil {
			return err
		}
		g, err := groupOf(ctx, c, o)
		if err != nil {
			return err
		}
		if clearCache.Of(c) {
			if err := emptyCache(ctx, c); err != nil {
				return err
			}
		}
		b, err := newBench(ctx, c, o, g)
		if err != nil {
			return err
		}
		// One that cannot be written is known before anything is done.
		if err := b.report(ctx); err != nil {
			return err
		}
		ended := b.run(ctx)
		if ended != nil && !errors.Is(ended, errInterrupted) {
			return ended
		}
		return b.conclude(ctx, ended)
	},
}

// emptyCache deletes what Builder has kept.
func emptyCache(ctx context.Context, c *sdk.Call) error {
	there, err := c.StatFile(ctx, cache.path)
	if err != nil || !there.Exists {
		return err
	}
	if err := c.DeleteFile(ctx, cache.path); err != nil {
		return err
	}
	return c.Say(ctx, "%s is deleted successfully.", cache)
}
