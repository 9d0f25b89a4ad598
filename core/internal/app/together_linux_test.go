package app_test

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestExpiredTokenIsRenewedOnce runs many commands at once, all of which find
// an expired token.
func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.logIn(time.Now().Add(-time.Hour))
	w.sim.ExpireTokens()
	const many = 30
	var all sync.WaitGroup
	results := make([]result, many)
	for i := range many {
		all.Go(func() { results[i] = w.impt("product", "list", "-z", "json") })
	}
	all.Wait()
	renewals := 0
	for _, q := range w.sim.Requests() {
		require.NotEqual(t, "/auth", q.Path)
		if q.Path == "/auth/token" {
			renewals++
		}
	}
	for _, r := range results {
		require.Equal(t, 0, r.code, r)
		require.Contains(t, r.stdout, "Weatherglass")
	}
	require.Equal(t, 1, renewals)
	w.requireLogin()
	left, err := filepath.Glob(w.auth() + "*")
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing but the file")
}

// requireLogin requires a whole auth file that nobody else can read, with a
// login in it that goes on.
func (w *world) requireLogin() {
	w.t.Helper()
	info, err := os.Stat(w.auth())
	require.NoError(w.t, err)
	require.Equal(w.t, fs.FileMode(0o600), info.Mode().Perm())
	var file struct{ Endpoint, AccessToken, ExpiresAt, RefreshToken string }
	text := w.read(w.auth())
	require.NoError(w.t, json.Unmarshal([]byte(text), &file), text)
	require.Equal(w.t, w.endpoint, file.Endpoint)
	require.NotEmpty(w.t, file.AccessToken)
	require.NotEmpty(w.t, file.RefreshToken)
	_, err = time.Parse(time.RFC3339, file.ExpiresAt)
	require.NoError(w.t, err)
}

// TestKillNeverTearsTheLogin kills impt around the time at which it replaces
// the auth file.
func TestKillNeverTearsTheLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.logIn(time.Now().Add(-time.Hour))
	answered := make(chan struct{}, 100)
	w.wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(rw, r)
			if strings.HasPrefix(r.URL.Path, "/v5/auth") {
				answered <- struct{}{}
			}
		})
	})
	rounds, replaced := 0, 0
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end) || replaced == 0; rounds++ {
		w.sim.ExpireTokens()
		before := w.read(w.auth())
		args := []string{"product", "list"}
		if rounds%2 == 1 {
			args = []string{"auth", "login", "--endpoint", w.endpoint, "--user", "ann", "--pwd", password, "--confirmed"}
		}
		r := w.start(w.command(w.programs.impt, args...))
		select {
		case <-answered:
		case <-r.exited:
		case <-within(t, patience).Done():
			require.Fail(t, "no request arrived")
		}
		select {
		case <-time.After(rand.N(3 * time.Millisecond)):
		case <-r.exited:
		}
		_ = r.cmd.Process.Kill()
		<-r.exited
		w.requireLogin()
		if w.read(w.auth()) != before {
			replaced++
		}
	}
	t.Logf("%d kills, %d of them after the file was replaced", rounds, replaced)
	require.Greater(t, rounds, replaced, "some kills came before")
	// What the killed have left does not disturb the next.
	r := w.impt("product", "list")
	require.Equal(t, 0, r.code, r)
}
