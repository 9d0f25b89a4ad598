package auth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
)

// cloud gives tokens to whoever knows its secrets.
type cloud struct {
	*httptest.Server
	given    atomic.Int64
	requests atomic.Int64
	lifetime time.Duration
	answer   func(w http.ResponseWriter, r *http.Request, body map[string]string) bool
}

const (
	password = "pass-word-1"
	refresh  = "refresh-token-1"
	key      = "0123456789abcdef"
	otp      = "424242"
	half     = "half-a-login"
)

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{lifetime: time.Hour}
	c.Server = httptest.NewServer(http.HandlerFunc(c.serve))
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) serve(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	body := map[string]string{}
	_ = json.NewDecoder(r.Body).Decode(&body)
	if c.answer != nil && c.answer(w, r, body) {
		return
	}
	grant := map[string]any{
		"access_token": fmt.Sprintf("access-token-%d", c.given.Add(1)),
		"expires_in":   c.lifetime.Seconds(),
		"expires_at":   time.Now().Add(c.lifetime).UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	switch {
	case r.URL.Path == "/v5/auth" && body["id"] == "otp-user":
		refuse(w, 403, map[string]any{"login_token": half})
		return
	case r.URL.Path == "/v5/auth" && body["id"] != "" && body["password"] == password,
		r.URL.Path == "/v5/auth" && body["login_token"] == half && r.Header.Get("X-Electricimp-Otp-Token") == otp:
		grant["refresh_token"] = refresh
	case r.URL.Path == "/v5/auth/token" && (body["token"] == refresh || body["key"] == key):
	case r.URL.Path == "/v5/auth/token":
		refuse(w, 404, nil)
		return
	default:
		refuse(w, 403, nil)
		return
	}
	_ = json.NewEncoder(w).Encode(grant)
}

func refuse(w http.ResponseWriter, status int, meta any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{
		"status": fmt.Sprint(status), "title": "Refused", "detail": "no", "meta": meta,
	}}})
}

func (c *cloud) endpoint() string { return c.URL + "/v5" }

// newEnvironment has a home and a working directory of its own.
func newEnvironment(t *testing.T) auth.Environment {
	t.Helper()
	return auth.Environment{
		Home: t.TempDir(), Dir: t.TempDir(), LockDir: filepath.Join(t.TempDir(), "locks"),
		Connect: func(endpoint string) auth.API {
			return impcentral.New(impcentral.Config{Endpoint: endpoint})
		},
		Ask: func(_ context.Context, what string, hidden bool) (string, error) {
			return "", fmt.Errorf("asked for %s (%t)", what, hidden)
		},
	}
}

func write(t *testing.T, dir, text string) string {
	t.Helper()
	file := filepath.Join(dir, auth.FileName)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// authFile is the text of an auth file whose token lives so long.
func authFile(endpoint string, left time.Duration, more string) string {
	at := time.Now().Add(left).UTC().Format("2006-01-02T15:04:05.000Z")
	return fmt.Sprintf(`{"endpoint": %q, "accessToken": "stored-token", "expiresAt": %q%s}`, endpoint, at, more)
}

const (
	byRefresh = `, "refreshToken": "` + refresh + `"`
	byKey     = `, "loginKey": "` + key + `"`
)

func faultOf(t *testing.T, err error) *fault.Fault {
	t.Helper()
	require.Error(t, err)
	f, ok := fault.Of(err)
	require.True(t, ok, "no fault: %v", err)
	return f
}
