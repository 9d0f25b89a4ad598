package workshop

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Finding is what came of one check.
type Finding struct {
	// What was expected of the plugin.
	What string
	// Missed says what it did instead; empty if it did as expected.
	Missed string
	// Skipped says why nothing was tried.
	Skipped string
}

// Limits of a check; they are generous, since the machine may be busy.
const (
	runLimit  = 20 * time.Second
	exitLimit = 5 * time.Second
)

// check is one executable under examination.
type check struct {
	Workshop
	path     string
	plugin   *plugin.Plugin
	manifest *pluginv1.Manifest
	found    []Finding
}

// Check tells what an executable misses of the contract. It fails only when ctx
// is done.
func (w Workshop) Check(ctx context.Context, path string) ([]Finding, error) {
	c := &check{Workshop: w, path: w.path(path)}
	c.Loading.Limits = plugin.Limits{Describe: runLimit, Start: runLimit, Grace: exitLimit, Exit: exitLimit}
	if c.describe(ctx) {
		c.declares()
		c.again(ctx)
		c.strangers(ctx)
		for _, command := range c.manifest.GetCommands() {
			c.runs(ctx, command)
		}
		c.cancelled(ctx)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("checking a plugin: %w", context.Cause(ctx))
	}
	return c.found, nil
}

func (c *check) note(what, missed string) {
	c.found = append(c.found, Finding{What: what, Missed: missed})
}

// reason is what went wrong, in a line or a few.
func reason(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if f, ok := fault.Of(err); ok && f.Cause != nil {
		text += " " + f.Cause.Error()
	}
	const limit = 2000
	return text[:min(limit, len(text))]
}

// describe starts the plugin for its manifest; without one there is no more to
// check.
func (c *check) describe(ctx context.Context) bool {
	var err error
	c.plugin, err = plugin.Inspect(ctx, c.Loading, c.path)
	if err == nil {
		c.manifest, err = c.plugin.Manifest()
	}
	c.note("It starts, shakes hands, and describes itself by a manifest that impt can use.", reason(err))
	return err == nil
}

func (c *check) declares() {
	missed := ""
	if want := "impt-plugin-" + c.manifest.GetName() + suffix; filepath.Base(c.path) != want {
		missed = "The file must be called " + want + "."
	}
	c.note("Its file is called after its group.", missed)
	missed = ""
	if c.manifest.GetVendor() == "" || c.manifest.GetVersion() == "" {
		missed = "Without a vendor it has no name of its own, without a version no user can tell which one he has."
	}
	c.note("It names its vendor and its version.", missed)
	var silent []string
	for _, m := range c.manifest.GetCommands() {
		if len(m.GetExamples()) == 0 || m.GetSynopsis() == "" {
			silent = append(silent, m.GetName())
		}
	}
	missed = ""
	if len(silent) > 0 {
		missed = "These have no synopsis or no example: " + strings.Join(silent, ", ") + "."
	}
	c.note("Each command has a synopsis and an example.", missed)
}

// again asks once more, with what it cannot know, and lets go of the process.
func (c *check) again(ctx context.Context) {
	process, err := c.start(ctx, nil)
	if err != nil {
		c.note("It starts again.", reason(err))
		return
	}
	defer func() { _ = process.Close() }()
	limited, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	a, err := process.Group().Describe(limited, odd(&pluginv1.DescribeRequest{HostFeatures: []string{"strange-feature"}}))
	missed := reason(err)
	if err == nil && !proto.Equal(a.GetManifest(), c.manifest) {
		missed = "The manifest was another one. impt keeps a copy, so it must not change between two starts."
	}
	c.note("It takes fields and features that it does not know, and its manifest stays the same.", missed)
	missed = ""
	if !process.LetGo(exitLimit) {
		missed = "It was still there after " + exitLimit.String() + ". Nothing else tells it that impt is gone."
	}
	c.note("It ends when its standard input ends.", missed)
}

func (c *check) start(ctx context.Context, h pluginv1.HostServer) (*plugin.Process, error) {
	return plugin.Start(ctx, c.plugin, plugin.StartOptions{Host: h, Environment: c.Loading.Environment, Limits: c.Loading.Limits})
}

// run runs one command with the stand-in.
func (c *check) run(ctx context.Context, h *standIn, r *pluginv1.RunRequest) error {
	process, err := c.start(ctx, h)
	if err != nil {
		return err
	}
	defer func() { _ = process.Close() }()
	limited, cancel := context.WithTimeoutCause(ctx, runLimit, errSlow)
	defer cancel()
	_, err = process.Group().Run(limited, r)
	if limited.Err() != nil {
		return context.Cause(limited)
	}
	return err
}

var errSlow = errors.New("it did not return within " + runLimit.String())

// told is what is wrong with the end of a run: it succeeds, or tells why not in
// the way of the contract.
func told(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := fault.Of(err); ok && f.Error() != "" {
		return ""
	}
	if errors.Is(err, errSlow) {
		return err.Error() + "."
	}
	s := status.Convert(err)
	return fmt.Sprintf("The status has no Fault among its details: %s %s", s.Code(), s.Message())
}

func (c *check) strangers(ctx context.Context) {
	err := c.run(ctx, newStandIn(strange), &pluginv1.RunRequest{Command: "no-such-command"})
	missed := told(err)
	if err == nil {
		missed = "It succeeded."
	}
	c.note("A command that it does not have fails.", missed)
}

// runs runs a command in two ways.
func (c *check) runs(ctx context.Context, command *pluginv1.Command) {
	name := strings.TrimSpace(command.GetGroup() + " " + command.GetName())
	err := c.run(ctx, newStandIn(strange), request(command))
	c.note(fmt.Sprintf("The command %q takes answers with fields and kinds that it does not know.", name), told(err))
	err = c.run(ctx, newStandIn(refusing), request(command))
	c.note(fmt.Sprintf("The command %q tells why it fails, when all that it asks for fails.", name), told(err))
}

// cancelled interrupts the first command that asks for something.
func (c *check) cancelled(ctx context.Context) {
	const what = "A command that is interrupted returns, and the process ends."
	for _, command := range c.manifest.GetCommands() {
		missed, tried := c.interrupt(ctx, command)
		if tried {
			c.note(what, missed)
			return
		}
	}
	c.found = append(c.found, Finding{What: what, Skipped: "No command asked for anything."})
}

func (c *check) interrupt(ctx context.Context, command *pluginv1.Command) (missed string, tried bool) {
	h := newStandIn(hanging)
	process, err := c.start(ctx, h)
	if err != nil {
		return reason(err), true
	}
	defer func() { _ = process.Close() }()
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = process.Group().Run(ctx, request(command))
	}()
	select {
	case <-h.called:
	case <-ended:
		return "", false
	}
	cancel()
	<-ended
	if !process.LetGo(exitLimit) {
		return "It was still there after " + exitLimit.String() + ".", true
	}
	return "", true
}

// request is a call of the command with a value for each option that must be
// given.
func request(command *pluginv1.Command) *pluginv1.RunRequest {
	r := odd(&pluginv1.RunRequest{Command: command.GetName(), Group: command.GetGroup(), HostFeatures: []string{"strange-feature"}})
	for _, o := range command.GetOptions() {
		values := o.GetDefaultValues()
		if !o.GetRequired() && len(values) == 0 {
			continue
		}
		v := odd(&pluginv1.OptionValue{Name: o.GetName(), Given: o.GetRequired()})
		text := "a value"
		switch {
		case len(values) > 0:
			text = values[0]
		case len(o.GetChoices()) > 0:
			text = o.GetChoices()[0]
		}
		setValue(v, o, text)
		r.Options = append(r.Options, v)
	}
	return r
}

func setValue(v *pluginv1.OptionValue, o *pluginv1.Option, text string) {
	if o.GetRole() == pluginv1.ValueRole_VALUE_ROLE_SECRET {
		v.Value = &pluginv1.OptionValue_Secret{Secret: &pluginv1.Secret{Handle: "a-handle"}}
		return
	}
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_FLAG, pluginv1.OptionKind_OPTION_KIND_BOOL:
		v.Value = &pluginv1.OptionValue_Truth{Truth: text != "false"}
	case pluginv1.OptionKind_OPTION_KIND_LIST:
		v.Value = &pluginv1.OptionValue_List{List: &pluginv1.TextList{Texts: []string{text}}}
	case pluginv1.OptionKind_OPTION_KIND_NUMBER:
		v.Value = &pluginv1.OptionValue_Number{Number: 1}
	case pluginv1.OptionKind_OPTION_KIND_TEXT, pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT,
		pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
		v.Value = &pluginv1.OptionValue_Text{Text: text}
	default:
		v.Value = &pluginv1.OptionValue_Text{Text: text}
	}
}
