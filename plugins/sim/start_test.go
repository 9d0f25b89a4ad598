package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/electricimp/impt/sdk/plugintest"
)

// user is somebody with impt and a directory.
type user struct {
	impt plugintest.Impt
	dir  string
	env  []string
}

func newUser(t *testing.T) user {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no process can be sent Ctrl-C")
	}
	impt := plugintest.Find(t)
	return user{impt, t.TempDir(), impt.Environment(t, t.TempDir())}
}

func (u user) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), u.impt.Path, args...)
	cmd.Dir, cmd.Env = u.dir, u.env
	return cmd
}

// run returns what impt prints.
func (u user) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := u.command(t, args...).Output()
	require.NoError(t, err, "impt %s\n%s", strings.Join(args, " "), out)
	return string(out)
}

// start starts a simulator, and returns its endpoint and what ends it.
func (u user) start(t *testing.T, args ...string) (endpoint *url.URL, stop func()) {
	t.Helper()
	cmd := u.command(t, append([]string{"sim", "start", "--output", "json"}, args...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var shown struct{ Simulator struct{ Endpoint string } }
	require.NoError(t, json.NewDecoder(out).Decode(&shown))
	endpoint, err = url.Parse(shown.Simulator.Endpoint)
	require.NoError(t, err)
	return endpoint, func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		rest, err := io.ReadAll(out)
		require.NoError(t, err)
		require.Empty(t, strings.TrimSpace(string(rest)))
		require.NoError(t, cmd.Wait(), "Ctrl-C is its ordinary end")
	}
}

func TestWorkGoesOnAfterTheNextStart(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	endpoint, stop := u.start(t, "--state", "state.json", "--boot", "1")
	u.run(t, "auth", "login", "--local", "--endpoint", endpoint.String(), "--user", "demo", "--pwd", "demo")
	u.run(t, "product", "create", "--name", "Home")
	u.run(t, "project", "create", "--product", "Home", "--name", "Kitchen")
	require.NoError(t, os.WriteFile(filepath.Join(u.dir, "device.nut"), []byte(`server.log("good morning");`), 0o600))
	u.run(t, "device", "assign", "--device", "demo-1")
	u.run(t, "build", "run")
	for !strings.Contains(u.run(t, "log", "get", "--page-number", "1"), "[server.log] good morning\n") {
		require.NoError(t, t.Context().Err())
	}
	stop()

	again, stop := u.start(t, "--state", "state.json", "--port", endpoint.Port())
	require.Equal(t, endpoint, again)
	require.Contains(t, u.run(t, "log", "get", "--page-number", "1"), "[server.log] good morning\n")
	require.Contains(t, u.run(t, "auth", "info"), "demo@example.com")

	// Nobody else can listen there, nor does it touch what the first one keeps.
	before, err := os.ReadFile(filepath.Join(u.dir, "state.json"))
	require.NoError(t, err)
	out, err := u.command(t, "sim", "start", "--port", endpoint.Port(), "--state", "other.json").Output()
	require.Error(t, err)
	require.Equal(t, "Error: Nothing can listen on "+endpoint.Host+"; another --port may be free.\nIMPT COMMAND FAILS\n", string(out))
	require.NoFileExists(t, filepath.Join(u.dir, "other.json"))
	stop()
	after, err := os.ReadFile(filepath.Join(u.dir, "state.json"))
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}

func TestLatencyAndRateLimit(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	endpoint, stop := u.start(t, "--latency", "30", "--rate-limit", "1")
	defer stop()
	began := time.Now()
	body := request(t, http.MethodPost, endpoint.JoinPath("auth"), "", `{"id":"demo","password":"demo"}`, http.StatusOK)
	require.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
	var login struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &login))

	// So many at once cannot all be within the limit, however slow this is.
	statuses := make([]int, 20)
	group, ctx := errgroup.WithContext(t.Context())
	for i := range statuses {
		group.Go(func() error {
			var err error
			statuses[i], _, err = try(ctx, http.MethodGet, endpoint.JoinPath("devices"), login.AccessToken, "")
			return err
		})
	}
	require.NoError(t, group.Wait())
	require.True(t, slices.Contains(statuses, http.StatusTooManyRequests), "%v", statuses)
}

func request(t *testing.T, method string, to *url.URL, token, body string, status int) string {
	t.Helper()
	got, answer, err := try(t.Context(), method, to, token, body)
	require.NoError(t, err)
	require.Equal(t, status, got, answer)
	return answer
}

func try(ctx context.Context, method string, to *url.URL, token, body string) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, to.String(), strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var text bytes.Buffer
	_, err = text.ReadFrom(resp.Body)
	return resp.StatusCode, text.String(), err
}
