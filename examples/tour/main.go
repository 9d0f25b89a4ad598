// Command tour is what `make demo` runs: the main job of impt from login to
// log, through real plugins, against a simulated impCloud on this machine. It
// prints each command and its output, and ends with the first that fails. With
// -svg it makes the picture of the readme from them.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	impt := flag.String("impt", "build/bin/impt", "the program")
	code := flag.String("code", "examples/kitchen", "the folder with the code to deploy")
	svg := flag.String("svg", "", "the picture to make")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := show(ctx, *impt, *code, *svg); err != nil {
		fmt.Fprintln(os.Stderr, "The tour ends:", err)
		stop()
		os.Exit(1)
	}
}

// show takes the tour on standard output, and makes a picture if path is not
// empty.
func show(ctx context.Context, impt, code, path string) error {
	var printed strings.Builder
	if err := run(ctx, io.MultiWriter(os.Stdout, &printed), impt, code); err != nil {
		return err
	}
	if path == "" {
		return nil
	}
	return picture(path, printed.String())
}

// patience is how long a step may take before the tour is given up.
const patience = time.Minute

func run(ctx context.Context, out io.Writer, impt, code string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t, err := begin(out, impt, code)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(t.home) }()
	endpoint, stopSim, err := t.simulate(ctx)
	if err != nil {
		return err
	}
	defer stopSim()
	for _, step := range []func() error{
		t.do(ctx, "auth", "login", "--endpoint", endpoint, "--user", "demo", "--pwd", "demo"),
		t.do(ctx, "auth", "info"),
		t.do(ctx, "product", "create", "--name", "Fridge", "--descr", "Keeps things cool"),
		t.do(ctx, "dg", "create", "--name", "Kitchen", "--product", "Fridge"),
		t.do(ctx, "device", "list"),
		t.do(ctx, "device", "assign", "--device", "demo-1", "--dg", "Kitchen"),
		t.do(ctx, "build", "deploy", "--dg", "Kitchen", "--device-file", "device.nut", "--agent-file", "agent.nut", "--tag", "v1"),
		t.watch(ctx, "The fridge is running", "log", "stream", "--dg", "Kitchen"),
		t.do(ctx, "product", "info", "--product", "Fridge", "--full"),
		t.do(ctx, "build", "list", "--tag", "v1", "--output", "json"),
		t.do(ctx, "product", "delete", "--product", "Fridge", "--force", "--confirmed"),
		t.do(ctx, "auth", "logout"),
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

const prompt = "$ "

// tour is a home of its own for the commands, with the code to deploy in it.
type tour struct {
	out        io.Writer
	impt, home string
}

func begin(out io.Writer, impt, code string) (*tour, error) {
	impt, err := filepath.Abs(impt)
	if err != nil {
		return nil, err
	}
	home, err := os.MkdirTemp("", "impt-tour-*")
	if err != nil {
		return nil, err
	}
	t := &tour{out, impt, home}
	return t, os.CopyFS(t.work(), os.DirFS(code))
}

func (t *tour) work() string { return filepath.Join(t.home, "kitchen") }

func (t *tour) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.impt, args...)
	cmd.Dir = t.work()
	// Logins and plugins of whoever takes the tour stay out of it.
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !strings.HasPrefix(name, "IMPT_") && !strings.HasPrefix(name, "XDG_") &&
			name != "HOME" && name != "USERPROFILE" && name != "LocalAppData" {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "HOME="+t.home, "USERPROFILE="+t.home, "LocalAppData="+filepath.Join(t.home, "AppData"))
	cmd.Cancel = func() error { return interrupt(cmd) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// interrupt is Ctrl-C, or the end of the process where there is no such thing.
func interrupt(cmd *exec.Cmd) error {
	if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return cmd.Process.Kill()
	}
	return nil
}

func (t *tour) say(args []string) {
	fmt.Fprintf(t.out, "\n%simpt %s\n", prompt, strings.Join(quoted(args), " "))
}

func quoted(args []string) []string {
	shown := make([]string, len(args))
	for i, a := range args {
		if shown[i] = a; strings.Contains(a, " ") {
			shown[i] = `"` + a + `"`
		}
	}
	return shown
}

// simulate starts the simulator and returns its endpoint.
func (t *tour) simulate(ctx context.Context) (endpoint string, stop func(), err error) {
	t.say([]string{"sim", "start"})
	// What its Devices log at their first start comes before anybody watches.
	cmd := t.command(ctx, "sim", "start", "--boot", "1", "--output", "json")
	cmd.Stderr = t.out
	answer, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("starting the simulator: %w", err)
	}
	stop = func() {
		_ = interrupt(cmd)
		_ = cmd.Wait()
	}
	var started struct {
		Simulator struct{ Endpoint string }
	}
	if err := json.NewDecoder(answer).Decode(&started); err != nil {
		stop()
		return "", nil, fmt.Errorf("starting the simulator: %w", err)
	}
	fmt.Fprintf(t.out, "A simulated impCloud listens on %s.\n", started.Simulator.Endpoint)
	return started.Simulator.Endpoint, stop, nil
}

// do runs one command to its end.
func (t *tour) do(ctx context.Context, args ...string) func() error {
	return func() error {
		t.say(args)
		cmd := t.command(ctx, args...)
		cmd.Stdout, cmd.Stderr = t.out, t.out
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("impt %s: %w", strings.Join(args, " "), err)
		}
		return nil
	}
}

// watch runs a command until it has printed a text, and presses Ctrl-C then.
// The device is restarted once the command watches, so that there is something
// to be seen.
func (t *tour) watch(ctx context.Context, text string, args ...string) func() error {
	return func() error {
		t.say(args)
		cmd := t.command(ctx, args...)
		cmd.Stderr = t.out
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		seen := false
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			line := lines.Text()
			fmt.Fprintln(t.out, line)
			switch {
			case strings.HasPrefix(line, "Log stream for"):
				restart := t.command(ctx, "device", "restart", "--device", "demo-1", "--output", "minimal")
				if err := restart.Run(); err != nil {
					return fmt.Errorf("restarting the device: %w", err)
				}
			case strings.Contains(line, text) && !seen:
				seen = true
				if err := interrupt(cmd); err != nil {
					return err
				}
			}
		}
		err = cmd.Wait()
		if !seen {
			return errors.Join(fmt.Errorf("impt %s never printed %q", strings.Join(args, " "), text), err)
		}
		return err
	}
}
