package source

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

// The names are those of the peer.
func TestCacheNames(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"github:a/b/c.nut":                         "github#a-b-c.nut",
		"github:a/b/c/d.nut@v1.0":                  "github#a-b-c-d.nut@v1.0",
		"GitHub:a/b/c.nut":                         "GitHub:a-b-c.nut",
		"github.com/a/b/c.nut":                     "github.com-a-b-c.nut",
		"bitbucket-server:P/R/x.nut@dev":           "bitbucket-server#P-R-x.nut@dev",
		"git-azure-repos:o/p/r/x.nut":              "git-azure-repos#o-p-r-x.nut",
		"http://example.com/a/b.nut":               "http#example.com-a-b.nut",
		"https://example.com:8080/a.nut?x=1&y=2":   "https#example.com:8080-a.nut1732780792480303043",
		"http://example.com/?":                     "http#example.com-?",
		"http://example.com/" + many("a") + ".nut": "http#example.com-" + many("a")[:83] + many("a")[:96] + ".nut9652496645070463829",
	} {
		require.Equal(t, want, cacheName(link), link)
	}
}

func many(s string) string { return strings.Repeat(s, 300) }

func TestCache(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{"/a": answer("a"), "/b": answer("b")})
	now := time.Now()
	cached := func(c *Config) {
		c.Cache.Dir, c.Now = filepath.Join(c.WorkDir, "cache"), func() time.Time { return now }
	}
	d := newDesk(t, cached)
	with := strings.Replace(s.URL, "//", "//ann:"+secret+"@", 1)
	d.text(t, with+"/a?token="+secret)
	require.Len(t, s.asked, 1)
	again := func(change func(c *Config)) *desk {
		e := newDesk(t, func(c *Config) {
			cached(c)
			c.Cache.Dir = filepath.Join(d.dir, "cache")
			change(c)
		})
		return e
	}
	a := s.URL + "/a?token=" + secret
	require.Equal(t, "a\n", again(func(*Config) {}).text(t, a))
	require.Len(t, s.asked, 1)
	// Too old, excluded, or to be recorded.
	now = now.Add(25 * time.Hour)
	require.Equal(t, "a\n", again(func(c *Config) { c.Cache.MaxAge = 26 * time.Hour }).text(t, a))
	require.Len(t, s.asked, 1)
	again(func(*Config) {}).text(t, a)
	require.Len(t, s.asked, 2)
	again(func(c *Config) { c.Cache.MaxAge = 26 * time.Hour; c.Cache.Exclude = Exclude{"http://**"} }).text(t, a)
	require.Len(t, s.asked, 3)
	again(func(c *Config) { c.Record = true }).text(t, a)
	require.Len(t, s.asked, 4)
	// Offline: of any age, and nothing else.
	now = now.Add(1000 * time.Hour)
	off := again(func(c *Config) { c.Cache.Offline = true })
	require.Equal(t, "a\n", off.text(t, a))
	require.Equal(t, "Failed to fetch url \""+s.URL+"/b\": offline, and it is not in the cache", off.fails(t, s.URL+"/b", builder.Place{}))
	require.Len(t, s.asked, 4)
	// A lock decides what is good offline.
	lock := &Lock{}
	lock.Add(s.URL+"/a?token=***", Locked{SHA256: hash("a\n")})
	require.Equal(t, "a\n", again(func(c *Config) { c.Cache.Offline, c.Lock = true, lock }).text(t, a))
	lock.Add(s.URL+"/a?token=***", Locked{SHA256: hash("other\n")})
	require.Contains(t, again(func(c *Config) { c.Cache.Offline, c.Lock = true, lock }).fails(t, a, builder.Place{}),
		"the cache does not have what is locked")

	put := filepath.Join(d.dir, "cache", "mine.txt")
	require.NoError(t, os.WriteFile(put, nil, 0o600))
	require.NoError(t, ClearCache(filepath.Join(d.dir, "cache")))
	entries, err := os.ReadDir(filepath.Join(d.dir, "cache"))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.NoError(t, os.Remove(put))
	require.NoError(t, ClearCache(filepath.Join(d.dir, "cache")))
	require.NoDirExists(t, filepath.Join(d.dir, "cache"))
	require.NoError(t, ClearCache(filepath.Join(d.dir, "cache")))
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t, httptest.NewServer, map[string]http.HandlerFunc{"/a": answer("a")})
	d := newDesk(t, func(c *Config) { c.Cache.Dir = filepath.Join(c.WorkDir, "file", "cache") })
	d.file(t, "file", "")
	require.Equal(t, "a\n", d.text(t, s.URL+"/a"))
	require.Contains(t, d.told.String(), "cannot be written: not a directory.")
}

func TestExclude(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e, err := ReadExclude(dir, "")
	require.NoError(t, err)
	require.Empty(t, e)
	_, err = ReadExclude(dir, "list")
	require.EqualError(t, err, "list file does not exist")
	write := func(text string) { require.NoError(t, os.WriteFile(filepath.Join(dir, "list"), []byte(text), 0o600)) }
	write("# all of ann's\n\n  github:ann/**\nhttp://*/x.nut\n")
	e, err = ReadExclude(dir, "list")
	require.NoError(t, err)
	require.True(t, e.Match("github:ann/lib/a/b.nut@v1"))
	require.True(t, e.Match("http://h/x.nut"))
	require.False(t, e.Match("http://h/i/x.nut"))
	require.False(t, e.Match("github:bob/ann/x"))
	write("a\n[\n")
	_, err = ReadExclude(dir, "list")
	require.EqualError(t, err, `Invalid pattern "[" (list:2)`)
}

func TestLockFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "lock")
	l := &Lock{Variables: map[string]any{"a": "1"}}
	l.Add("github:u/r/x", Locked{ID: "1"})
	l.Add("http://h/x", Locked{SHA256: "2"})
	require.NoError(t, l.Write(path))
	again, err := ReadLock(path)
	require.NoError(t, err)
	require.Equal(t, l, again)
	_, err = ReadLock(filepath.Join(dir, "none"))
	require.ErrorContains(t, err, "does not exist")
	for _, text := range []string{"", "[]", `{"version": 2}`} {
		_, err = ParseLock([]byte(text))
		require.Error(t, err, text)
	}
	// What the peer writes and reads.
	require.NoError(t, l.WriteDependencies(path))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "[\n  [\n    \"github:u/r/x\",\n    \"1\"\n  ]\n]", string(text))
	peer, err := ReadDependencies(path)
	require.NoError(t, err)
	require.Equal(t, []string{"github:u/r/x"}, peer.References())
	require.NoError(t, WriteDirectives(path, l.Variables))
	variables, err := ReadDirectives(path)
	require.NoError(t, err)
	require.Equal(t, l.Variables, variables)
	_, err = ReadDependencies(filepath.Join(dir, "none"))
	require.ErrorContains(t, err, "The dependencies JSON file '")
}
