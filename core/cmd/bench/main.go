// Command bench is what `make bench` runs: it times whole runs of impt, and of
// the peer beside it, against one simulated impCloud in this process; and then
// the Builder language alone. It fails when a command fails, never because of a
// figure.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	impt := flag.String("impt", "build/bin/impt", "the program")
	peer := flag.String("peer", "", "the executable of the peer; empty: impt alone")
	runs := flag.Int("n", 40, "how often each command is timed")
	many := flag.Int("many", 0, "time impt also with as many plugins of ten commands each; the ratio is to impt with none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *impt, *peer, *runs, *many); err != nil {
		fmt.Fprintln(os.Stderr, "No figures:", err)
		stop()
		os.Exit(1)
	}
}

// completions are what a shell asks when Tab is pressed. The peer has none.
var completions = [][]string{
	{"__complete", "fish", "=dev"},
	{"__complete", "fish", "=", "device"},
}

// commands are what is timed; in all but the first two a plugin runs.
var commands = [][]string{
	{"--version"},
	{"--help"},
	{"product", "list"},
	{"device", "info", "--device", "meter-7"},
	{"device", "list", "--output", "json"},
	{"product", "info", "--product", "Fridge", "--full"},
}

func run(ctx context.Context, out io.Writer, impt, peer string, runs, many int) error {
	if runs < 1 {
		return errors.New("-n must be positive")
	}
	home, err := os.MkdirTemp("", "impt-bench-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(home) }()
	endpoint, stop, err := simulate(ctx)
	if err != nil {
		return err
	}
	defer stop()

	programs := []*program{{name: "impt", path: impt, env: environment(home)}}
	if peer != "" {
		// More roots would make the peer slower than it is for most users.
		programs = append(programs, &program{name: "peer", path: peer, env: environment(home, "NODE_EXTRA_CA_CERTS")})
	}
	if many > 0 {
		folder := filepath.Join(home, "many")
		if err := os.Mkdir(folder, 0o700); err != nil {
			return err
		}
		if err := install(ctx, folder, many); err != nil {
			return err
		}
		with := append(environment(home), "IMPT_PLUGIN_PATH="+folder, "XDG_CACHE_HOME="+filepath.Join(home, "cache"))
		programs = append([]*program{{name: "with", path: impt, env: with}}, programs...)
	}
	for _, p := range programs {
		if p.path, err = filepath.Abs(p.path); err != nil {
			return err
		}
		p.dir = home
	}
	_, err = programs[0].time(ctx, []string{"auth", "login", "--endpoint", endpoint, "--user", "demo", "--pwd", "demo"})
	if err != nil {
		return err
	}
	t := newTable(out, programs)
	for _, command := range commands {
		samples, err := interleaved(ctx, programs, command, runs)
		if err != nil {
			return err
		}
		t.row(command, samples)
	}
	if peer == "" {
		for _, completion := range completions {
			samples, err := interleaved(ctx, programs, completion, runs)
			if err != nil {
				return err
			}
			t.row(completion, samples)
		}
	}
	if err := t.flush(runs); err != nil {
		return err
	}
	return builders(ctx, out, peer, runs)
}
