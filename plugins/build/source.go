package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

// newBuild is a build of code for a group, as the options describe it.
func newBuild(c *sdk.Call, g entity.Entity, code code) entity.New {
	attributes := append(code.texts, verb.Given(c, descr, origin)...)
	if flagged.Given(c) {
		attributes.Set("flagged", flagged.Of(c))
	}
	if tags.Given(c) {
		attributes.Set("tags", tags.Of(c))
	}
	return entity.New{
		Type:       entity.Deployment,
		Attributes: attributes,
		Relations:  document.Object{{Key: "devicegroup", Value: g.Ref()}},
		Code:       code.lines,
	}
}

// code is the code of both sides, as attributes of a build, and what it is made
// of if it was preprocessed.
type code struct {
	texts   document.Object
	lines   sdk.Code
	lineMap string // the file for the lines, if one is wanted
}

// source reads the code of the device, then of the agent: from the given
// files, or the project's; without one the code is empty.
func source(ctx context.Context, c *sdk.Call) (code, error) {
	made := code{lines: sdk.Code{}}
	project, err := c.ProjectFile(ctx)
	// With a group given, a project that cannot be read is none; with both files,
	// it is only asked for its group.
	if err != nil && !dg.Given(c) && (deviceFile.Of(c) == "" || agentFile.Of(c) == "") {
		return made, err
	}
	how, wanted, err := howToDeploy(c, project)
	if err != nil {
		return made, err
	}
	var w *workshop
	if wanted {
		if w, err = open(ctx, c, how); err != nil {
			return made, err
		}
		made.lineMap = how.LineMap
	}
	for _, side := range []struct {
		name     string
		file     option.File
		fallback string
	}{{"device", deviceFile, project.DeviceFile}, {"agent", agentFile, project.AgentFile}} {
		path := side.file.Of(c)
		if path == "" {
			path = side.fallback
		}
		name := side.name + "_code"
		if w == nil || path == "" {
			text, err := readCode(ctx, c, side.name, path)
			if err != nil {
				return made, err
			}
			made.texts.Set(name, text)
			continue
		}
		b, err := preprocessed(ctx, w, side.name, path)
		if err != nil {
			return made, err
		}
		made.texts.Set(name, b.text)
		if b.lines != nil {
			made.lines[name] = b.lines
		}
	}
	if w != nil {
		err = w.saveLock(ctx)
	}
	return made, err
}

func readCode(ctx context.Context, c *sdk.Call, side, path string) (string, error) {
	if path == "" {
		return "", c.Say(ctx, "--%s-file option is not specified, empty %s code will be deployed.", side, side)
	}
	content, missing, err := c.ReadFile(ctx, path)
	if err != nil {
		return "", err
	}
	if missing {
		return "", noCode(side, path)
	}
	if encoding := otherEncoding(content); encoding != "" {
		return "", &fault.Fault{
			Kind:     fault.FileKind,
			Sentence: fmt.Sprintf("File %s is not UTF-8 text but %s. Save it as UTF-8.", path, encoding),
		}
	}
	code, marked := bytes.CutPrefix(content, []byte("\ufeff"))
	if marked {
		if err := c.Say(ctx, "The byte-order mark at the beginning of %s is left out.", path); err != nil {
			return "", err
		}
	}
	return strings.ToValidUTF8(string(code), "\ufffd"), nil
}

func noCode(side, path string) error {
	return &fault.Fault{
		Kind:     fault.FileKind,
		Sentence: fmt.Sprintf("File with IMP %s source code \"%s\" is not found.", side, path),
	}
}

// preprocessed is the code of a file that has to be there.
func preprocessed(ctx context.Context, w *workshop, side, path string) (built, error) {
	there, err := w.c.StatFile(ctx, path)
	switch {
	case err != nil:
		return built{}, err
	case !there.Exists:
		return built{}, noCode(side, path)
	}
	return w.build(ctx, path)
}

// otherEncoding names what a file is in that editors and shells on Windows
// write by mistake, or "".
func otherEncoding(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}), bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		return "UTF-16"
	case bytes.IndexByte(content, 0) >= 0:
		return "binary"
	default:
		return ""
	}
}
