package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/electricimp/impt/plugins/test/session"
	"github.com/electricimp/impt/plugins/test/testcode"
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

// file runs the tests of one file.
func (b *bench) file(ctx, work context.Context, f testFile) error {
	if err := tell(ctx, b.c, "Using %s test file \"%s\"", f.side(), f.name); err != nil {
		return err
	}
	r := &fileResult{file: f}
	b.results = append(b.results, r)
	id := newSessionID()
	code, err := b.build(work, f, id)
	if err != nil {
		return b.broken(ctx, r, err)
	}
	selected, err := b.selection.code(code.Tests())
	if err != nil {
		return err
	}
	if !selected {
		r.skipped = true
		return tell(ctx, b.c, "Skip \"%s\" testing", f.name)
	}
	if err := b.keepForReaders(ctx, f, code); err != nil {
		return err
	}
	if err := tell(ctx, b.c, "Using Device Group \"%s\" [%s]", b.group.Text("name"), b.group.ID); err != nil {
		return err
	}
	if r.deployment, err = b.deploy(ctx, work, code); err != nil {
		if f, ok := fault.Of(err); ok {
			code.Problems(f.Problems)
		}
		return b.broken(ctx, r, err)
	}
	return b.onDevices(ctx, work, r, session.Settings{
		ID: id, OnAgent: f.agent, Timeout: time.Duration(b.settings.timeout * float64(time.Second)),
		StopOnFail: b.settings.stopOnFail, AllowDisconnect: b.settings.allowDisconnect, Places: code.Places,
	})
}

func (b *bench) build(ctx context.Context, f testFile, id string) (*testcode.Code, error) {
	return testcode.Build(ctx, testcode.Test{
		File: f.name, OnAgent: f.agent, Partner: f.partner,
		DeviceFile: b.settings.deviceFile, AgentFile: b.settings.agentFile,
		Session: id, Timeout: b.settings.timeout, StopOnFail: b.settings.stopOnFail,
		Class: b.selection.class, Method: b.selection.method, Trigger: rand.Text(),
	}, b.sources)
}

func (b *bench) deploy(ctx, work context.Context, code *testcode.Code) (string, error) {
	d, err := b.c.Cloud.Create(work, entity.New{
		Type:       entity.Deployment,
		Attributes: document.Object{{Key: "device_code", Value: code.Device}, {Key: "agent_code", Value: code.Agent}},
		Relations:  document.Object{{Key: "devicegroup", Value: b.group.Ref()}},
	})
	if err != nil {
		return "", err
	}
	if err := b.c.Say(ctx, "%s is created successfully.", d); err != nil {
		return d.ID, err
	}
	return d.ID, tell(ctx, b.c, "Created Deployment: %s", d.ID)
}

// broken notes that a file could not be deployed. What failed with impCentral
// or with the source code does not end the run.
func (b *bench) broken(ctx context.Context, r *fileResult, err error) error {
	if ctx.Err() != nil {
		return err
	}
	f, ok := fault.Of(err)
	if e, is := errors.AsType[*builder.Error](err); is {
		f, ok = &fault.Fault{Kind: fault.FileKind, Sentence: e.Error()}, true
	}
	if !ok {
		return err
	}
	r.errors = append(r.errors, f.Error())
	if err := b.c.Report(ctx, sdk.Line{Level: sdk.Problem, Tone: sdk.Bad, Text: f.Error()}); err != nil {
		return err
	}
	for _, p := range f.Problems {
		text := p.GetTitle() + ": " + p.GetDetail()
		for _, at := range p.GetPlaces() {
			line := fmt.Sprintf("%s %s (line %d, column %d): %s", at.GetFile(), at.GetType(), at.GetRow(), at.GetColumn(), at.GetText())
			text += "\n" + line
			r.errors = append(r.errors, line)
		}
		if err := b.c.Trouble(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// keepForReaders writes the code where somebody who debugs finds it.
func (b *bench) keepForReaders(ctx context.Context, f testFile, code *testcode.Code) error {
	for _, s := range []struct{ title, side, text string }{{"Agent", "agent", code.Agent}, {"Device", "device", code.Device}} {
		if err := detail(ctx, b.c, "%s code size: %d bytes", s.title, len(s.text)); err != nil {
			return err
		}
		if option.Output.Of(b.c) == "debug" {
			name := path.Join(debug.path, path.Dir(f.name), "preprocessed."+s.side+"."+path.Base(f.name))
			if err := b.c.WriteFile(ctx, name, []byte(s.text)); err != nil {
				return err
			}
		}
	}
	return nil
}
