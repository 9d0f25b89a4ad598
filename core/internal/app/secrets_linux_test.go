package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/electricimp/impt/sdk/sim"
)

// TestPluginHoldsNoSecret looks into the memory, environment and arguments of
// bundled plugins while an answer of impCentral, or the reader of the output,
// keeps them waiting.
func TestPluginHoldsNoSecret(t *testing.T) {
	t.Parallel()
	handle := regexp.MustCompile(`login-key-[A-Z2-7]{26}`)
	for name, c := range map[string]struct {
		args  []string
		env   []string
		login time.Time // zero: none
		// held is the request whose answer does not come; without one the
		// output is not read.
		held *sim.Fault
		// knows is what the plugin has when we look.
		knows *regexp.Regexp
		// secret is what it must not have, besides all tokens; host is
		// what the host needs to have at that time.
		secret, host []string
	}{
		"product list": {
			args: []string{"product", "list"}, login: valid,
			knows: regexp.MustCompile("Weatherglass"), host: []string{accessToken, refreshToken},
		},
		"request under way": {
			args: []string{"product", "info", "-p", "Weatherglass"}, login: valid,
			held: &sim.Fault{Path: "/products/*", Hold: true}, knows: regexp.MustCompile("Weatherglass"),
			host: []string{accessToken, refreshToken},
		},
		"login by password": {
			args:  []string{"auth", "login", "--endpoint", "@", "--user", "ann", "--pwd", password},
			held:  &sim.Fault{Path: "/auth", Hold: true},
			knows: regexp.MustCompile(`http://127.0.0.1:\d+/v5`), secret: []string{password}, host: []string{password},
		},
		"login by key": {
			args:  []string{"auth", "login", "--endpoint", "@", "--lk", loginKey},
			held:  &sim.Fault{Path: "/auth/token", Hold: true},
			knows: regexp.MustCompile(`http://127.0.0.1:\d+/v5`), secret: []string{loginKey}, host: []string{loginKey},
		},
		"after a login": {
			args:  []string{"auth", "login", "--endpoint", "@", "--user", "ann", "--pwd", password},
			knows: regexp.MustCompile("login is successful"), secret: []string{password}, host: []string{password},
		},
		"loginkey list": {
			args: []string{"loginkey", "list"}, login: valid,
			knows: regexp.MustCompile("for the build server"), secret: []string{loginKey, otherKey}, host: []string{loginKey, otherKey},
		},
		"loginkey info": {
			args: []string{"loginkey", "info", "--lk", loginKey}, login: valid,
			knows: regexp.MustCompile("for the build server"), secret: []string{loginKey}, host: []string{loginKey},
		},
		"loginkey create": {
			args: []string{"loginkey", "create", "--pwd", password, "--descr", "new"}, login: valid,
			knows: handle, secret: []string{password}, host: []string{password},
		},
		"loginkey that is none": {
			args: []string{"loginkey", "delete", "--lk", "no" + loginKey, "--pwd", password, "--confirmed"}, login: valid,
			held:  &sim.Fault{Path: "/accounts/me/login_keys/*", Hold: true},
			knows: handle, secret: []string{loginKey, password}, host: []string{loginKey},
		},
		"device unassign": {
			args: []string{"device", "unassign", "--device", "d-1", "--unbond", unbondKey}, login: valid,
			held:  &sim.Fault{Method: "DELETE", Path: "/devicegroups/**", Hold: true},
			knows: regexp.MustCompile("barometer-9"), secret: []string{unbondKey}, host: []string{unbondKey, accessToken},
		},
		"user and password in variables": {
			args: []string{"product", "list"}, env: []string{"IMPT_USER=ann", "IMPT_PASSWORD=" + password},
			knows: regexp.MustCompile("Weatherglass"), secret: []string{password}, host: []string{password},
		},
		"login key in a variable": {
			args: []string{"product", "list"}, env: []string{"IMPT_LOGINKEY=" + loginKey},
			knows: regexp.MustCompile("Weatherglass"), secret: []string{loginKey}, host: []string{loginKey},
		},
		"renewal under way": {
			args: []string{"product", "info", "-p", "Weatherglass"}, login: time.Now().Add(-time.Hour),
			held:  &sim.Fault{Path: "/auth/token", Hold: true},
			knows: regexp.MustCompile("Weatherglass"), host: []string{refreshToken},
		},
		"after a renewal": {
			args: []string{"product", "list"}, login: time.Now().Add(-time.Hour),
			knows: regexp.MustCompile("Weatherglass"), host: []string{refreshToken},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if !c.login.IsZero() {
				w.logIn(c.login)
			}
			w.env = append(w.env, c.env...)
			args := strings.Split(strings.ReplaceAll(strings.Join(c.args, "\x00"), "@", w.endpoint), "\x00")
			cmd := w.command(w.programs.impt, args...)
			var free func()
			reached := func() {}
			if c.held != nil {
				held := w.sim.Inject(*c.held)
				free = held.Release
				reached = func() { require.NoError(t, held.WaitHits(within(t, patience), 1)) }
			} else {
				cmd.Stdout, free = fullPipe(t)
			}
			r := w.start(cmd)
			reached()
			pid := comesToRun(t, r)
			comesToHold(t, pid, c.knows)

			secrets := append(w.tokens(), c.secret...)
			require.GreaterOrEqual(t, len(secrets), 2)
			found, err := holds(pid, secrets...)
			require.NoError(t, err)
			require.Empty(t, found, "the plugin holds secrets")
			for _, file := range []string{"environ", "cmdline"} {
				b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
				require.NoError(t, err)
				for _, s := range secrets {
					require.NotContains(t, string(b), s, file)
				}
			}
			w.hostHolds(r.cmd.Process.Pid, c.host)
			free()
			<-r.exited
		})
	}
}

// tokens are all tokens that impCentral has given.
func (w *world) tokens() []string {
	var state struct {
		Access  []struct{ Token string } `json:"access_tokens"`
		Refresh []struct{ Token string } `json:"refresh_tokens"`
	}
	var b bytes.Buffer
	require.NoError(w.t, w.sim.Save(&b))
	require.NoError(w.t, json.Unmarshal(b.Bytes(), &state))
	var all []string
	for _, t := range append(state.Access, state.Refresh...) {
		all = append(all, t.Token)
	}
	return all
}

// hostHolds is the control: the same search finds the secrets in the host, if
// we may look there, which only root may.
func (w *world) hostHolds(pid int, secrets []string) {
	w.t.Helper()
	found, err := holds(pid, secrets...)
	if errors.Is(err, fs.ErrPermission) {
		return
	}
	require.NoError(w.t, err)
	require.ElementsMatch(w.t, secrets, found, "the search finds nothing in the host either")
}

// comesToRun waits until impt has started its plugin: there is no event for
// the birth of somebody else's child.
func comesToRun(t testing.TB, r *running) int {
	t.Helper()
	var all []int
	require.Eventually(t, func() bool {
		all = children(t, r.cmd.Process.Pid, pluginFile)
		return len(all) > 0
	}, patience, 5*time.Millisecond, "no plugin was started: %s %s", &r.out, &r.err)
	return all[0]
}

// fullPipe is an output into which nothing fits until it is read.
func fullPipe(t testing.TB) (*os.File, func()) {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	size, err := unix.FcntlInt(writer.Fd(), unix.F_SETPIPE_SZ, 4096)
	require.NoError(t, err)
	_, err = writer.Write(make([]byte, size))
	require.NoError(t, err)
	t.Cleanup(func() { _ = reader.Close() })
	return writer, func() {
		_ = writer.Close()
		go func() { _, _ = io.Copy(io.Discard, reader) }()
	}
}

// TestArgumentsShowNoSecret: what is typed after --pwd is not for whoever lists
// the processes while the command runs.
func TestArgumentsShowNoSecret(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"apart":     {"auth", "login", "--user", "ann", "--pwd", password},
		"joined":    {"auth", "login", "--user", "ann", "--pwd=" + password},
		"alias":     {"auth", "login", "-u", "ann", "-w", password},
		"login key": {"auth", "login", "--lk", password},
		"unwanted":  {"loginkey", "create", "--pwd", password, "--descr", "ann"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.logIn(valid)
			held := w.sim.Inject(sim.Fault{Hold: true, Count: -1})
			cmd := w.command(w.programs.impt, args...)
			cmd.Args = append(cmd.Args, "--confirmed", "--endpoint", w.endpoint)
			if args[0] == "loginkey" {
				cmd.Args = cmd.Args[:len(cmd.Args)-3]
			}
			r := w.start(cmd)
			require.NoError(t, held.WaitHits(within(t, patience), 1))
			b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", r.cmd.Process.Pid))
			require.NoError(t, err)
			require.Contains(t, string(b), args[1], "the rest is still there")
			require.NotContains(t, string(b), password)
			held.Release()
			r.wait()
		})
	}
}
