package main

import (
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// Case is one command line and what surrounds it.
type Case struct {
	Name    string // file, section and line: "product.txt:12"
	Section string
	Args    []string
	Setup
	Want Want

	live bool      // time passes in impCentral
	now  time.Time // when it began, for what both programs get
}

// Setup is what a case finds when it runs.
type Setup struct {
	Fixture  string
	Login    string
	Local    string
	Project  []string
	Files    []file
	Folders  []string
	Env      []string
	Modes    []string
	Terminal terminal
	Answers  []answer
	Expire   bool
	Revoke   bool
	Faults   []sim.Fault
	Steps    []step
	AnyOrder bool
}

type file struct{ path, text string }

// terminal is what standard input, output and error are connected to.
type terminal struct {
	on      bool
	pipeOut bool // standard output is a pipe all the same
	columns int
}

// answer is what is typed once a prompt is shown.
type answer struct{ prompt, reply string }

// step is something that happens while a log stream is open.
type step struct {
	do   string // log, close, cut, interrupt, seen
	args []string
}

// Want is what impt does instead of what the peer does.
type Want struct {
	Entry    string // of docs/differences.md; empty: the same as the peer
	Like     []string
	Without  string // a setting of the case that the peer does not get
	Error    *string
	Syntax   *string
	Out, Err *[]string
	Exit     *int
	State    string
	Files    string
	Requests string
}

// limit is how long one program may take for one case.
const limit = time.Minute

// stopped is the exit code of a program that took longer.
const stopped = -2

// command is the group and the command that the arguments name, for help and
// for commands that are not there yet.
func (c *Case) command() string {
	var words []string
	for _, a := range c.Args {
		if !strings.HasPrefix(a, "-") && len(words) < 2 {
			words = append(words, a)
		}
	}
	return strings.Join(words, " ")
}

// mode is the output mode in force when the command runs.
func (c *Case) mode() string {
	mode := ""
	for i, a := range c.Args {
		switch name, value, joined := strings.Cut(a, "="); strings.TrimLeft(name, "-") {
		case "z", "output":
			if joined {
				mode = value
			} else if i+1 < len(c.Args) {
				mode = c.Args[i+1]
			}
		}
	}
	return mode
}

func (c *Case) line() string {
	quoted := make([]string, len(c.Args))
	for i, a := range c.Args {
		if a == "" || strings.ContainsAny(a, " \t\n\"'\\$&|<>(){}*?#;`") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		quoted[i] = a
	}
	return strings.Join(append([]string{"impt"}, quoted...), " ")
}
