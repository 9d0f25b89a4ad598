package app

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/core/internal/plugin"
)

// World is what a run has of the machine: nothing below reaches for more.
type World struct {
	// Args are the arguments without the program's name.
	Args []string
	// Env looks a variable up; "" and false without it.
	Env func(name string) (string, bool)
	// Environ are all variables, for programs of the user's.
	Environ func() []string
	// Dir is the working directory, Home the user's; "" if there is none.
	Dir, Home string
	// Executable is the program's own path.
	Executable     string
	Stdin          io.Reader
	Stdout, Stderr output.Stream
	// OpenTTY opens the controlling terminal.
	OpenTTY func() (output.Terminal, error)
	// Conceal blots secrets out of what others see of the arguments; nil when
	// nobody sees them.
	Conceal func(secrets map[string]string)
	// Signals are what ends a run from outside.
	Signals <-chan os.Signal
	Context context.Context //nolint:containedctx // the root of all others

	limits plugin.Limits // for tests; otherwise the defaults
}

// OS is the world of this process.
func OS() World {
	dir, _ := os.Getwd()
	home, _ := os.UserHomeDir()
	executable, _ := os.Executable()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if runtime.GOOS != "windows" {
		signal.Notify(signals, syscall.SIGHUP)
	}
	// A reader that goes away is a failed write, not the end of the process.
	signal.Ignore(syscall.SIGPIPE)
	return World{
		Args:       arguments(),
		Env:        os.LookupEnv,
		Environ:    os.Environ,
		Dir:        dir,
		Home:       home,
		Executable: executable,
		Stdin:      os.Stdin,
		Stdout:     output.FileStream(os.Stdout),
		Stderr:     output.FileStream(os.Stderr),
		OpenTTY:    output.OpenTerminal,
		Conceal:    conceal,
		Signals:    signals,
		Context:    context.Background(),
	}
}
