package cli

import (
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Kind is what the arguments ask for.
type Kind int

// The kinds of outcomes.
const (
	// ShowHelp shows the help of the level and succeeds.
	ShowHelp Kind = iota + 1
	// ShowVersion shows the version and succeeds.
	ShowVersion
	// SyntaxError shows the help of the level and what is wrong, and fails.
	SyntaxError
	// RunCommand runs a command.
	RunCommand
)

// Outcome is what the arguments ask for, and of which level: the root (no
// Manifest), a group (no Command) or a command.
type Outcome struct {
	Kind Kind
	// Manifest is that of the plugin which has the command, or the group.
	Manifest *pluginv1.Manifest
	Command  *pluginv1.Command
	// Error is what is wrong, for a SyntaxError.
	Error string
	// Invocation is what to run, for RunCommand.
	Invocation *Invocation

	manifests []*pluginv1.Manifest
	branch    *branch
	member    *member
	unknown   unknown
}

// unknown is the first thing of a line that nobody knows.
type unknown struct{ word, option string }

// Invocation is one checked call of a command.
type Invocation struct {
	// Manifest is that of the plugin which has the command.
	Manifest *pluginv1.Manifest
	Command  *pluginv1.Command
	// Request has the command's name and its options in declared order, given
	// ones and defaults. Secrets in it have no handle yet, and the features of
	// the host are not filled in.
	Request *pluginv1.RunRequest
	// Secrets are the secret values that were given, by long name. They are
	// nowhere else.
	Secrets map[string]string
	// Mode is the value of --output: minimal, json, debug, or empty.
	Mode string
	// Confirmed says that --confirmed was given.
	Confirmed bool
}

// Failed is the last line of a run that failed.
const Failed = "IMPT COMMAND FAILS"

// Help is the help of the outcome's level, for a terminal of width columns.
func (o Outcome) Help(width int) string {
	switch {
	case o.branch == nil:
		return RootHelp(o.manifests, width)
	case o.member == nil:
		return o.branch.help(width)
	default:
		return o.branch.helpOf(*o.member, width)
	}
}

// Text is what an outcome other than RunCommand shows on standard output.
func (o Outcome) Text(version string, width int) string {
	switch o.Kind {
	case ShowHelp:
		return o.Help(width)
	case ShowVersion:
		return version + "\n"
	case SyntaxError:
		var b strings.Builder
		b.WriteString(o.Help(width))
		b.WriteString("Error: " + o.Error + "\n")
		b.WriteString(Failed + "\n")
		return b.String()
	case RunCommand:
	}
	return ""
}

// Code is the exit code of an outcome other than RunCommand.
func (o Outcome) Code() int {
	if o.Kind == SyntaxError {
		return 1
	}
	return 0
}
