package source

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

// repository is a real one, with the versions v1 and v2 of a file; the latter
// is not committed when it is said so.
func repository(t *testing.T) (dir string, first string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not there")
	}
	dir = t.TempDir()
	write := func(text string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "lib"), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "lib", "a.nut"), []byte(text), 0o600))
	}
	write("one\n")
	git(t, dir, "init", "--quiet", "--initial-branch=main", ".")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "--quiet", "-m", "1")
	git(t, dir, "tag", "v1")
	first = git(t, dir, "rev-parse", "HEAD")
	write("two\n")
	git(t, dir, "commit", "--quiet", "-a", "-m", "2")
	write("three\n")
	return dir, first
}

func gitEnviron(t *testing.T) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=ann", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=ann", "GIT_COMMITTER_EMAIL=a@example.com",
		// Those lead nowhere else.
		"GIT_TRACE=1", "GIT_CURL_VERBOSE=1", "GIT_PREFIX=x",
	}
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = gitEnviron(t)[:7]
	out, err := cmd.Output()
	require.NoError(t, err, "git %v", args)
	return strings.TrimSpace(string(out))
}

func TestGitHere(t *testing.T) {
	t.Parallel()
	dir, first := repository(t)
	d := newDesk(t, func(c *Config) { c.Git.Environ, c.WorkDir = gitEnviron(t), dir })
	d.file(t, "elsewhere", "")
	got, err := d.Read(t.Context(), "git-local:lib/a.nut", builder.Place{})
	require.NoError(t, err)
	require.Equal(t, "two\n", got.Text)
	root, err := filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	require.Equal(t, builder.Place{File: "a.nut", Path: "git-local:lib", RepoPrefix: "git-local:" + filepath.ToSlash(root)}, got.Place)
	got, err = d.Read(t.Context(), "git-local:"+dir+"/lib/a.nut@v1", builder.Place{})
	require.NoError(t, err)
	require.Equal(t, "one\n", got.Text)
	require.Equal(t, first, got.ID)
	require.Contains(t, d.fails(t, "git-local:lib/none@v1", builder.Place{}), "lib/none' does not exist in")
	require.Contains(t, d.fails(t, "git-local:lib/a.nut@none", builder.Place{}), "none")
	require.Contains(t, d.fails(t, "git-local:lib/a.nut@--help", builder.Place{}), `"--help" is no branch, tag or commit`)
	require.Contains(t, d.fails(t, "git-local:"+d.dir+"/x", builder.Place{}), "is not a git repository")
	lock := &Lock{}
	lock.Add("git-local:lib/a.nut", Locked{ID: first})
	d = newDesk(t, func(c *Config) { c.Git.Environ, c.WorkDir, c.Lock = gitEnviron(t), dir, lock })
	require.Equal(t, "one\n", d.text(t, "git-local:lib/a.nut"))
}

func TestGitElsewhere(t *testing.T) {
	t.Parallel()
	dir, first := repository(t)
	temp := t.TempDir()
	set := func(c *Config) { c.Git.Environ, c.Git.TempDir = gitEnviron(t), temp }
	d := newDesk(t, set)
	address := "git:file://" + filepath.ToSlash(dir) + "#"
	require.Equal(t, "two\n", d.text(t, address+"lib/a.nut"))
	for _, ref := range []string{"v1", first, first[:8]} {
		got, err := d.Read(t.Context(), address+"lib/a.nut@"+ref, builder.Place{})
		require.NoError(t, err, ref)
		require.Equal(t, "one\n", got.Text, ref)
		require.Equal(t, first, got.ID, ref)
	}
	require.Contains(t, d.fails(t, address+"none", builder.Place{}), "Failed to read")
	require.Contains(t, d.fails(t, address+"lib/a.nut@none", builder.Place{}), "none")
	require.Contains(t, d.fails(t, address+"../x", builder.Place{}), "the path is not one of a file in the repository")
	require.NoError(t, d.Close())
	entries, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, entries)

	d = newDesk(t, func(c *Config) { set(c); c.Git.Command = "no-such-git" })
	require.Contains(t, d.fails(t, address+"x", builder.Place{}), "the git command is not found")
}

// A server over HTTP that serves files is one that git can fetch from.
func TestGitOverHTTPKeepsItsLogin(t *testing.T) {
	t.Parallel()
	dir, _ := repository(t)
	git(t, dir, "update-server-info")
	files := http.FileServer(http.Dir(filepath.Join(dir, ".git")))
	s := newSite(t, func(h http.Handler) *httptest.Server {
		return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(httptest.NewRecorder(), r) // notes it
			if _, password, _ := r.BasicAuth(); password != secret {
				w.Header().Set("WWW-Authenticate", "Basic")
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			files.ServeHTTP(w, r)
		}))
	}, nil)
	d := newDesk(t, func(c *Config) { c.Git.Environ = gitEnviron(t) })
	with := strings.Replace(s.URL, "//", "//ann:"+secret+"@", 1)
	require.Contains(t, d.fails(t, "git:"+s.URL+"/#lib/a.nut", builder.Place{}), "Failed to read")
	// Without a smart server git cannot fetch single commits, and says so.
	text := d.fails(t, "git:"+with+"/#lib/a.nut", builder.Place{})
	require.Contains(t, text, "dumb http transport does not support shallow capabilities")
	require.Contains(t, s.logins, basic("ann", secret))
}
