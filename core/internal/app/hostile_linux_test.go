package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/sim"
)

// evil is a world with the hostile plugin, a login and a project.
func evil(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.install("evil")
	w.logIn(valid)
	w.write(filepath.Join(w.home, "private"), "a private text")
	return w
}

func TestUndeclaredCallsAreDenied(t *testing.T) {
	t.Parallel()
	w := evil(t)
	w.write(filepath.Join(w.work, ".impt.project"), `{"deviceGroupId": "g-1"}`)
	auth := w.read(w.auth())
	r := w.impt("evil", "beg")
	require.Equal(t, 0, r.code, r)
	report := w.report()
	require.Greater(t, len(report), 150)
	for what, o := range report {
		require.NotEmpty(t, o.Err, "%s: %s", what, o.Got)
		require.True(t, o.Denied, "%s: %s", what, o.Err)
	}
	require.Empty(t, w.sim.Requests(), "not even a request was made")
	require.Equal(t, auth, w.read(w.auth()))
	require.FileExists(t, filepath.Join(w.work, ".impt.project"))
}

func TestReadingProductsReachesNothingElse(t *testing.T) {
	t.Parallel()
	w := evil(t)
	other := w.elsewhere()
	w.sim.Inject(sim.Fault{
		Path: "/products", Nth: 1, Count: -1, Status: 302,
		Headers: map[string]string{"Location": other.url + "/v5/products"},
	})
	r := w.impt("evil", "smuggle", "--pwd", password)
	require.Equal(t, 0, r.code, r)
	for what, o := range w.report() {
		require.NotContains(t, o.Got, "refresh_token", what)
		require.NotContains(t, o.Got, "a-ann", what)
		switch {
		case what == "redirected", strings.HasPrefix(what, "fetch ") && o.Got == "null":
		case strings.HasPrefix(what, "header "), strings.HasPrefix(what, "handle "),
			strings.HasPrefix(what, "METHOD_P"), strings.HasPrefix(what, "METHOD_DELETE"):
			require.True(t, o.Denied, "%s: %s %s", what, o.Got, o.Err)
		default:
			require.NotEmpty(t, o.Err, "%s: %s", what, o.Got)
		}
	}
	for _, q := range w.sim.Requests() {
		segments := strings.Split(strings.TrimPrefix(q.Path, "/"), "/")
		require.Equal(t, "products", segments[0], q.Path)
		require.LessOrEqual(t, len(segments), 2, q.Path)
		require.NotContains(t, segments, "..")
		require.Equal(t, "GET", q.Method)
	}
	// The one that was allowed was sent on to another origin, without a secret.
	require.NotEmpty(t, other.requests)
	for _, q := range other.requests {
		require.Empty(t, q.Header["Authorization"])
		require.Empty(t, q.Header["X-Electricimp-Key"])
		for _, values := range q.Header {
			require.NotContains(t, strings.Join(values, " "), password)
			require.NotContains(t, strings.Join(values, " "), accessToken)
		}
	}
}

func TestLoginKeysStayHandles(t *testing.T) {
	t.Parallel()
	w := evil(t)
	w.sim.Inject(sim.Fault{
		Method: "DELETE", Status: 409,
		Body: `{"errors":[{"status":"409","title":"Key ` + loginKey + `","detail":"The key ` + loginKey + ` is in use."}]}`,
	})
	r := w.impt("evil", "keys", "--lk", loginKey, "--pwd", password)
	require.Equal(t, 0, r.code, r)
	report := w.report()
	require.Regexp(t, "^login-key-", report["option"].Got)
	require.Contains(t, report["collect"].Got, "for the build server")
	require.Empty(t, report["change"].Err, "the attack got as far as it can")
	require.Contains(t, report["list again"].Got, "it is ")
	for what, o := range report {
		for _, key := range []string{loginKey, otherKey, password} {
			require.NotContains(t, o.Got+o.Err, key, what)
		}
	}
	require.Contains(t, report["refused"].Err, "is in use")
	// A handle means nothing in any other request, nor within a text, of which
	// pieces could come back.
	for _, q := range w.sim.Requests() {
		require.NotContains(t, string(q.Body), "it is "+loginKey)
		if !strings.HasPrefix(q.Path, "/accounts/me/login_keys") {
			require.NotContains(t, q.Path, loginKey)
		}
	}
}

func TestFilesThatNobodyNamed(t *testing.T) {
	t.Parallel()
	w := evil(t)
	local := filepath.Join(w.work, ".impt.auth")
	w.write(local, w.read(w.auth()))
	w.write(filepath.Join(w.work, "named"), "named for reading")
	w.write(filepath.Join(w.work, "private"), "a private text")
	w.write(filepath.Join(w.work, ".impt.project"), `{"deviceGroupId": "g-1"}`)
	require.NoError(t, os.Symlink(w.auth(), filepath.Join(w.work, "linked")))
	r := w.impt("evil", "files", "--in", "named", "--out", "linked", "--text", w.auth())
	require.Equal(t, 0, r.code, r)
	report := w.report()
	require.Equal(t, outcome{Got: "named for reading"}, report["named"])
	delete(report, "named")
	// The plugin's own default is good for a name in the working directory.
	for _, what := range []string{"read ", "write ", "create ", "delete "} {
		require.Empty(t, report[what+"device.nut"].Err)
		delete(report, what+"device.nut")
	}
	for what, o := range report {
		require.True(t, o.Denied, "%s: %q %s", what, o.Got, o.Err)
	}
	require.Contains(t, w.read(w.auth()), accessToken)
	require.Contains(t, w.read(local), accessToken)
	require.Equal(t, "a private text", w.read(filepath.Join(w.home, "private")))
	require.Equal(t, "a private text", w.read(filepath.Join(w.work, "private")))
	require.Equal(t, "named for reading", w.read(filepath.Join(w.work, "named")))
}

func TestProjectFileOpensNoOther(t *testing.T) {
	t.Parallel()
	w := evil(t)
	local := filepath.Join(w.work, ".impt.auth")
	w.write(local, w.read(w.auth()))
	// What one run writes must not open a door for the next.
	for range 2 {
		r := w.impt("evil", "project", "--out", "device.nut", "--text", w.auth())
		require.Equal(t, 0, r.code, r)
		report := w.report()
		require.Empty(t, report["fair"].Err)
		delete(report, "fair")
		for what, o := range report {
			if strings.HasPrefix(what, "project ") {
				continue
			}
			require.True(t, o.Denied, "%s: %q %s", what, o.Got, o.Err)
		}
		require.Contains(t, w.read(w.auth()), accessToken)
		require.Contains(t, w.read(local), accessToken)
		require.Equal(t, "a private text", w.read(filepath.Join(w.home, "private")))
	}
	// Nor does a project file that came with somebody's source code.
	w.write(filepath.Join(w.work, ".impt.project"), `{"deviceGroupId": "g-1", "deviceFile": "../home/.impt.auth", "agentFile": ".impt.auth"}`)
	require.Equal(t, 0, w.impt("evil", "project", "--out", "device.nut", "--text", "../home/.impt.auth").code)
	for _, what := range []string{"read ../home/.impt.auth", "write ../home/.impt.auth", "delete .impt.auth", "read .impt.auth"} {
		require.True(t, w.report()[what].Denied, "%s: %v", what, w.report()[what])
	}
}

// TestHostIsClosedToItsPlugin lets a plugin look into its parent. It is one
// that comes with the host: the others see even less.
func TestHostIsClosedToItsPlugin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bundle("evil")
	w.env = append(w.env, "IMPT_PASSWORD="+password)
	r := w.impt("evil", "spy", "--pwd", password)
	require.Equal(t, 0, r.code, r)
	report := w.report()
	var variables []string
	for what, o := range report {
		require.NotContains(t, o.Got, password, what)
		switch name, _ := strings.CutPrefix(what, "own variable "); {
		case name != what:
			variables = append(variables, name)
		case what == "cmdline":
			require.Contains(t, o.Got, "evil spy --pwd xxx")
		case strings.HasPrefix(what, "own fd "):
			require.Regexp(t, `^(pipe|socket|anon_inode):|^/dev/null$|^$|^/sys/fs/cgroup/|^/proc/\d+/fd$`, o.Got)
		case what == "folder":
			require.Contains(t, o.Got, w.temp)
		default:
			require.Empty(t, o.Got, what)
			require.Regexp(t, "permitted|denied", o.Err, what)
		}
	}
	require.ElementsMatch(t, []string{
		"IMPT_PLUGIN", "IMPT_PLUGIN_HOST", "IMPT_PLUGIN_TOKEN", "GOCOVERDIR",
		"PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT", "PLUGIN_PROTOCOL_VERSIONS", "PLUGIN_UNIX_SOCKET_DIR",
	}, variables)
	require.Contains(t, report, "cmdline")
	require.Contains(t, report, "attach")
}

// TestTokenIsGoodForOneRun has one plugin use what it knows of another's run.
// It comes with the host: another would not even get through to that socket.
func TestTokenIsGoodForOneRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bundle("evil")
	victim := newWorld(t)
	victim.install("evil")
	other := victim.start(victim.command(victim.programs.impt, "evil", "linger"))
	other.shows("waiting")
	known := victim.report()

	r := w.impt("evil", "borrow", "--text", known["host"].Got, "--extra", known["token"].Got)
	require.Equal(t, 0, r.code, r)
	report := w.report()
	require.Len(t, report, 4)
	for what, o := range report {
		require.True(t, o.Denied, "%s: %v", what, o)
	}
	require.Empty(t, strings.TrimSuffix(r.stdout, "IMPT COMMAND SUCCEEDS\n"))
	require.Equal(t, "waiting\n", other.out.String())
	other.signal(os.Interrupt)
	require.Equal(t, 130, other.wait().code)
}

func TestNothingIsHeardAfterTheRun(t *testing.T) {
	t.Parallel()
	w := evil(t)
	r := w.impt("evil", "late")
	require.Equal(t, 0, r.code, r)
	require.NotContains(t, r.stdout, "panic")
	_, after, found := strings.Cut(r.stdout, "IMPT COMMAND SUCCEEDS\n")
	require.True(t, found)
	require.Empty(t, after)
	report := w.report()
	require.True(t, report["say"].Denied, report)
	require.True(t, report["read"].Denied, report)
}
