package source

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

func gitHubBlob(text string) http.HandlerFunc {
	content := base64.StdEncoding.EncodeToString([]byte(text))
	return answer(fmt.Sprintf(`{"type": "file", "sha": "%s", "size": %d, "encoding": "base64", "content": "%s"}`,
		gitBlobID([]byte(text)), len(text), content[:len(content)/2]+`\n`+content[len(content)/2:]))
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	id := gitBlobID([]byte("leds"))
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/repos/u/r/contents/lib/leds.nut": gitHubBlob("leds"),
		"/repos/u/r/git/blobs/" + id:       gitHubBlob("leds"),
		"/repos/u/r/contents/folder":       answer(`[{"type": "file"}]`),
		"/repos/u/r/contents/link":         answer(`{"type": "submodule", "sha": "1"}`),
		"/repos/u/r/contents/cut":          answer(`{"type": "file", "sha": "1", "size": 9, "encoding": "base64", "content": "YQ=="}`),
		"/repos/u/r/contents/odd":          answer(`{"type": "file", "sha": "1", "encoding": "rot13", "content": "YQ=="}`),
		"/repos/u/r/contents/page":         answer("<html>"),
		"/repos/u/r/contents/big":          answer(`{"type": "file", "sha": "` + id + `", "encoding": "none"}`),
		"/repos/u/r/contents/limit": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", "3600")
			w.WriteHeader(http.StatusForbidden)
		},
		"/repos/u/r/git/blobs/0000000000000000000000000000000000000000": gitHubBlob("another"),
	})
	d := newDesk(t, func(c *Config) { c.GitHub = GitHub{API: s.URL + "/", Token: secret} })
	got, err := d.Read(t.Context(), "GitHub:u/r/lib/leds.nut@feature/x", builder.Place{})
	require.NoError(t, err)
	require.Equal(t, builder.Source{
		Place: builder.Place{File: "leds.nut", Path: "github:u/r/lib", RepoPrefix: "github:u/r", RepoRef: "feature/x"},
		Name:  "GitHub:u/r/lib/leds.nut@feature/x", Text: "leds\n", ID: id,
	}, got)
	require.Equal(t, "/repos/u/r/contents/lib/leds.nut?ref=feature%2Fx", s.asked[0])
	require.Equal(t, "Bearer "+secret, s.logins[0])
	require.Equal(t, "leds\n", d.text(t, "github.com/u/r/big"))
	for path, want := range map[string]string{
		"none":   "HTTP/404",
		"folder": "it is a directory and not a file",
		"link":   "it is a submodule and not a file",
		"cut":    "the answer is truncated",
		"odd":    `the answer has an unknown encoding "rot13"`,
		"page":   "the answer is not what GitHub answers",
		"limit":  "HTTP/403, the rate limit of GitHub is exceeded until 01:00:00 UTC",
		"../x":   "the path is not one of a file in the repository",
	} {
		require.Equal(t, "Failed to fetch url \"github:u/r/"+path+"\": "+want, d.fails(t, "github:u/r/"+path, builder.Place{}))
	}
	lock := &Lock{}
	lock.Add("github:u/r/x", Locked{ID: id})
	lock.Add("github:u/r/y", Locked{ID: "0000000000000000000000000000000000000000"})
	lock.Add("github:u/r/z", Locked{ID: id, SHA256: hash("other\n")})
	d = newDesk(t, func(c *Config) { c.GitHub, c.Lock, c.Frozen = GitHub{API: s.URL}, lock, true })
	require.Equal(t, "leds\n", d.text(t, "github:u/r/x"))
	require.Contains(t, d.fails(t, "github:u/r/y", builder.Place{}), "the answer is not the blob that was asked for")
	require.Equal(t, `locked source "github:u/r/z" has changed`, d.fails(t, "github:u/r/z", builder.Place{}))
	require.Equal(t, `Source "github:u/r/none" is not in the lock`, d.fails(t, "github:u/r/none", builder.Place{}))
	used, found := d.Used().Get("github:u/r/x")
	require.True(t, found)
	require.Equal(t, Locked{ID: id, SHA256: hash("leds\n")}, used)
}

func TestBitbucket(t *testing.T) {
	t.Parallel()
	const base = "/rest/api/1.0/projects/~ann/repos/r"
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		base + "/raw/lib/a.nut": answer("a"),
		base + "/commits":       answer(`{"values": [{"id": "c0ffee"}]}`),
		base + "/raw/denied": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"errors": [{"message": "You may not."}]}`)
		},
	})
	reach := func(c *Config) { c.Bitbucket = Bitbucket{Address: s.URL, User: "ann", Token: secret} }
	d := newDesk(t, reach)
	got, err := d.Read(t.Context(), "bitbucket-server:~ann/r/lib/a.nut@dev", builder.Place{})
	require.NoError(t, err)
	require.Equal(t, builder.Place{
		File: "a.nut", Path: "bitbucket-server:~ann/r/lib", RepoPrefix: "bitbucket-server:~ann/r", RepoRef: "dev",
	}, got.Place)
	require.Equal(t, []string{base + "/raw/lib/a.nut?at=dev"}, s.asked)
	require.Equal(t, []string{basic("ann", secret)}, s.logins)
	require.Contains(t, d.fails(t, "bitbucket-server:~ann/r/denied", builder.Place{}), "HTTP/403")
	d = newDesk(t, func(c *Config) { reach(c); c.Record = true })
	got, err = d.Read(t.Context(), "bitbucket-server:~ann/r/lib/a.nut@dev", builder.Place{})
	require.NoError(t, err)
	require.Equal(t, "c0ffee", got.ID)
	require.Equal(t, []string{base + "/commits?limit=1&until=dev", base + "/raw/lib/a.nut?at=c0ffee"}, s.asked[len(s.asked)-2:])
	d = newDesk(t, nil)
	require.Equal(t, "Bitbucket Server address is not specified", d.fails(t, "bitbucket-server:p/r/x", builder.Place{}))
}

func TestAzure(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{
		"/o/p/_apis/git/repositories/r/items": func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			switch kind := q.Get("versionDescriptor.versionType"); {
			case q.Get("path") == "folder":
				fmt.Fprint(w, `{"isFolder": true}`)
			case q.Get("path") == "page":
				fmt.Fprint(w, "<html>")
			case kind == "" || kind == "tag":
				_ = json.NewEncoder(w).Encode(map[string]string{"content": "a of " + kind, "commitId": "c0ffee"})
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		},
	})
	d := newDesk(t, func(c *Config) { c.Azure = Azure{Address: s.URL, User: "ann", Token: secret} })
	require.Equal(t, "a of \n", d.text(t, "git-azure-repos:o/p/r/lib/a.nut"))
	got, err := d.Read(t.Context(), "git-azure-repos:o/p/r/lib/a.nut@v1", builder.Place{})
	require.NoError(t, err)
	require.Equal(t, "a of tag\n", got.Text)
	require.Equal(t, "c0ffee", got.ID)
	require.Equal(t, builder.Place{
		File: "a.nut", Path: "git-azure-repos:o/p/r/lib", RepoPrefix: "git-azure-repos:o/p/r", RepoRef: "v1",
	}, got.Place)
	require.Equal(t, basic("ann", secret), s.logins[0])
	require.Contains(t, d.fails(t, "git-azure-repos:o/p/r/folder", builder.Place{}), "it is a directory and not a file")
	require.Contains(t, d.fails(t, "git-azure-repos:o/p/r/page", builder.Place{}), "the answer is not what Azure Repos answer")
}
