package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/sim"
)

// atOnce is how soon a program has ended that does so at once, on a machine
// that has other things to do. It is less than the two seconds that a plugin
// has to obey.
const atOnce = 1500 * time.Millisecond

// TestSignalDuringARequest: the run ends at once, with its plugin, and the
// request is given up.
func TestSignalDuringARequest(t *testing.T) {
	t.Parallel()
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 129} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.logIn(valid)
			auth := w.read(w.auth())
			cancelled := w.watchCancel("/products")
			held := w.sim.Inject(sim.Fault{Path: "/products", Hold: true})
			r := w.start(w.command(w.programs.impt, "product", "list"))
			require.NoError(t, held.WaitHits(within(t, patience), 1))
			plugin := watch(t, r.plugin())

			begun := time.Now()
			r.signal(signal)
			require.Equal(t, result{code: code}, r.wait(), "nobody has to be told")
			require.Less(t, time.Since(begun), atOnce)
			require.True(t, plugin.gone(t, 0), "the plugin was waited for")
			select {
			case <-cancelled:
			case <-within(t, patience).Done():
				require.Fail(t, "the request was not given up")
			}
			require.Equal(t, auth, w.read(w.auth()))
		})
	}
}

// watchCancel tells when a request below a path is given up by its client.
func (w *world) watchCancel(path string) <-chan struct{} {
	cancelled := make(chan struct{})
	w.wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, path) {
				go func() {
					<-r.Context().Done()
					close(cancelled)
				}()
			}
			next.ServeHTTP(rw, r)
		})
	})
	return cancelled
}

// TestInterruptOfAStream: once the stream is open, Ctrl-C is how one leaves it.
func TestInterruptOfAStream(t *testing.T) {
	t.Parallel()
	t.Run("open", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.logIn(valid)
		s := w.onTerminal("log", "stream", "--device", "d-1")
		s.shows("is opened.")
		s.shows("Press <Ctrl-C> to exit.")
		s.types("\x03")
		r := s.wait()
		require.Equal(t, 0, r.code, r.stdout)
	})
	t.Run("opening", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.logIn(valid)
		held := w.sim.Inject(sim.Fault{Method: "POST", Path: "/logstream", Hold: true})
		r := w.start(w.command(w.programs.impt, "log", "stream", "--device", "d-1"))
		require.NoError(t, held.WaitHits(within(t, patience), 1))
		begun := time.Now()
		r.signal(os.Interrupt)
		require.Equal(t, 130, r.wait().code)
		require.Less(t, time.Since(begun), atOnce)
	})
}

// TestSecondInterruptLeavesAtOnce: the plugin does not obey the first, for
// which it would have two seconds.
func TestSecondInterruptLeavesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil")
	r := w.start(w.command(w.programs.impt, "evil", "stay"))
	r.shows("waiting")
	plugin := watch(t, r.plugin())
	r.signal(os.Interrupt)
	require.False(t, plugin.gone(t, 200*time.Millisecond), "it has its time")
	begun := time.Now()
	r.signal(os.Interrupt)
	require.Equal(t, 130, r.wait().code)
	require.Less(t, time.Since(begun), atOnce)
	require.True(t, plugin.gone(t, atOnce))
	require.Empty(t, w.processes())
}

// TestPluginThatDoesNotObeyIsKilled: the first Ctrl-C ends the run in the end.
func TestPluginThatDoesNotObeyIsKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil")
	cmd := w.command(w.hasty, "evil", "stay")
	cmd.Env = append(cmd.Env, hastyVariable+"=1")
	r := w.start(cmd)
	r.shows("waiting")
	r.signal(os.Interrupt)
	require.Equal(t, 130, r.wait().code)
	require.Empty(t, w.processes())
}

// TestInterruptWhilePluginsAreDescribed: Ctrl-C is heard from the beginning.
func TestInterruptWhilePluginsAreDescribed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("hangs")
	r := w.start(w.command(w.programs.impt, "--help"))
	pid := comesToRun(t, r)
	begun := time.Now()
	r.signal(os.Interrupt)
	require.Equal(t, 130, r.wait().code)
	require.Less(t, time.Since(begun), atOnce)
	require.True(t, watchOrGone(t, pid))
	require.Empty(t, w.processes())
}

func watchOrGone(t testing.TB, pid int) bool {
	t.Helper()
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	return watch(t, pid).gone(t, atOnce)
}

// TestKilledHostLeavesNothing: no plugin after a second, no socket and no run
// directory after the next start.
func TestKilledHostLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"bundled": {"product", "list"}, "obedient": {"evil", "linger"}, "defiant": {"evil", "stay"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.install("evil")
			w.logIn(valid)
			held := w.sim.Inject(sim.Fault{Path: "/products", Hold: true})
			r := w.start(w.command(w.programs.impt, args...))
			if name == "bundled" {
				require.NoError(t, held.WaitHits(within(t, patience), 1))
			} else {
				r.shows("waiting")
			}
			plugin := watch(t, r.plugin())
			r.signal(syscall.SIGKILL)
			require.True(t, plugin.gone(t, time.Second), "the plugin runs a second after its host")
			<-r.exited
			left, err := filepath.Glob(filepath.Join(w.temp, "*", "*", "*"))
			require.NoError(t, err)
			require.NotEmpty(t, left, "sockets are left for the next start")
			held.Remove()
			require.Equal(t, 0, w.impt("product", "list").code)
			left, err = filepath.Glob(filepath.Join(w.temp, "*"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// TestOddTempDir: a long path with blanks and other letters is none for
// sockets, and does not keep plugins from running.
func TestOddTempDir(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.logIn(valid)
	odd := filepath.Join(w.dir, strings.Repeat("ü b/", 45))
	require.NoError(t, os.MkdirAll(odd, 0o755))
	own(t, odd)
	require.Greater(t, len(odd), 200)
	w.env = append(w.env, "TMPDIR="+odd)
	r := w.impt("product", "list")
	require.Equal(t, 0, r.code, r)
	require.Contains(t, r.stdout, "Weatherglass")
	left, err := os.ReadDir(odd)
	require.NoError(t, err)
	require.Empty(t, left)

	// Where the path is short, blanks and letters do no harm at all.
	short := filepath.Join(w.dir, "ö %2f")
	require.NoError(t, os.Mkdir(short, 0o755))
	own(t, short)
	w.env = append(w.env, "TMPDIR="+short)
	require.Equal(t, 0, w.impt("product", "list").code)
}
