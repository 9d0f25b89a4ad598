package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

// patience is how long a command may take that waits for nobody.
const patience = time.Minute

// documented is where the documents let the simulator listen.
const (
	documentedPort     = "8448"
	documentedEndpoint = "http://127.0.0.1:" + documentedPort + "/v5"
)

// world is a directory of its own, and an impCloud with the given entities.
type world struct {
	impt     plugintest.Impt
	sim      *sim.Sim
	dir      string
	endpoint string
	env      []string
}

// newWorld begins with the entities of the seed.
func newWorld(t *testing.T, impt plugintest.Impt, seed io.Reader) *world {
	t.Helper()
	s := sim.New(sim.Config{})
	require.NoError(t, s.Seed(seed))
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	home := t.TempDir()
	w := &world{impt: impt, sim: s, dir: filepath.Join(home, "work"), endpoint: server.URL + "/v5"}
	require.NoError(t, os.Mkdir(w.dir, 0o700))
	w.env = impt.Environment(t, home, "IMPT_ENDPOINT="+w.endpoint)
	return w
}

func (w *world) write(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600))
}

// checkout is what a checkout of impt looks like.
func (w *world) checkout(t *testing.T) {
	t.Helper()
	require.NoError(t, os.Mkdir(filepath.Join(w.dir, "..", "impt"), 0o700))
	w.write(t, "../impt/go.mod", "module github.com/electricimp/impt\n")
	w.write(t, "../impt/go.sum", "")
}

// fleet puts the executable of an example into the folder fleet.
func (w *world) fleet(t *testing.T) {
	t.Helper()
	to := filepath.Join(w.dir, "fleet", "impt-plugin-fleet")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags=grpcnotrace", "-ldflags=-s -w", "-o", to, "../../../examples/fleet")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

// logIn writes the login that the seed in testdata knows.
func (w *world) logIn(t *testing.T) {
	t.Helper()
	login, err := json.Marshal(map[string]string{
		"endpoint": w.endpoint, "accessToken": "access-of-the-examples", "expiresAt": "2099-01-01T00:00:00Z",
	})
	require.NoError(t, err)
	w.write(t, ".impt.auth", string(login))
}

// run runs a command line, which must succeed, and returns what it printed.
func (w *world) run(t *testing.T, line string) string {
	t.Helper()
	words, err := split(w.here(line))
	require.NoError(t, err, line)
	env := w.env
	for strings.Contains(words[0], "=") {
		env, words = append(env, words[0]), words[1:]
	}
	require.Equal(t, "impt", words[0], line)
	printed, errs, err := w.impts(t, env, words[1:])
	require.NoError(t, err, "%s\n%s%s", line, printed, errs)
	return printed + errs
}

// impts runs impt with arguments, and returns what it printed. One that goes on
// until Ctrl-C gets that once it has said so.
func (w *world) impts(t *testing.T, env, args []string) (printed, errs string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.impt.Path, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = w.dir, env, patience
	watch := &watcher{}
	watch.interrupt = func() { _ = cmd.Process.Signal(os.Interrupt) }
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = watch, &stderr
	err = cmd.Run()
	return watch.String(), stderr.String(), err
}

// here is a line of the documents for this world: with its impCloud, and
// without a port that may be taken.
func (w *world) here(line string) string {
	line = strings.ReplaceAll(line, " --port "+documentedPort, "")
	line = strings.ReplaceAll(line, documentedEndpoint, w.endpoint)
	if strings.HasPrefix(line, "impt auth login") && !strings.Contains(line, " --endpoint ") {
		line += " --endpoint " + w.endpoint
	}
	return line
}

// watcher keeps what is printed, and presses Ctrl-C when it is asked for.
type watcher struct {
	mu        sync.Mutex
	printed   bytes.Buffer
	pressed   bool
	interrupt func()
}

func (w *watcher) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.printed.Write(b)
	if !w.pressed && bytes.Contains(w.printed.Bytes(), []byte("Press <Ctrl-C> to exit.")) {
		w.pressed = true
		w.interrupt()
	}
	return len(b), nil
}

func (w *watcher) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.printed.String()
}

// split splits a line into words as a shell does that knows quotes alone.
func split(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	begun := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && r == ' ':
			if begun {
				words = append(words, word.String())
			}
			begun = false
			word.Reset()
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	if quote != 0 || len(words) == 0 {
		return nil, fmt.Errorf("not a command line: %s", line)
	}
	return words, nil
}

// twoVersions has two versions of a plugin installed, in a lock file, and what to
// pack another with.
func (w *world) twoVersions(t *testing.T) {
	t.Helper()
	for _, version := range []string{"1.0.0", "1.1.0"} {
		to := filepath.Join(w.dir, "dist", runtime.GOOS+"-"+runtime.GOARCH, "impt-plugin-fleet")
		build := exec.CommandContext(t.Context(), "go", "build", "-tags=grpcnotrace", "-ldflags=-s -w -X main.version="+version, "-o", to, "./plugins/plugin/testdata/fleet")
		build.Dir = root
		build.Env = append(build.Environ(), "CGO_ENABLED=0")
		output, err := build.CombinedOutput()
		require.NoError(t, err, "%s", output)
		w.run(t, "impt plugin pack dist --to fleet.tar.gz")
		w.run(t, "impt plugin install ./fleet.tar.gz --unsigned --grant all --lock")
	}
	w.write(t, "publisher.key", "untrusted comment: a key for the examples alone\n"+
		"RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAxWtXv1jQ2l/o7VLbeC5CS+hTa/uyyTi72QwSXvQL4zCaL1jXRImRV9MVgfqdfLInEjFCtiEbDdl39Bjaj4IBwoJMdYcg+KzAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
}
