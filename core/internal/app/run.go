package app

import (
	"context"
	"fmt"
	"time"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/cli"
	"github.com/electricimp/impt/core/internal/denials"
	"github.com/electricimp/impt/core/internal/host"
	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Features are what plugins may require of this host.
var Features = []string{"added-commands", "settings"}

// run runs one command in its plugin.
func (a app) run(ctx context.Context, index *plugin.Index, p *plugin.Plugin, configFile *pluginv1.ConfigFile, i *cli.Invocation) int {
	if a.world.Conceal != nil {
		a.world.Conceal(i.Secrets)
	}
	mode, _ := output.ParseMode(i.Mode)
	printer := a.printer(mode)
	defer printer.Close()
	installed := a.store(index)
	granted, limited, err := installed.Granted(p)
	if err != nil {
		return finish(printer, err, false)
	}
	session := host.New(host.Config{
		Plugin:     p.Name,
		Identity:   p.Identity(),
		Version:    p.Version,
		Bundled:    p.Bundled,
		Granted:    granted,
		Limited:    limited,
		Plugins:    installed,
		Workshop:   a.workshop(index),
		Settings:   a.settings(p),
		ConfigFile: configFile,
		Command:    i.Command,
		Options:    i.Request.GetOptions(),
		Secrets:    i.Secrets,
		Confirmed:  i.Confirmed,
		Dir:        a.world.Dir,
		Printer:    printer,
		Auth:       a.environment(printer),
		Connect:    a.connect(printer),
		Sources:    a.sources,
	})
	i.Request.HostFeatures = Features
	err = session.Account(a.execute(ctx, p, i, session, printer))
	if closeErr := session.Close(); closeErr != nil {
		printer.Dump(closeErr.Error())
	}
	if err := a.recordRefusals(p, i, session); err != nil {
		printer.Dump(err.Error())
	}
	return a.running.exitCode(finish(printer, session.Reveal(err), session.Silent()), err)
}

// recordRefusals keeps what the plugin was denied, for whoever wants to know
// what it tries.
func (a app) recordRefusals(p *plugin.Plugin, i *cli.Invocation, session *host.Session) error {
	var all []denials.Denial
	now := time.Now().UTC()
	session.Refusals(func(sentence string, count int) {
		all = append(all, denials.Denial{
			Time: now, Plugin: p.Identity(), Version: p.Version, Command: i.Command.GetName(), What: sentence, Count: count,
		})
	})
	return denials.Record(a.vars.state, all)
}

// execute starts the plugin, runs the command and ends the plugin.
func (a app) execute(ctx context.Context, p *plugin.Plugin, i *cli.Invocation, session *host.Session, printer *output.Printer) error {
	go session.Warm(ctx)
	if source := a.workshop(nil).Source(p); source != "" {
		a.remark("Plugin \"" + p.Identity() + "\" is used from its source in " + source + ".")
	}
	process, err := plugin.Start(ctx, p, plugin.StartOptions{
		Host:        session,
		Environment: a.vars.plugins,
		Limits:      a.world.limits,
		Log:         func(line string) { printer.Dump(p.Name + ": " + line) },
	})
	if err != nil {
		return err
	}
	a.running.set(session, process)
	if err = a.awaitDebugger(ctx, p, process, printer); err == nil {
		err = process.Run(ctx, i.Request)
	}
	a.running.set(nil, nil)
	if closeErr := process.Close(); closeErr != nil {
		printer.Dump(closeErr.Error())
	}
	return err
}

// awaitDebugger waits until the user says that a debugger is attached, if the
// plugin's author has asked for it.
func (a app) awaitDebugger(ctx context.Context, p *plugin.Plugin, process *plugin.Process, printer *output.Printer) error {
	if !a.workshop(nil).Awaited(p) {
		return nil
	}
	a.remark(fmt.Sprintf("Plugin \"%s\" waits as process %d: dlv attach %[2]d, then press Enter here.", p.Identity(), process.ID()))
	printer.AwaitLine(ctx) // a line, or the end of standard input
	return context.Cause(ctx)
}

// finish says how the command ended and returns the exit code. Whoever
// interrupted it need not be told, nor who left it at its own question.
func finish(printer *output.Printer, err error, silent bool) int {
	code := exitCode(err)
	switch {
	case err == nil && !silent:
		printer.Succeed()
	case code == 1:
		printer.Fail(err)
	}
	return code
}

// connect makes clients of impCentral.
func (a app) connect(printer *output.Printer) func(string, impcentral.TokenSource) *impcentral.Client {
	return func(endpoint string, tokens impcentral.TokenSource) *impcentral.Client {
		config := impcentral.Config{
			Endpoint:   endpoint,
			Tokens:     tokens,
			Proxy:      a.vars.proxies.For,
			Busy:       printer.Busy,
			UserAgent:  "impt/" + Version,
			RootFiles:  a.vars.rootFiles,
			BundleFile: a.vars.bundleFile,
		}
		if printer.Mode() == output.Debug {
			config.Trace = tracer{printer}
		}
		return impcentral.New(config)
	}
}

// tracer shows requests and answers in debug output.
type tracer struct{ printer *output.Printer }

func (t tracer) Request(r impcentral.TraceRequest)   { t.printer.Dump(r.Text()) }
func (t tracer) Response(r impcentral.TraceResponse) { t.printer.Dump(r.Text()) }

func (a app) environment(printer *output.Printer) auth.Environment {
	return auth.Environment{
		Home:      a.world.Home,
		Dir:       a.world.Dir,
		Variables: a.vars.auth,
		LockDir:   a.locks(),
		Ask: func(ctx context.Context, what string, hidden bool) (string, error) {
			answer, err := printer.Line(ctx, what, hidden, "")
			if f, ok := fault.Of(err); ok && f.Kind == fault.NoTerminalKind && what == "password" {
				f.Sentence += " Set the variable IMPT_PASSWORD instead."
			}
			return answer, err
		},
	}
}
