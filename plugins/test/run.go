package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
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

// run finds the tests and runs them.
func (b *bench) run(ctx context.Context) error {
	if err := tell(ctx, b.c, "Started at %s", time.Now().Format("02 Jan 2006 15:04:05 GMT-0700")); err != nil {
		return err
	}
	files, err := findTests(ctx, b.c, b.settings.testFiles, b.selection)
	if err != nil {
		return err
	}
	if err := tell(ctx, b.c, "%s", listed(files)); err != nil {
		return err
	}
	if err := b.sourcesUsed(ctx); err != nil {
		return err
	}
	b.devices, err = b.c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "devicegroup.id", Value: b.group.ID})
	switch {
	case err != nil:
		return err
	case len(b.devices) == 0:
		return &fault.Fault{
			Kind:     fault.ConflictKind,
			Sentence: fmt.Sprintf("%s does not have assigned Devices.", b.group),
		}
	}
	work, interrupted := b.untilInterrupted(ctx)
	defer interrupted()
	for i, f := range files {
		b.left = files[i:]
		b.progress = fmt.Sprintf(" (file %d of %d)", i+1, len(files))
		if err := b.file(ctx, work, f); err != nil {
			if errors.Is(context.Cause(work), errInterrupted) {
				return errInterrupted
			}
			return err
		}
		if b.settings.stopOnFail && b.failed() {
			if b.wasWhole() {
				b.left = files[i+1:]
			}
			return detail(ctx, b.c, "Command was forced to stop")
		}
	}
	b.left = nil
	return nil
}

// sourcesUsed says which code is tested.
func (b *bench) sourcesUsed(ctx context.Context) error {
	for _, s := range []struct{ side, title, path string }{
		{"agent", "Agent", b.settings.agentFile}, {"device", "Device", b.settings.deviceFile},
	} {
		if s.path == "" {
			if err := tell(ctx, b.c, "Have no %s source file, using blank", s.side); err != nil {
				return err
			}
			continue
		}
		if err := tell(ctx, b.c, "Using %s source file: %s", s.side, s.path); err != nil {
			return err
		}
		there, err := b.c.StatFile(ctx, s.path)
		if err != nil {
			return err
		}
		if !there.Exists {
			return sentence(fmt.Sprintf("%s source file \"%s\" not found", s.title, s.path))
		}
	}
	return nil
}

// errInterrupted is that the user has pressed Ctrl-C.
var errInterrupted = errors.New("the user has interrupted the tests")

// untilInterrupted returns the context of what ends with Ctrl-C.
func (b *bench) untilInterrupted(ctx context.Context) (work context.Context, done func()) {
	work, cancel := context.WithCancelCause(ctx)
	go func() {
		if b.c.AwaitInterrupt(work) == nil {
			cancel(errInterrupted)
		}
	}()
	return work, func() { cancel(nil) }
}

func tell(ctx context.Context, c *sdk.Call, format string, args ...any) error {
	return c.Report(ctx, sdk.Line{Level: sdk.Info, Text: fmt.Sprintf(format, args...)})
}

func detail(ctx context.Context, c *sdk.Call, format string, args ...any) error {
	return c.Report(ctx, sdk.Line{Level: sdk.Detail, Source: "TestHelper", Text: fmt.Sprintf(format, args...)})
}

// sentence is a failure in the words of the peer, which ends no sentence here.
func sentence(text string) error { return &fault.Fault{Kind: fault.FileKind, Sentence: text} }
