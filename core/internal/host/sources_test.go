package host

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/sdk/builder/source"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// reader is a run that may read sources, of GitHub too.
func reader(t *testing.T, gitHub http.HandlerFunc, needs ...*pluginv1.Capability) (s *Session, dir string) {
	t.Helper()
	server := httptest.NewServer(gitHub)
	t.Cleanup(server.Close)
	s, dir = lamp(t, append(needs, can("sources", reading))...)
	s.cfg.Printer = output.New(output.Options{Mode: output.JSON, Stdout: output.Stream{Writer: t.Output()}, Stderr: output.Stream{Writer: t.Output()}})
	t.Cleanup(s.cfg.Printer.Close)
	s.library.access = func() SourceAccess {
		return SourceAccess{
			Config: source.Config{GitHub: source.GitHub{API: server.URL, Token: "of-the-environment"}},
			Variable: func(name string) (string, bool) {
				return "value of " + name, name != "SECRET"
			},
		}
	}
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, dir
}

func gitHubFile(text string, header *string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*header = r.Header.Get("Authorization")
		fmt.Fprintf(w, `{"type": "file", "sha": "b10b", "encoding": "base64", "content": "%s"}`,
			base64.StdEncoding.EncodeToString([]byte(text)))
	}
}

func open(t *testing.T, s *Session, r *pluginv1.OpenSourcesRequest) *pluginv1.OpenSourcesResponse {
	t.Helper()
	opened, err := s.OpenSources(t.Context(), r)
	require.NoError(t, err)
	return opened
}

func (s *Session) source(t *testing.T, handle, reference string) (string, error) {
	t.Helper()
	r, err := s.ReadSource(t.Context(), &pluginv1.ReadSourceRequest{Sources: handle, Reference: reference})
	return r.GetText(), err
}

func TestSourcesHere(t *testing.T) {
	t.Parallel()
	s, dir := reader(t, nil)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "code"), 0o777))
	put(t, dir, "code/leds.nut", "leds")
	opened := open(t, s, &pluginv1.OpenSourcesRequest{Directory: "code"})
	r, err := s.ReadSource(t.Context(), &pluginv1.ReadSourceRequest{Sources: opened.GetSources(), Reference: "leds.nut"})
	require.NoError(t, err)
	require.Equal(t, "leds\n", r.GetText())
	require.Equal(t, "leds.nut", r.GetPlace().GetFile())
	require.Equal(t, filepath.ToSlash(filepath.Join(dir, "code")), r.GetPlace().GetPath())
	_, err = s.source(t, opened.GetSources(), "none.nut")
	require.ErrorContains(t, err, `Local file "none.nut" not found`)
}

func TestFilesWithSecretsAreNoSources(t *testing.T) {
	t.Parallel()
	s, dir := reader(t, nil)
	put(t, dir, ".impt.auth", "{}")
	put(t, dir, ".impt.project", "{}")
	put(t, dir, ".impt.test", `{"deviceGroupId": "g-1", "githubConfig": "github.json"}`)
	put(t, dir, "github.json", "{}")
	put(t, dir, "secret.json", "{}") // an option of the run names it
	require.NoError(t, os.Symlink("secret.json", filepath.Join(dir, "link.nut")))
	require.NoError(t, os.Link(filepath.Join(dir, ".impt.auth"), filepath.Join(dir, "hard.nut")))
	opened := open(t, s, &pluginv1.OpenSourcesRequest{})
	for _, name := range []string{
		".impt.auth", ".impt.project", ".impt.test", "github.json", "secret.json", "./x/../secret.json",
		"link.nut", "hard.nut", filepath.Join(dir, "secret.json"),
	} {
		_, err := s.source(t, opened.GetSources(), name)
		require.ErrorContains(t, err, "cannot be included: it is a file", name)
	}
}

func TestSourcesOfGitHubGetTheCredentialsThatApply(t *testing.T) {
	t.Parallel()
	var header string
	s, dir := reader(t, gitHubFile("code", &header))
	read := func(r *pluginv1.OpenSourcesRequest) {
		text, err := s.source(t, open(t, s, r).GetSources(), "github:a/b/c.nut")
		require.NoError(t, err)
		require.Equal(t, "code\n", text)
	}
	read(&pluginv1.OpenSourcesRequest{})
	require.Equal(t, "Bearer of-the-environment", header)
	// The file need not be there.
	read(&pluginv1.OpenSourcesRequest{GithubCredentials: "secret.json"})
	require.Equal(t, "Bearer of-the-environment", header)
	put(t, dir, "secret.json", `{"githubUser": "u", "githubToken": "of-the-file"}`)
	read(&pluginv1.OpenSourcesRequest{GithubCredentials: "secret.json"})
	require.Equal(t, "Bearer of-the-file", header)
	put(t, dir, "secret.json", `{"githubUser": "u", "githubToken": ""}`)
	read(&pluginv1.OpenSourcesRequest{GithubCredentials: "secret.json"})
	require.Equal(t, "Bearer of-the-environment", header)

	put(t, dir, "secret.json", `nonsense`)
	_, err := s.OpenSources(t.Context(), &pluginv1.OpenSourcesRequest{GithubCredentials: "secret.json"})
	require.ErrorContains(t, err, "GitHub credentials Configuration File is corrupted.")
	for _, path := range []string{"in.txt", "out.txt", "other.json", ".impt.auth"} {
		_, err := s.OpenSources(t.Context(), &pluginv1.OpenSourcesRequest{GithubCredentials: path})
		require.ErrorContains(t, err, "credentials in a file that nobody named", path)
	}
}

// A file with an address does not get a token that was meant for another.
func TestCredentialsOfAServerGoTogether(t *testing.T) {
	t.Parallel()
	s, dir := reader(t, nil)
	put(t, dir, "secret.json", `{"bitbucketAddress": "https://elsewhere.example"}`)
	cfg := source.Config{
		Bitbucket: source.Bitbucket{Address: "https://own.example", User: "ann", Token: "own"},
		Azure:     source.Azure{User: "ann", Token: "own"},
	}
	require.NoError(t, s.addCredentials(&cfg, "secret.json"))
	require.Equal(t, source.Bitbucket{Address: "https://elsewhere.example"}, cfg.Bitbucket)
	require.Equal(t, source.Azure{User: "ann", Token: "own"}, cfg.Azure)
}

func TestSourcesAreLocked(t *testing.T) {
	t.Parallel()
	var header string
	s, dir := reader(t, gitHubFile("code", &header), can("builder", changing))
	opened := open(t, s, &pluginv1.OpenSourcesRequest{Record: true, Cache: true})
	_, err := s.source(t, opened.GetSources(), "github:a/b/c.nut")
	require.NoError(t, err)
	r, err := s.SourcesLock(t.Context(), &pluginv1.SourcesLockRequest{Sources: opened.GetSources(), Variables: []byte(`{"a": 1}`)})
	require.NoError(t, err)
	require.Contains(t, string(r.GetLock()), `"id": "b10b"`)
	require.NotContains(t, string(r.GetLock()), "of-the")
	require.FileExists(t, filepath.Join(dir, cacheDirectory, "github#a-b-c.nut"))

	// What is not read again stays locked, and variables are those of now.
	again := open(t, s, &pluginv1.OpenSourcesRequest{Record: true, Lock: r.GetLock()})
	require.JSONEq(t, `{"a": 1}`, string(again.GetVariables()))
	kept, err := s.SourcesLock(t.Context(), &pluginv1.SourcesLockRequest{Sources: again.GetSources(), Variables: []byte(`{"b": 2}`)})
	require.NoError(t, err)
	require.Contains(t, string(kept.GetLock()), `"id": "b10b"`)
	require.Contains(t, string(kept.GetLock()), `"b": 2`)
	require.NotContains(t, string(kept.GetLock()), `"a": 1`)

	_, err = s.OpenSources(t.Context(), &pluginv1.OpenSourcesRequest{Lock: []byte("nonsense")})
	require.ErrorContains(t, err, "Lock File is corrupted.")
}

func TestSourcesAreKept(t *testing.T) {
	t.Parallel()
	var header string
	s, dir := reader(t, gitHubFile("code", &header), can("builder", changing))
	cached := &pluginv1.OpenSourcesRequest{Cache: true, CacheExcludeList: "in.txt"}
	put(t, dir, "in.txt", "github:a/b/c.nut\n")
	_, err := s.source(t, open(t, s, cached).GetSources(), "github:a/b/c.nut")
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Join(dir, cacheDirectory))
	put(t, dir, "in.txt", "")
	_, err = s.source(t, open(t, s, cached).GetSources(), "github:a/b/c.nut")
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, cacheDirectory, "github#a-b-c.nut"))
	header = ""
	text, err := s.source(t, open(t, s, &pluginv1.OpenSourcesRequest{Cache: true, Offline: true}).GetSources(), "github:a/b/c.nut")
	require.NoError(t, err)
	require.Equal(t, "code\n", text)
	require.Empty(t, header)

	_, err = s.OpenSources(t.Context(), &pluginv1.OpenSourcesRequest{Cache: true, CacheExcludeList: "other.txt"})
	require.ErrorContains(t, err, "a file that nobody named")
	s, _ = reader(t, nil)
	_, err = s.OpenSources(t.Context(), &pluginv1.OpenSourcesRequest{Cache: true})
	require.ErrorContains(t, err, "changing builder")
}

func TestSourcesAreForThoseWhoDeclareThem(t *testing.T) {
	t.Parallel()
	s, _ := lamp(t)
	_, err := s.OpenSources(t.Context(), &pluginv1.OpenSourcesRequest{})
	require.ErrorContains(t, err, "reading sources")
	for range 2 {
		_, err = s.source(t, "guessed", "x")
		require.Error(t, err)
		_, err = s.SourcesLock(t.Context(), &pluginv1.SourcesLockRequest{Sources: "guessed"})
		require.Error(t, err)
		_, err = s.SourceVariable(t.Context(), &pluginv1.SourceVariableRequest{Sources: "guessed", Name: "HOME"})
		require.Error(t, err)
		s, _ = reader(t, nil)
	}
}

func TestSourceVariables(t *testing.T) {
	t.Parallel()
	s, _ := reader(t, nil)
	opened := open(t, s, &pluginv1.OpenSourcesRequest{}).GetSources()
	v, err := s.SourceVariable(t.Context(), &pluginv1.SourceVariableRequest{Sources: opened, Name: "X"})
	require.NoError(t, err)
	require.True(t, v.GetExists())
	require.Equal(t, "value of X", v.GetValue())
	v, err = s.SourceVariable(t.Context(), &pluginv1.SourceVariableRequest{Sources: opened, Name: "SECRET"})
	require.NoError(t, err)
	require.False(t, v.GetExists())
}
