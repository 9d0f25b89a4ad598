package source

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

// secret is every credential of these tests: it must be found nowhere.
const secret = "s3cret-0f-ann"

// desk is where one test reads sources.
type desk struct {
	*Sources
	dir   string
	waits []time.Duration

	mu   sync.Mutex
	told strings.Builder
}

// newDesk makes one; afterwards nothing that it told or wrote has the secret.
func newDesk(t *testing.T, change func(c *Config)) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir()}
	c := Config{
		WorkDir: d.dir,
		Warn:    d.tell,
		Debug:   d.tell,
		Wait: func(ctx context.Context, pause time.Duration) error {
			d.waits = append(d.waits, pause)
			return ctx.Err()
		},
	}
	if change != nil {
		change(&c)
	}
	d.Sources = New(c)
	t.Cleanup(func() {
		require.NoError(t, d.Close())
		require.NotContains(t, d.told.String(), secret)
		text, err := d.Used().Encode()
		require.NoError(t, err)
		require.NotContains(t, string(text), secret)
		require.NoError(t, filepath.WalkDir(d.dir, func(path string, e os.DirEntry, err error) error {
			require.NotContains(t, path, secret)
			if err == nil && e.Type().IsRegular() {
				content, err := os.ReadFile(path)
				require.NoError(t, err)
				require.NotContains(t, string(content), secret, path)
			}
			return err
		}))
	})
	return d
}

func (d *desk) tell(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fmt.Fprintln(&d.told, text)
}

func (d *desk) file(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(d.dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// fails is the text of a failure, which has no secret, nor has its cause.
func (d *desk) fails(t *testing.T, reference string, from builder.Place) string {
	t.Helper()
	_, err := d.Read(t.Context(), reference, from)
	require.Error(t, err, reference)
	require.NotContains(t, fmt.Sprintf("%v %+v", err, err), secret)
	return err.Error()
}

func (d *desk) text(t *testing.T, reference string) string {
	t.Helper()
	s, err := d.Read(t.Context(), reference, builder.Place{})
	require.NoError(t, err, reference)
	require.NotContains(t, fmt.Sprint(s), secret)
	return s.Text
}

// site serves what the handlers answer by path, and notes who asked how.
type site struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string
	logins []string
}

func newSite(t *testing.T, start func(http.Handler) *httptest.Server, handlers map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.RequestURI())
		if login := r.Header.Get("Authorization"); login != "" {
			s.logins = append(s.logins, login)
		}
		s.mu.Unlock()
		if h, found := handlers[r.URL.Path]; found {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func answer(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
