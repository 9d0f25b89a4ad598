package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/sim"
)

// Secrets that the simulator knows from the beginning, each unlike anything
// else in the memory of a process.
const (
	password     = "correct-horse-battery-staple-8121"
	unbondKey    = "unbond-key-f7c1e94b20aa"
	accessToken  = "access-token-3e1f60bb7754c2"
	refreshToken = "refresh-token-90c2d7e81f3ab4"
	loginKey     = "5a6e0f77b1c29d43"
	otherKey     = "0d9b4c61e8f3a572"
)

const seed = `{
  "accounts": [{"id": "a-ann", "username": "ann", "password": "` + password + `", "unbond_key": "` + unbondKey + `"}],
  "access_tokens": [{"token": "` + accessToken + `", "account": "ann", "expires_at": "2099-01-01T00:00:00.000Z"}],
  "refresh_tokens": [{"token": "` + refreshToken + `", "account": "ann"}],
  "login_keys": [
    {"id": "` + loginKey + `", "account": "ann", "description": "for the build server"},
    {"id": "` + otherKey + `", "account": "ann", "description": "for the night"}
  ],
  "products": [{"id": "p-1", "name": "Weatherglass"}],
  "devicegroups": [{"id": "g-1", "name": "Attic", "product": "Weatherglass", "type": "production"}],
  "devices": [{"id": "d-1", "name": "barometer-9", "devicegroup": "Attic"}]
}`

// world is the machine of one user, and the impCloud that he uses.
type world struct {
	programs

	t        testing.TB
	dir      string
	home     string
	work     string
	cache    string
	temp     string
	plugins  string // IMPT_PLUGIN_PATH
	notes    string // GOCOVERDIR, where plugins note what they have found
	sim      *sim.Sim
	endpoint string
	env      []string

	mu     sync.Mutex
	behind http.Handler
}

func newWorld(t testing.TB) *world {
	t.Helper()
	p, err := build()
	require.NoError(t, err)
	// A test's own folder has a long path, and is closed to others.
	dir, err := os.MkdirTemp("", "impt-world") //nolint:usetesting // see above
	require.NoError(t, err)
	w := &world{
		programs: p, t: t, dir: dir,
		home: filepath.Join(dir, "home"), work: filepath.Join(dir, "work"), cache: filepath.Join(dir, "cache"),
		temp: filepath.Join(dir, "tmp"), plugins: filepath.Join(dir, "plugins"), notes: filepath.Join(dir, "notes"),
		sim: sim.New(sim.Config{}),
	}
	require.NoError(t, os.Chmod(dir, 0o755))
	for _, d := range []string{w.home, w.work, w.cache, filepath.Join(w.cache, "impt"), w.temp, w.plugins, w.notes} {
		require.NoError(t, os.Mkdir(d, 0o755))
		own(t, d)
	}
	own(t, dir)
	w.env = []string{
		"HOME=" + w.home, "XDG_CACHE_HOME=" + w.cache, "TMPDIR=" + w.temp,
		"IMPT_PLUGIN_PATH=" + w.plugins, "GOCOVERDIR=" + w.notes, "TERM=dumb", "PATH=/nowhere",
	}
	w.serve()
	w.env = append(w.env, "IMPT_ENDPOINT="+w.endpoint) // for logins in variables
	w.copyIndex()
	t.Cleanup(w.close)
	return w
}

// serve starts the simulator.
func (w *world) serve() {
	require.NoError(w.t, w.sim.Seed(strings.NewReader(seed)))
	w.behind = w.sim.Handler()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w.t, err)
	server := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		h := w.behind
		w.mu.Unlock()
		h.ServeHTTP(rw, r)
	})}
	go func() { _ = server.Serve(listener) }()
	w.endpoint = "http://" + listener.Addr().String() + "/v5"
	w.t.Cleanup(func() {
		w.sim.Close()
		_ = server.Close()
	})
}

// wrap puts a handler in front of the simulator.
func (w *world) wrap(f func(next http.Handler) http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behind = f(w.behind)
}

// copyIndex spares the description of the bundled plugins.
func (w *world) copyIndex() {
	b, err := os.ReadFile(w.index)
	require.NoError(w.t, err)
	path := filepath.Join(w.cache, "impt", "plugins.index")
	require.NoError(w.t, os.WriteFile(path, b, 0o600))
	own(w.t, path)
}

// close requires that nothing is left of all the runs.
func (w *world) close() {
	left := w.processes()
	for _, pid := range left {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	if w.t.Failed() {
		_ = os.RemoveAll(w.dir)
		return // what was killed cannot clear up
	}
	require.Empty(w.t, left, "processes are left")
	entries, err := os.ReadDir(w.temp)
	require.NoError(w.t, err)
	require.Empty(w.t, entries, "run directories are left")
	require.NoError(w.t, os.RemoveAll(w.dir))
}

// auth is the file with the login.
func (w *world) auth() string { return filepath.Join(w.home, ".impt.auth") }

// logIn writes a login that is good until then.
func (w *world) logIn(until time.Time) {
	text, err := json.Marshal(map[string]any{
		"endpoint": w.endpoint, "accessToken": accessToken, "refreshToken": refreshToken,
		"expiresAt": until.UTC().Format("2006-01-02T15:04:05.000Z"),
	})
	require.NoError(w.t, err)
	require.NoError(w.t, os.WriteFile(w.auth(), text, 0o600))
	own(w.t, w.auth())
}

// valid is an end of a login that no test lives to see.
var valid = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)

// install puts hostile plugins into the plugin folder.
func (w *world) install(names ...string) {
	for _, name := range names {
		w.installAs(name, w.evil)
	}
}

// bundle makes an impt of its own with hostile plugins that come with it: they
// are not confined.
func (w *world) bundle(names ...string) {
	impt := filepath.Join(w.dir, "own", "bin", "impt")
	bundled := filepath.Join(w.dir, "own", "libexec", "impt", "plugins")
	require.NoError(w.t, os.MkdirAll(filepath.Dir(impt), 0o755))
	require.NoError(w.t, os.MkdirAll(bundled, 0o755))
	own(w.t, bundled)
	require.NoError(w.t, copyFile(impt, w.programs.impt))
	w.programs.impt, w.plugins = impt, bundled
	w.env = append(w.env, "IMPT_PLUGIN_PATH=")
	w.install(names...)
}

// installAs puts a plugin of that name and interpreter into the plugin folder.
func (w *world) installAs(name, interpreter string) string {
	path := filepath.Join(w.plugins, "impt-plugin-"+name)
	require.NoError(w.t, os.WriteFile(path, []byte("#!"+interpreter+"\n"), 0o755))
	own(w.t, path)
	return path
}

// write makes a file that is the user's.
func (w *world) write(path, content string) {
	require.NoError(w.t, os.WriteFile(path, []byte(content), 0o600))
	own(w.t, path)
}

func (w *world) read(path string) string {
	b, err := os.ReadFile(path)
	require.NoError(w.t, err)
	return string(b)
}

// starts are the starts of hostile plugins so far, a line each.
func (w *world) starts() []string {
	b, err := os.ReadFile(filepath.Join(w.notes, "starts"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	require.NoError(w.t, err)
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

// outcome is what a hostile plugin reports of one attempt.
type outcome struct {
	Got    string
	Denied bool
	Err    string
}

func (w *world) report() map[string]outcome {
	w.t.Helper()
	var r map[string]outcome
	require.NoError(w.t, json.Unmarshal([]byte(w.read(filepath.Join(w.notes, "report"))), &r))
	return r
}

// result is how a run ended.
type result struct {
	code           int
	stdout, stderr string
}

func (w *world) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = w.work, w.env, attributes()
	return cmd
}

// impt runs the program to its end.
func (w *world) impt(args ...string) result {
	w.t.Helper()
	return w.start(w.command(w.programs.impt, args...)).wait()
}

// running is a program under way.
type running struct {
	w      *world
	cmd    *exec.Cmd
	out    output
	err    output
	exited chan struct{}
}

// start starts a program. It is killed with the test.
func (w *world) start(cmd *exec.Cmd) *running {
	w.t.Helper()
	r := &running{w: w, cmd: cmd, exited: make(chan struct{})}
	r.out.changed, r.err.changed = make(chan struct{}), make(chan struct{})
	if cmd.Stdout == nil {
		cmd.Stdout = &r.out
	}
	if cmd.Stderr == nil {
		cmd.Stderr = &r.err
	}
	require.NoError(w.t, cmd.Start())
	go func() {
		defer close(r.exited)
		_ = cmd.Wait()
	}()
	w.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-r.exited
	})
	return r
}

func (r *running) wait() result {
	r.w.t.Helper()
	select {
	case <-r.exited:
	case <-within(r.w.t, patience).Done():
		require.FailNow(r.w.t, "the program does not end", "%s\n%s", end(r.out.String()), end(r.err.String()))
	}
	return result{r.cmd.ProcessState.ExitCode(), r.out.String(), r.err.String()}
}

func (r *running) signal(s os.Signal) { require.NoError(r.w.t, r.cmd.Process.Signal(s)) }

// shows waits until standard output has a text.
func (r *running) shows(text string) {
	r.w.t.Helper()
	late := within(r.w.t, patience)
	for {
		shown, changed := r.out.now()
		if strings.Contains(shown, text) {
			return
		}
		select {
		case <-changed:
		case <-r.exited:
			require.Contains(r.w.t, end(r.out.String()), text, "the program has ended: %s", end(r.err.String()))
			return
		case <-late.Done():
			require.Contains(r.w.t, end(shown), text)
		}
	}
}

// end is the end of what was shown, for reports.
func end(shown string) string { return shown[max(0, len(shown)-2000):] }

// output is a buffer that can be waited for.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	return o.text.Write(b)
}

func (o *output) now() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.changed
}

func (o *output) String() string {
	text, _ := o.now()
	return text
}
