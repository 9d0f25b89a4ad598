package main

import (
	"context"
	"errors"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/jslib"
	"github.com/electricimp/impt/sdk/fault"
)

// loadLibraries runs the libraries, which are sources as well.
func (w *workshop) loadLibraries(ctx context.Context) error {
	var all []jslib.Library
	for _, given := range w.Libs {
		paths, err := w.find(ctx, given)
		if err != nil {
			return err
		}
		for _, path := range paths {
			source, err := w.sources.Read(ctx, path, builder.Place{})
			if err != nil {
				return ended(err)
			}
			all = append(all, jslib.Library{Name: source.Name, Text: source.Text})
		}
	}
	if len(all) == 0 {
		return nil
	}
	var told error
	log := func(line string) { told = errors.Join(told, w.c.Warn(ctx, line)) }
	var err error
	w.libraries, err = jslib.Load(ctx, all, jslib.Settings{Log: log})
	if mistake := (&jslib.Error{}); errors.As(err, &mistake) {
		f := &fault.Fault{Kind: fault.FileKind, Sentence: mistake.Message, Cause: err}
		for _, call := range mistake.Stack {
			f.Hints = append(f.Hints, "At "+call+".")
		}
		return f
	}
	return errors.Join(err, told)
}

// find are the files that are meant: one, those of a pattern, or all of a
// directory. What is none of these may be the name of a remote source.
func (w *workshop) find(ctx context.Context, given string) ([]string, error) {
	if given == "" { // anything but all files of the machine
		return nil, &fault.Fault{Kind: fault.InvalidOptionKind, Sentence: "Option \"--lib\" must not be empty."}
	}
	for _, pattern := range []string{given, given + "/**/*.js"} {
		found, err := w.c.FindFiles(ctx, pattern)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return []string{given}, nil
}
