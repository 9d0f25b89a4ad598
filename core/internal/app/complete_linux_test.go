package app_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCompletionStartsNothing: neither a plugin, nor a login, nor a question.
func TestCompletionStartsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("evil")
	complete := func(current string, words ...string) string {
		r := w.impt(append([]string{"__complete", "fish", "=" + current}, words...)...)
		require.Zero(t, r.code)
		require.Empty(t, r.stderr)
		return r.stdout
	}
	require.Equal(t, "evil\n", complete("ev"), "known by its file")
	require.Empty(t, complete("", "evil"))
	require.Empty(t, w.starts())
	w.impt("--help")
	require.Equal(t, []string{"evil describe"}, w.starts())
	require.Contains(t, complete("", "evil"), "good\t")
	require.Contains(t, complete("--", "evil", "good"), "--output\n")
	require.Len(t, w.starts(), 1)

	var requests atomic.Int32
	w.wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			next.ServeHTTP(rw, r)
		})
	})
	require.Empty(t, complete("", "product", "info", "--product"), "nobody has logged in")
	w.logIn(time.Unix(1, 0))
	require.Empty(t, complete("", "product", "info", "--product"), "the login has expired")
	require.Zero(t, requests.Load())
	expired := w.read(w.auth())
	w.logIn(valid)
	require.Equal(t, "Weatherglass\tProduct p-1\n", complete("W", "product", "info", "--product"))
	require.Equal(t, "--product=Weatherglass\tProduct p-1\n", complete("--product=", "product", "info"))
	require.EqualValues(t, 2, requests.Load())
	require.NotEqual(t, expired, w.read(w.auth()))
}

// TestCompletionIsTheHosts: no plugin can have the group completion.
func TestCompletionIsTheHosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("completion")
	r := w.impt("completion", "bash")
	require.Zero(t, r.code)
	require.True(t, strings.HasPrefix(r.stdout, "# Completion of impt for Bash."), r.stdout)
	require.Empty(t, w.starts())
	require.Contains(t, w.impt("completion", "tcsh").stdout, "Error: Unknown argument: tcsh")
}
