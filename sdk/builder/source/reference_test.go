package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

// The places are those of the peer.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]builder.Place{
		"http://h:1/lib/leds.nut?x=1&y=2": {File: "leds.nut?x=1&y=2", Path: "http://h:1/lib", URLRoot: "http://h:1", URLPath: "lib/leds.nut?x=1&y=2"},
		"http://h/a":                      {File: "a", Path: "http://h", URLRoot: "http://h", URLPath: "a"},
		"HTTPS://h/a/b/":                  {File: "b", Path: "HTTPS://h/a", URLRoot: "HTTPS://h", URLPath: "a/b/"},
		"github:u/r/a/b.nut@v1":           {File: "b.nut", Path: "github:u/r/a", RepoRef: "v1", RepoPrefix: "github:u/r"},
		"github.com/u/r/b.nut":            {File: "b.nut", Path: "github:u/r/.", RepoPrefix: "github:u/r"},
		"github:u/r/b@c@d":                {File: "b@c", Path: "github:u/r/.", RepoRef: "d", RepoPrefix: "github:u/r"},
		"git-azure-repos:o/p/r/x.nut@v":   {File: "x.nut", Path: "git-azure-repos:o/p/r/.", RepoRef: "v", RepoPrefix: "git-azure-repos:o/p/r"},
		"bitbucket-server:~u/r/d/x.nut":   {File: "x.nut", Path: "bitbucket-server:~u/r/d", RepoPrefix: "bitbucket-server:~u/r"},
		"git:ssh://git@h/r.git#a/b.nut@v": {File: "b.nut", Path: "git:ssh://git@h/r.git#a", RepoRef: "v", RepoPrefix: "git:ssh://git@h/r.git"},
	} {
		require.Equal(t, want, parse(reference).place(builder.Place{}), reference)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]kind{
		"a.git/b":                       localFile,
		"github/x.nut":                  localFile,
		"github:u/r":                    localFile,
		"github:../r/x":                 localFile,
		"github:/x":                     localFile,
		"git-local:":                    localFile,
		"bitbucket-server:p/r/x":        bitbucketServer,
		"git-azure-repos:o/p/r/x":       azureRepos,
		"git-local:x.nut@v1":            gitLocal,
		"GITHUB.COM:u/r/x":              gitHub,
		"http:x":                        unsupported,
		"https://":                      unsupported,
		"git:https://h/r.git#x":         gitURL,
		"git:git@h:r.git#x":             gitURL,
		"git:file:///r#x":               gitURL,
		"git:https://h/r.git":           unsupported,
		"git:ext::sh -c id#x":           unsupported,
		"git:--upload-pack=id#x":        unsupported,
		"git:ssh://-oProxyCommand=x/#x": unsupported,
		"git:/etc#passwd":               unsupported,
	} {
		require.Equal(t, want, parse(reference).kind, reference)
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	repository := builder.Place{Path: "github:u/r/lib", RepoPrefix: "github:u/r", RepoRef: "v1"}
	clone := builder.Place{Path: "git:https://h/r.git#lib", RepoPrefix: "git:https://h/r.git", RepoRef: "v1"}
	web := builder.Place{Path: "http://h/lib", URLRoot: "http://h", URLPath: "lib/a.nut?q"}
	v := resolver{remoteRelative: true, prefix: func(r reference) (string, error) { return r.repositoryPrefix(), nil }}
	for _, c := range []struct {
		text string
		from builder.Place
		want string
	}{
		{"b.nut", repository, "github:u/r/lib/b.nut@v1"},
		{"../b.nut@v2", repository, "github:u/r/b.nut@v2"},
		{"/b.nut", repository, "github:u/r/b.nut@v1"},
		{"github:u/r/x", repository, "github:u/r/x@v1"},
		{"github:u/other/x", repository, "github:u/other/x"},
		{"http://h/x", repository, "http://h/x"},
		{"b.nut", clone, "git:https://h/r.git#lib/b.nut@v1"},
		{"/b.nut", clone, "git:https://h/r.git#b.nut@v1"},
		{"b.nut", web, "http://h/lib/b.nut"},
		{"/b.nut?x=/..", web, "http://h/b.nut?x=/.."},
		{"b.nut", builder.Place{Path: "/home/ann"}, "b.nut"},
	} {
		got, err := v.resolve(c.text, c.from)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%s from %v", c.text, c.from)
	}
	got, err := resolver{}.resolve("b.nut", repository)
	require.NoError(t, err)
	require.Equal(t, "b.nut", got)
}

func TestCleanHidesSecrets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://ann:pass@h/x":               "https://h/x",
		"https://token@h/x?a=1":              "https://h/x?a=1",
		"https://h/x?Access_Token=abc&b=2":   "https://h/x?Access_Token=***&b=2",
		"https://h/x?X-Amz-Signature=1":      "https://h/x?X-Amz-Signature=***",
		"git:ssh://git:pass@h/r#x":           "git:ssh://git@h/r#x",
		"git:https://ann:p%40ss@h/r.git#x@v": "git:https://h/r.git#x@v",
		"lib/leds.nut?token=1":               "lib/leds.nut?token=1",
		"github:u/r/x@v":                     "github:u/r/x@v",
	} {
		require.Equal(t, want, clean(text), text)
	}
}

// No reference crashes, and none shows its login.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"http://a:b@h/x?y", "github:u/r/x@v", "git:git@h:r#x", "git-local:x", "C:\\x", "/x/", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := parse(text)
		_ = r.place(builder.Place{})
		_ = cacheName(text)
		v := resolver{remoteRelative: true, prefix: func(r reference) (string, error) { return r.repositoryPrefix(), nil }}
		if _, err := v.resolve(text, r.place(builder.Place{})); err != nil {
			t.Fatal(err)
		}
		if hidden := clean("http://ann:" + secret + "@" + text); strings.Contains(hidden, secret) {
			t.Fatal(hidden)
		}
	})
}
