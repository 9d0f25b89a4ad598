package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	framework "github.com/mitchellh/cli"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Input is what Run works with.
type Input struct {
	// Args are the arguments without the program's name.
	Args      []string
	Manifests []*pluginv1.Manifest
	// Version is shown for --version.
	Version string
	// Width is the number of the terminal's columns; 0 without a terminal.
	Width int
	// Out gets helps, the version and syntax errors.
	Out io.Writer
	// Err gets warnings, and suggestions when Suggest is set: for people at a
	// terminal.
	Err     io.Writer
	Suggest bool
	// Run runs a command and returns the exit code.
	Run func(ctx context.Context, i *Invocation) int
}

// Run does what the arguments ask for and returns the exit code.
func Run(ctx context.Context, in Input) int {
	return Dispatch(ctx, in, Parse(in.Args, in.Manifests))
}

// Dispatch does what o says and returns the exit code. Args of in are not
// looked at again.
func Dispatch(ctx context.Context, in Input, o Outcome) int {
	if in.Err != nil {
		for _, c := range o.Conflicts() {
			_, _ = fmt.Fprintf(in.Err, "Warning: %s.\n", c)
		}
	}
	acted := false
	act := func() int {
		acted = true
		return o.act(ctx, in)
	}
	code, err := o.router(in, act).Run()
	if err != nil || !acted && !o.routed() {
		return act()
	}
	return code
}

// routed says that the framework itself answers.
func (o Outcome) routed() bool {
	return o.Kind == ShowVersion || o.Kind == ShowHelp && o.branch == nil
}

// act does what the framework leaves to commands.
func (o Outcome) act(ctx context.Context, in Input) int {
	if o.Kind == RunCommand {
		return in.Run(ctx, o.Invocation)
	}
	// Whoever closed standard output does not want to be told.
	_, _ = io.WriteString(in.Out, o.Text(in.Version, in.Width))
	if in.Suggest && in.Err != nil {
		if s := o.Suggestion(); s != "" {
			_, _ = fmt.Fprintln(in.Err, s)
		}
	}
	return o.Code()
}

// router is the framework's view of the outcome. It gets the names of all
// groups but the commands of the one that was reached only, and a line that
// leads straight to the level: our parser knows more of options than it does.
func (o Outcome) router(in Input, act func() int) *framework.CLI {
	factory := func() (framework.Command, error) { return level{o, in.Width, act}, nil }
	commands := make(map[string]framework.CommandFactory, len(in.Manifests)+1)
	for _, m := range in.Manifests {
		commands[m.GetName()] = factory
	}
	if o.branch != nil {
		commands[o.branch.name] = factory
		for _, c := range o.branch.members {
			commands[o.branch.name+" "+c.label] = factory
		}
	}
	// The root is the command without a name.
	commands[""] = factory
	return &framework.CLI{
		Name:        "impt",
		Version:     in.Version,
		Args:        o.line(),
		Commands:    commands,
		HelpFunc:    func(map[string]framework.CommandFactory) string { return o.frameworkHelp(in.Width) },
		HelpWriter:  in.Out,
		ErrorWriter: io.Discard,
	}
}

// line is the outcome as arguments that the framework understands.
func (o Outcome) line() []string {
	switch {
	case o.Kind == ShowVersion:
		return []string{"--version"}
	case o.Kind == ShowHelp && o.branch == nil:
		return []string{"--help"}
	case o.branch == nil:
		return nil
	case o.member == nil:
		return strings.Fields(o.branch.name)
	default:
		return strings.Fields(o.branch.name + " " + o.member.label)
	}
}

// frameworkHelp is the help without its last line end, which the framework
// adds.
func (o Outcome) frameworkHelp(width int) string {
	return strings.TrimSuffix(o.Help(width), "\n")
}

// level is a level as a command of the framework. Helps of groups and commands
// are printed by Run too, since the framework would fill in a template.
type level struct {
	outcome Outcome
	width   int
	act     func() int
}

// Help is the help of the level.
func (l level) Help() string { return l.outcome.frameworkHelp(l.width) }

// Synopsis is the sentence for lists of commands.
func (l level) Synopsis() string { return l.outcome.Command.GetSynopsis() }

// Run does what the outcome says.
func (l level) Run([]string) int { return l.act() }
