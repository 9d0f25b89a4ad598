package plugintest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Scripts runs the transcripts in a folder, each as a parallel test of its
// name, and fails when a command of the group that Main was called with has
// none. The package documentation has their language. Variables, each as
// NAME=value, are added to their environment.
func Scripts(t *testing.T, folder string, variables ...string) {
	t.Helper()
	w := readWorld()
	s := &suite{world: w, deadline: deadline(t), variables: variables}
	if err := s.prepare(t); err != nil {
		t.Fatal(err)
	}
	s.everyCommand(t, folder)
	testscript.Run(t, testscript.Params{
		Dir:           folder,
		Setup:         s.setup,
		Condition:     condition,
		UpdateScripts: w.update,
		// Whoever rewrites wants all of it.
		ContinueOnError:     w.update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sim":       command((*script).sim),
			"requests":  command((*script).requests),
			"fail":      command((*script).fail),
			"emit":      command((*script).emit),
			"steady":    command((*script).steady),
			"tty":       orNot((*script).tty),
			"interrupt": orNot((*script).interrupt),
		},
	})
}

// suite is what the transcripts of a package share.
type suite struct {
	world    world
	program  program
	plugins  string // IMPT_PLUGIN_PATH
	cache    string // with the index of plugins
	temp     string // for temporary files
	deadline time.Time
	// variables are those that the package adds.
	variables []string
}

// deadline leaves time to tell what a transcript was waiting for.
func deadline(t *testing.T) time.Time {
	if d, ok := t.Deadline(); ok {
		return d.Add(-time.Until(d) / 10)
	}
	return time.Now().Add(10 * time.Minute)
}

func (s *suite) prepare(t *testing.T) error {
	ctx, cancel := context.WithDeadline(t.Context(), s.deadline)
	defer cancel()
	var err error
	if s.program, err = findProgram(ctx, s.world); err != nil {
		return err
	}
	if s.temp, err = os.MkdirTemp("", "impt"); err != nil { //nolint:usetesting // the paths of sockets below it may not be long
		return err
	}
	t.Cleanup(func() { _ = os.RemoveAll(s.temp) })
	s.cache = s.program.cache
	group := tested.Load()
	if group == nil || exists(filepath.Join(s.program.plugins, "impt-plugin-"+group.Name+suffix())) {
		if s.cache != "" {
			return nil
		}
	} else {
		s.plugins = filepath.Join(s.temp, "plugins")
		if err := os.Mkdir(s.plugins, 0o700); err != nil {
			return err
		}
		if err := place(s.plugins, group.Name); err != nil {
			return fmt.Errorf("placing the plugin: %w", err)
		}
	}
	known := s.cache
	s.cache = filepath.Join(s.temp, "cache")
	if known != "" {
		if err := copyFile(indexIn(s.cache), indexIn(known)); err != nil {
			return err
		}
	}
	return warm(ctx, s.program.executable(), s.cache, s.plugins, s.world)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// everyCommand reports the commands of the group without a transcript.
func (s *suite) everyCommand(t *testing.T, folder string) {
	t.Helper()
	group := tested.Load()
	if group == nil {
		return
	}
	for _, c := range group.Commands {
		if file := filepath.Join(folder, c.Name+".txtar"); !exists(file) {
			t.Errorf("the command %q has no transcript %s", c.Name, file)
		}
	}
}

func condition(name string) (bool, error) {
	switch name {
	case "tty":
		return hasTerminals, nil
	case "race":
		return race, nil
	}
	return false, fmt.Errorf("unknown condition %s", quoted(name))
}

// script is one transcript as it runs.
type script struct {
	suite *suite
	home  string
	t     testscript.T
	cloud *cloud
	// running is the program on the terminal in the background.
	running *session
}

type scriptKey struct{}

// setup makes the world of a transcript.
func (s *suite) setup(env *testscript.Env) error {
	x := &script{suite: s, home: filepath.Join(env.WorkDir, "home"), t: env.T()}
	cache := filepath.Join(env.WorkDir, ".cache")
	if err := os.Mkdir(x.home, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if err := copyFile(indexIn(cache), indexIn(s.cache)); err != nil {
		return err
	}
	known, err := os.Stat(indexIn(cache))
	if err != nil {
		return err
	}
	env.Vars = append(s.world.essential(),
		"WORK="+env.WorkDir, "PATH="+s.program.dir, "HOME="+x.home, "USERPROFILE="+x.home,
		cacheVariable()+"="+cache, "TMPDIR="+s.temp, "TEMP="+s.temp, "TMP="+s.temp,
		"IMPT_PLUGIN_PATH="+s.plugins, "ENDPOINT="+endpoint,
		"devnull="+os.DevNull, "/="+string(os.PathSeparator), ":="+string(os.PathListSeparator), "$=$", "exe="+suffix(),
	)
	env.Vars = append(env.Vars, s.variables...)
	// Nothing goes out to the real service.
	for _, name := range proxyVariables() {
		env.Setenv(name, "http://127.0.0.1:9")
	}
	env.Values[scriptKey{}] = x
	env.Defer(func() {
		x.close()
		if now, err := os.Stat(indexIn(cache)); err != nil || !os.SameFile(known, now) {
			fail(x.t, "a plugin was described, although the index had all of them")
		}
	})
	return nil
}

// proxyVariables are the variables that lead requests to the simulator.
func proxyVariables() []string {
	if runtime.GOOS == "windows" {
		return []string{"HTTP_PROXY", "HTTPS_PROXY"} // whose case means nothing
	}
	return []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}
}

// fail reports a failure without ending what is being cleaned up.
func fail(t testscript.T, message string) {
	if tb, ok := t.(testing.TB); ok {
		tb.Error(message)
		return
	}
	t.Fatal(message)
}

func (x *script) close() {
	if x.running != nil {
		x.running.kill()
	}
	if x.cloud != nil {
		x.cloud.close()
	}
}

// patience is how long an event may take that a transcript waits for.
const patience = 30 * time.Second

// waiting calls wait with a context that ends before the tests do.
func (x *script) waiting(ts *testscript.TestScript, what string, wait func(context.Context) error) {
	limit := time.Now().Add(patience)
	if limit.After(x.suite.deadline) {
		limit = x.suite.deadline
	}
	ctx, cancel := context.WithDeadline(x.context(), limit)
	defer cancel()
	if err := wait(ctx); err != nil {
		ts.Fatalf("waiting for %s: %v", what, err)
	}
}

func (x *script) context() context.Context {
	if tb, ok := x.t.(testing.TB); ok {
		return tb.Context()
	}
	return context.Background() //nolint:forbidigo // tests that are none of package testing's have no other
}

type action func(x *script, ts *testscript.TestScript, args []string) error

// command is a command of transcripts that cannot be expected to fail.
func command(f action) func(*testscript.TestScript, bool, []string) {
	return orNot(func(x *script, ts *testscript.TestScript, neg bool, args []string) error {
		if neg {
			return errors.New("it cannot be negated")
		}
		return f(x, ts, args)
	})
}

func orNot(f func(x *script, ts *testscript.TestScript, neg bool, args []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		x, ok := ts.Value(scriptKey{}).(*script)
		if !ok {
			ts.Fatalf("the transcript has no world")
		}
		if err := f(x, ts, neg, args); err != nil {
			ts.Fatalf("%v", err)
		}
	}
}
