package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
)

func TestWhichLoginApplies(t *testing.T) {
	t.Parallel()
	pw := ""
	good := authFile("https://file.test/v5", time.Hour, "")
	cases := map[string]struct {
		local, global, named string
		vars                 auth.Variables
		source               auth.Source
		fails                string
	}{
		"none":                    {fails: "You are not logged in."},
		"global":                  {global: good, source: auth.Global},
		"local before global":     {local: good, global: good, source: auth.Local},
		"path before global":      {global: good, named: good, vars: auth.Variables{AuthFilePath: "sub"}, source: auth.Path},
		"path with slash":         {named: good, vars: auth.Variables{AuthFilePath: "sub/"}, source: auth.Path},
		"local before path":       {local: good, named: good, vars: auth.Variables{AuthFilePath: "sub"}, source: auth.Local},
		"nothing after path":      {global: good, vars: auth.Variables{AuthFilePath: "nowhere", LoginKey: key}, fails: "Auth File is not found."},
		"corrupted path":          {named: "x", vars: auth.Variables{AuthFilePath: "sub"}, fails: "Auth File is corrupted."},
		"key before global":       {global: good, vars: auth.Variables{LoginKey: key}, source: auth.FromVariables},
		"user before global":      {global: good, vars: auth.Variables{User: "u"}, source: auth.FromVariables},
		"password alone is none":  {global: good, vars: auth.Variables{Password: &pw, Endpoint: "http://x"}, source: auth.Global},
		"local before variables":  {local: good, vars: auth.Variables{LoginKey: key}, source: auth.Local},
		"corrupted local is used": {local: "{", global: good, fails: "Local Auth File is corrupted."},
		"corrupted global":        {global: "null", fails: "Global Auth File is corrupted."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnvironment(t)
			env.Variables = tc.vars
			sub := filepath.Join(env.Dir, "sub")
			require.NoError(t, os.Mkdir(sub, 0o700))
			for dir, text := range map[string]string{env.Dir: tc.local, env.Home: tc.global, sub: tc.named} {
				if text != "" {
					write(t, dir, text)
				}
			}
			login, err := auth.Find(env)
			if tc.fails != "" {
				f := faultOf(t, err)
				require.Equal(t, tc.fails, f.Error())
				hint := ""
				switch {
				case strings.HasPrefix(tc.fails, "Local"):
					hint = `Please relogin using "impt auth login --local" command and then try again.`
				case strings.HasPrefix(tc.fails, "Global"):
					hint = `Please relogin using "impt auth login" command and then try again.`
				}
				require.Equal(t, hint, strings.Join(f.Hints, ""))
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.source, login.Source())
			if tc.source == auth.FromVariables {
				require.Equal(t, auth.DefaultEndpoint, login.Endpoint())
				return
			}
			require.Equal(t, "https://file.test/v5", login.Endpoint())
			token, err := login.Token(t.Context())
			require.NoError(t, err)
			require.Equal(t, "stored-token", token)
		})
	}
}

func TestRenewalKeepsWhatTheFileHas(t *testing.T) {
	t.Parallel()
	for name, with := range map[string]string{"refresh token": byRefresh, "login key": byKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			env := newEnvironment(t)
			file := write(t, env.Home, fmt.Sprintf(
				`{"accessToken":"old","foo":1,"expiresAt":"2020-01-01T00:00:00Z","endpoint":%q,"bar":[1.50,"ü"]%s}`, c.endpoint(), with))
			login, err := auth.Find(env)
			require.NoError(t, err)
			for range 3 {
				token, err := login.Token(t.Context())
				require.NoError(t, err)
				require.Equal(t, "access-token-1", token)
			}
			require.EqualValues(t, 1, c.requests.Load())
			text := read(t, file)
			require.Contains(t, text, "{\n  \"accessToken\": \"access-token-1\",\n  \"foo\": 1,\n  \"expiresAt\": \"20")
			require.Contains(t, text, "\"bar\": [\n    1.5,\n    \"ü\"\n  ],\n  ")
			require.True(t, strings.HasSuffix(text, "\"\n}"), text)
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			left, err := os.ReadDir(env.Home)
			require.NoError(t, err)
			require.Len(t, left, 1)
		})
	}
}

func TestWhenATokenIsRenewed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		left     time.Duration
		requests int64
	}{
		"long":     {time.Hour, 0},
		"enough":   {4 * time.Minute, 0},
		"too near": {2 * time.Minute, 1},
		"over":     {-time.Hour, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			env := newEnvironment(t)
			write(t, env.Dir, authFile(c.endpoint(), tc.left, byRefresh))
			login, err := auth.Find(env)
			require.NoError(t, err)
			_, err = login.Token(t.Context())
			require.NoError(t, err)
			require.Equal(t, tc.requests, c.requests.Load())
		})
	}
}

func TestShortLivedTokenIsNotRenewedForEveryRequest(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.lifetime = time.Minute
	env := newEnvironment(t)
	now := time.Now()
	env.Now = func() time.Time { return now }
	write(t, env.Dir, authFile(c.endpoint(), time.Minute, byRefresh))
	login, err := auth.Find(env)
	require.NoError(t, err)
	for range 5 {
		_, err = login.Token(t.Context())
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, c.requests.Load())
	now = now.Add(40 * time.Second)
	_, err = login.Token(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, c.requests.Load())
}

func TestRenewalThatFails(t *testing.T) {
	t.Parallel()
	const local = `Please relogin using "impt auth login --local" command and then try again.`
	status := func(n int, body string) func(http.ResponseWriter, *http.Request, map[string]string) bool {
		return func(w http.ResponseWriter, _ *http.Request, _ map[string]string) bool {
			w.WriteHeader(n)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	cases := map[string]struct {
		more     string
		answer   func(http.ResponseWriter, *http.Request, map[string]string) bool
		want     string
		hint     string
		kind     fault.Kind
		requests int64
	}{
		"nothing to renew with": {
			"", nil, "Access token is expired for the Local Auth File. " +
				"Information required to refresh access token is not saved.", local, fault.NotLoggedInKind, 0,
		},
		"revoked": {
			`, "refreshToken": "gone"`, nil, "Impossible to refresh access token for the Local Auth File.",
			local, fault.NotLoggedInKind, 1,
		},
		"key revoked": {
			`, "loginKey": "gone"`, nil, "Impossible to refresh access token for the Local Auth File.",
			local, fault.NotLoggedInKind, 1,
		},
		"401":      {byRefresh, status(401, ""), "impCentral API error HTTP/401.", "", fault.APIKind, 1},
		"403":      {byRefresh, status(403, ""), "impCentral API error HTTP/403.", "", fault.APIKind, 1},
		"500":      {byRefresh, status(500, ""), "impCentral API error HTTP/500.", "", fault.APIKind, 1},
		"no token": {byRefresh, status(200, "{}"), "Internal error: Unexpected format of impCentral response.", "", fault.APIKind, 1},
		"no time": {
			byRefresh, status(200, `{"access_token":"leaked-token"}`),
			"Internal error: Unexpected format of impCentral response.", "", fault.APIKind, 1,
		},
		"html": {byKey, status(200, "<html>"), "Internal error: Unexpected format of impCentral response.", "", fault.APIKind, 1},
		"list": {byKey, status(200, `["leaked-token"]`), "Internal error: Unexpected format of impCentral response.", "", fault.APIKind, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.answer = tc.answer
			env := newEnvironment(t)
			file := write(t, env.Dir, authFile(c.endpoint(), time.Minute, tc.more))
			before := read(t, file)
			login, err := auth.Find(env)
			require.NoError(t, err)
			_, err = login.Token(t.Context())
			f := faultOf(t, err)
			require.Equal(t, tc.want, f.Error())
			require.Equal(t, tc.hint, strings.Join(f.Hints, ""))
			require.Equal(t, tc.kind, f.Kind)
			require.Equal(t, tc.requests, c.requests.Load())
			require.Equal(t, before, read(t, file))
			for _, secret := range []string{"stored-token", "leaked-token", refresh, key} {
				require.NotContains(t, fmt.Sprintf("%v %+v %#v %v", err, f, f, f.Cause), secret)
			}
		})
	}
}

func TestTimeOfATokenThatComesInOtherForms(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"seconds":      `{"access_token":"a","expires_in":7200}`,
		"milliseconds": fmt.Sprintf(`{"access_token":"a","expires_at":%d}`, time.Now().Add(2*time.Hour).UnixMilli()),
		"unreadable":   `{"access_token":"a","expires_at":"soon","expires_in":7200}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.answer = func(w http.ResponseWriter, _ *http.Request, _ map[string]string) bool {
				_, _ = w.Write([]byte(answer))
				return true
			}
			env := newEnvironment(t)
			login := key
			require.NoError(t, auth.LogIn(t.Context(), env, auth.Request{
				Scope: auth.ScopeGlobal, Endpoint: c.endpoint(), LoginKey: &login,
			}))
			status := auth.Status(env, auth.ScopeGlobal)
			require.Nil(t, status.GetFault())
			require.InDelta(t, 119, status.GetMinutesLeft(), 1)
		})
	}
}

func TestLoginFromVariables(t *testing.T) {
	t.Parallel()
	given, empty := password, ""
	ask := func(_ context.Context, what string, hidden bool) (string, error) {
		require.True(t, hidden)
		return map[string]string{"password": password, "one-time password": otp}[what], nil
	}
	cases := map[string]struct {
		vars     auth.Variables
		want     string
		requests int64
	}{
		"key":               {auth.Variables{LoginKey: key}, "", 1},
		"key before user":   {auth.Variables{LoginKey: key, User: "u", Password: &empty}, "", 1},
		"unknown key":       {auth.Variables{LoginKey: "nokey"}, `Login Key "nokey" is not found.`, 1},
		"user":              {auth.Variables{User: "u", Password: &given}, "", 1},
		"asked":             {auth.Variables{User: "u"}, "", 1},
		"empty is sent":     {auth.Variables{User: "u", Password: &empty}, "Refused: no", 1},
		"one-time password": {auth.Variables{User: "otp-user", Password: &given}, "", 2},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			env := newEnvironment(t)
			env.Ask = ask
			env.Variables = tc.vars
			env.Variables.Endpoint = c.endpoint()
			login, err := auth.Find(env)
			require.NoError(t, err)
			require.Zero(t, c.requests.Load())
			for range 3 {
				_, err = login.Token(t.Context())
				if tc.want != "" {
					require.Equal(t, tc.want, faultOf(t, err).Error())
					break
				}
				require.NoError(t, err)
			}
			require.Equal(t, tc.requests, c.requests.Load())
			for _, dir := range []string{env.Home, env.Dir, env.LockDir} {
				left, _ := os.ReadDir(dir)
				require.Empty(t, left)
			}
		})
	}
}

func TestRefusedTokenOfVariablesIsReplaced(t *testing.T) {
	t.Parallel()
	given := password
	for _, vars := range []auth.Variables{{LoginKey: key}, {User: "u", Password: &given}} {
		c := newCloud(t)
		env := newEnvironment(t)
		env.Variables = vars
		env.Variables.Endpoint = c.endpoint()
		login, err := auth.Find(env)
		require.NoError(t, err)
		first, err := login.Token(t.Context())
		require.NoError(t, err)
		second, err := login.Renew(t.Context(), first)
		require.NoError(t, err)
		require.NotEqual(t, first, second)
		again, err := login.Renew(t.Context(), first)
		require.NoError(t, err)
		require.Equal(t, second, again)
		require.EqualValues(t, 2, c.requests.Load())
	}
}

// The client of the API and the login that it takes its token from.
func TestClientRenewsWhatImpCentralRefuses(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.answer = func(w http.ResponseWriter, r *http.Request, _ map[string]string) bool {
		if r.URL.Path != "/v5/products" {
			return false
		}
		if r.Header.Get("Authorization") != "Bearer access-token-1" {
			refuse(w, 401, nil)
			return true
		}
		_, _ = w.Write([]byte(`{"data":[],"links":{}}`))
		return true
	}
	env := newEnvironment(t)
	write(t, env.Home, authFile(c.endpoint(), time.Hour, byRefresh))
	var client *impcentral.Client
	env.Connect = func(string) auth.API { return client }
	login, err := auth.Find(env)
	require.NoError(t, err)
	client = impcentral.New(impcentral.Config{Endpoint: login.Endpoint(), Tokens: login})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			_, err := client.Do(t.Context(), impcentral.Request{Method: "GET", Path: []string{"products"}})
			require.NoError(t, err) //nolint:testifylint // ends this worker
		})
	}
	group.Wait()
	require.EqualValues(t, 1, c.given.Load())
}

func TestRefusedTokenWithoutRenewalMakesNoRequest(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	write(t, env.Home, authFile(c.endpoint(), time.Hour, ""))
	login, err := auth.Find(env)
	require.NoError(t, err)
	_, err = login.Renew(t.Context(), "stored-token")
	require.Equal(t, "Access token is expired for the Global Auth File. "+
		"Information required to refresh access token is not saved.", faultOf(t, err).Error())
	require.Zero(t, c.requests.Load())
}

func TestNewLoginElsewhereDoesNotMixTokens(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	write(t, env.Home, authFile(c.endpoint(), time.Minute, byRefresh))
	login, err := auth.Find(env)
	require.NoError(t, err)
	write(t, env.Home, authFile("https://other.test/v5", time.Hour, byRefresh))
	_, err = login.Token(t.Context())
	require.Equal(t, "Impossible to refresh access token for the Global Auth File.", faultOf(t, err).Error())
	require.NoError(t, auth.LogOut(t.Context(), env, auth.ScopeGlobal))
	_, err = login.Token(t.Context())
	require.Equal(t, fault.FileKind, faultOf(t, err).Kind)
	require.NoFileExists(t, filepath.Join(env.Home, auth.FileName))
	require.Zero(t, c.requests.Load())
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	given, login := password, key
	env.Variables = auth.Variables{User: "u", Password: &given, LoginKey: key}
	write(t, env.Dir, authFile(c.endpoint(), time.Hour, byRefresh+byKey))
	found, err := auth.Find(env)
	require.NoError(t, err)
	request := auth.Request{User: "u", Password: password, LoginKey: &login}
	text := ""
	for _, v := range []any{found, env.Variables, request, env} {
		text += fmt.Sprintf("%v %+v %#v %s", v, v, v, v)
	}
	for _, secret := range []string{password, key, refresh, "stored-token"} {
		require.NotContains(t, text, secret)
	}
}
