package halfway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

// patience is how long a command may take.
const patience = 2 * time.Minute

// world is a working directory and an impCentral, of one run of a command and
// its repetition.
type world struct {
	impt plugintest.Impt
	sim  *sim.Sim
	dir  string
	env  []string
	trip *tripwire
}

// newWorld begins with the entities in testdata, and the files of a case.
func newWorld(t *testing.T, impt plugintest.Impt, c *scene) *world {
	t.Helper()
	s := sim.New(sim.Config{KeepZombies: c.zombies})
	seed, err := os.Open(filepath.Join("testdata", "cloud.json"))
	require.NoError(t, err)
	require.NoError(t, s.Seed(seed))
	require.NoError(t, seed.Close())
	w := &world{impt: impt, sim: s, trip: &tripwire{sim: s}}
	server := httptest.NewServer(w.trip)
	t.Cleanup(func() { s.Close(); server.Close() })
	home := t.TempDir()
	w.dir = filepath.Join(home, "work")
	require.NoError(t, os.Mkdir(w.dir, 0o700))
	w.env = impt.Environment(t, home, "IMPT_ENDPOINT="+server.URL+"/v5")
	login, err := json.Marshal(map[string]string{
		"endpoint": server.URL + "/v5", "accessToken": "access-of-the-test", "expiresAt": "2099-01-01T00:00:00Z",
	})
	require.NoError(t, err)
	w.write(t, loginFile, string(login))
	for name, content := range c.files {
		w.write(t, name, content)
	}
	return w
}

const loginFile = ".impt.auth"

func (w *world) write(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600))
}

// mode is a mode of output.
type mode string

const (
	text    mode = "text"
	minimal mode = "minimal"
	inJSON  mode = "json"
)

var modes = []mode{inJSON, text, minimal}

// result is what a run printed, and how it ended.
type result struct {
	exit     int
	out, err string
}

func (w *world) run(t *testing.T, m mode, args ...string) result {
	t.Helper()
	if m != text {
		args = append(args[:len(args):len(args)], "-z", string(m))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.impt.Path, args...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Env, cmd.WaitDelay, cmd.Stdout, cmd.Stderr = w.dir, w.env, patience, &out, &errs
	err := w.trip.start(cmd)
	if err == nil {
		err = cmd.Wait()
	}
	if _, ok := errors.AsType[*exec.ExitError](err); !ok {
		require.NoError(t, err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// requests are those that change something, or those that do not.
func (w *world) requests(changing bool) []sim.Request {
	var found []sim.Request
	for _, r := range w.sim.Requests() {
		if isChanging(r.Method) == changing {
			found = append(found, r)
		}
	}
	return found
}

func isChanging(method string) bool { return method != http.MethodGet }

// mishap is a way in which a request fails.
type mishap struct {
	name  string
	fault sim.Fault
	// reading tells that it befalls a request that changes nothing.
	reading bool
	// interrupt is Ctrl-C when the change is made and the answer under way.
	interrupt bool
}

const refusal = `{"errors":[{"status":"500","title":"Internal Server Error","detail":"The test wants it."}]}`

var mishaps = []mishap{
	{name: "refused", fault: sim.Fault{Status: http.StatusInternalServerError, Body: refusal}},
	{name: "dropped", fault: sim.Fault{DropConnection: true}},
	{name: "answer lost", fault: sim.Fault{DropConnection: true, After: true}},
	{name: "unreadable", fault: sim.Fault{Status: http.StatusInternalServerError, Body: refusal}, reading: true},
	{name: "interrupted", interrupt: true},
}

// tripwire lets the nth request of a kind fail, whichever it is: those that are
// made side by side come in any order.
type tripwire struct {
	sim *sim.Sim

	mu      sync.Mutex
	mishap  mishap
	left    int
	running *os.Process
	// partly lets requests about several devices fail for all but the first.
	partly bool
}

func (w *tripwire) set(m mishap, nth int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mishap, w.left = m, nth
}

// start starts a run, which the tripwire can interrupt.
func (w *tripwire) start(cmd *exec.Cmd) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := cmd.Start()
	w.running = cmd.Process
	return err
}

func (w *tripwire) setPartly(partly bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.partly = partly
}

func (w *tripwire) ServeHTTP(to http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	if w.left > 0 && isChanging(r.Method) != w.mishap.reading {
		if w.left--; w.left == 0 && w.mishap.interrupt {
			w.mu.Unlock()
			w.serveInterrupted(r)
			return
		} else if w.left == 0 {
			fault := w.mishap.fault
			fault.Method, fault.Path = r.Method, strings.TrimPrefix(r.URL.EscapedPath(), "/v5")
			w.sim.Inject(fault)
		}
	}
	partly := w.partly && isChanging(r.Method) && strings.HasSuffix(r.URL.Path, "/relationships/devices")
	w.mu.Unlock()
	if partly {
		w.servePartly(to, r)
		return
	}
	w.sim.Handler().ServeHTTP(to, r)
}

// serveInterrupted carries a request out; who has made it does not wait for
// the answer.
func (w *tripwire) serveInterrupted(r *http.Request) {
	w.sim.Handler().ServeHTTP(httptest.NewRecorder(), r)
	if err := w.running.Signal(os.Interrupt); err == nil {
		<-r.Context().Done()
	}
	panic(http.ErrAbortHandler)
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }
