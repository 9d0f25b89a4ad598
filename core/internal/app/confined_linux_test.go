package app_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// landlocked skips a test on a kernel without the fence that it is about.
func landlocked(t testing.TB, version int) {
	t.Helper()
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 || int(v) < version {
		t.Skipf("this kernel has Landlock %d, not %d: docs/security.md says what that leaves open", v, version)
	}
}

// TestStrangerReachesNothingByItself lets a plugin that did not come with impt
// try everything that a program of the user's can do. The same plugin as one
// that is not confined is the control: most of it succeeds.
func TestStrangerReachesNothingByItself(t *testing.T) {
	t.Parallel()
	landlocked(t, 6)
	w := evil(t)
	report := w.escape()
	require.Greater(t, len(report), 45)
	for what, o := range report {
		if what == "own file" || what == "library" {
			require.Empty(t, o.Err, what)
			continue
		}
		require.Empty(t, o.Got, what)
		require.Regexp(t, "permission denied|not permitted|not implemented|file too large|cross-device", o.Err, what)
	}
	require.Equal(t, "", report["own file"].Err)
}

// TestConfinementIsWhatKeepsThemOut is the control.
func TestConfinementIsWhatKeepsThemOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.logIn(valid)
	w.bundle("evil")
	report := w.escape()
	for _, what := range []string{
		"read login", "read key", "read temporary", "read passwords", "read status of the host",
		"list root", "list home", "list processes", "list temporary files", "list other runs",
		"write a new plugin", "write the index", "write in home", "make a folder",
		"link the login", "remove another's socket", "open up the login", "forge the time",
		"connect to a port", "send a datagram", "listen on a port", "connect to a socket", "connect out of sight", "send to a socket",
		"end the host", "end another run", "unbound itself", "search a keyring", "hide a file", "share memory", "start a shell",
	} {
		require.Contains(t, report, what)
		require.Empty(t, report[what].Err, what)
	}
}

// escape lays out what there is to reach, and runs the attacks on it.
func (w *world) escape() map[string]outcome {
	w.t.Helper()
	w.install("good")
	victim := newWorld(w.t)
	victim.install("evil")
	other := victim.start(victim.command(victim.programs.impt, "evil", "linger"))
	other.shows("waiting")
	known := victim.report()

	ssh := filepath.Join(w.home, ".ssh")
	require.NoError(w.t, os.Mkdir(ssh, 0o755))
	w.write(filepath.Join(ssh, "id_ed25519"), "a private key")
	w.write(filepath.Join(w.dir, "temporary"), "of another program")
	index := filepath.Join(w.cache, "impt", "plugins.index")
	bus := filepath.Join(w.dir, "bus")
	abstract := "impt-test-" + strconv.Itoa(os.Getpid()) + filepath.Base(w.dir)
	log := filepath.Join(w.dir, "log")
	tcp := w.listen("tcp", "127.0.0.1:0").String()
	w.listen("unix", bus)
	w.listen("unix", "@"+abstract)
	packets, err := net.ListenPacket("unixgram", log)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = packets.Close() })
	own(w.t, bus, log)

	var layout strings.Builder
	for name, where := range map[string]string{
		"auth": w.auth(), "ssh": filepath.Join(ssh, "id_ed25519"), "temp": filepath.Join(w.dir, "temporary"),
		"home": w.home, "store": w.plugins, "index": index, "runs": filepath.Dir(filepath.Dir(known["host"].Got)),
		"socket": known["host"].Got, "pid": known["pid"].Got, "tcp": tcp, "bus": bus, "abstract": abstract, "log": log, "own": ".",
	} {
		fmt.Fprintln(&layout, name, where)
	}
	r := w.impt("evil", "escape", "--text", layout.String())
	require.Equal(w.t, 0, r.code, r)
	other.signal(os.Interrupt)
	other.wait()
	return w.report()
}

func (w *world) listen(network, address string) net.Addr {
	w.t.Helper()
	l, err := net.Listen(network, address)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = l.Close() })
	return l.Addr()
}
