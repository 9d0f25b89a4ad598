package auth_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

func keys(t *testing.T, file string) []string {
	t.Helper()
	doc, err := document.ParseObject([]byte(read(t, file)))
	require.NoError(t, err)
	var all []string
	for _, f := range doc {
		all = append(all, f.Key)
	}
	return all
}

func pointer(s string) *string { return &s }

func TestLoggingIn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request auth.Request
		keys    []string
		fails   string
	}{
		"password":           {auth.Request{User: "u", Password: password}, []string{"endpoint", "accessToken", "expiresAt", "refreshToken"}, ""},
		"temporary":          {auth.Request{User: "u", Password: password, Temporary: true}, []string{"endpoint", "accessToken", "expiresAt"}, ""},
		"key":                {auth.Request{LoginKey: pointer(key)}, []string{"endpoint", "accessToken", "expiresAt", "loginKey"}, ""},
		"key, temporary":     {auth.Request{LoginKey: pointer(key), Temporary: true}, []string{"endpoint", "accessToken", "expiresAt"}, ""},
		"one-time password":  {auth.Request{User: "otp-user", Password: password}, []string{"endpoint", "accessToken", "expiresAt", "refreshToken"}, ""},
		"wrong password":     {auth.Request{User: "u", Password: "wrong"}, nil, "Refused: no"},
		"empty password":     {auth.Request{User: "u"}, nil, "Refused: no"},
		"unknown key":        {auth.Request{LoginKey: pointer("nokey")}, nil, `Login Key "nokey" is not found.`},
		"empty user":         {auth.Request{Password: password}, nil, `Non empty "id" parameter required.`},
		"empty key":          {auth.Request{LoginKey: pointer("")}, nil, `Non empty "loginKey" parameter required.`},
		"endpoint elsewhere": {auth.Request{User: "u", Endpoint: "nonsense"}, nil, `impCentral API endpoint "nonsense" is no HTTP address.`},
	}
	for name, tc := range cases {
		for _, scope := range []auth.Scope{auth.ScopeGlobal, auth.ScopeLocal} {
			t.Run(name+scope.String(), func(t *testing.T) {
				t.Parallel()
				c := newCloud(t)
				env := newEnvironment(t)
				env.Ask = func(_ context.Context, what string, hidden bool) (string, error) {
					require.Equal(t, "one-time password", what)
					require.True(t, hidden)
					return otp, nil
				}
				dir := map[auth.Scope]string{auth.ScopeGlobal: env.Home, auth.ScopeLocal: env.Dir}[scope]
				old := `{"accessToken": "old", "other": 1}`
				file := write(t, dir, old)
				require.NoError(t, os.Chmod(file, 0o644))
				require.True(t, auth.Exists(env, scope))
				request := tc.request
				request.Scope = scope
				if request.Endpoint == "" {
					request.Endpoint = c.endpoint()
				}
				err := auth.LogIn(t.Context(), env, request)
				if tc.fails != "" {
					require.Equal(t, tc.fails, faultOf(t, err).Error())
					require.Equal(t, old, read(t, file))
					return
				}
				require.NoError(t, err)
				require.Equal(t, tc.keys, keys(t, file))
				require.Contains(t, read(t, file), fmt.Sprintf("{\n  \"endpoint\": %q,\n  \"accessToken\": \"access-token-", c.endpoint()))
				if runtime.GOOS != "windows" {
					info, err := os.Stat(file)
					require.NoError(t, err)
					require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
				}
				login, err := auth.Find(env)
				require.NoError(t, err)
				require.Equal(t, c.endpoint(), login.Endpoint())
				_, err = login.Token(t.Context())
				require.NoError(t, err)
			})
		}
	}
}

func TestOneTimePasswordThatIsNotGiven(t *testing.T) {
	t.Parallel()
	left := errors.New("left the question")
	cases := map[string]struct {
		answer string
		err    error
		want   string
	}{
		"wrong": {"000000", nil, "Refused: no"},
		"empty": {"", nil, `Non empty "otp" parameter required.`},
		"left":  {"", left, left.Error()},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			env := newEnvironment(t)
			env.Ask = func(context.Context, string, bool) (string, error) { return tc.answer, tc.err }
			err := auth.LogIn(t.Context(), env, auth.Request{
				Scope: auth.ScopeGlobal, Endpoint: c.endpoint(), User: "otp-user", Password: password,
			})
			require.EqualError(t, err, tc.want)
			require.False(t, auth.Exists(env, auth.ScopeGlobal))
			require.NotContains(t, fmt.Sprintf("%+v", err), half)
		})
	}
	c := newCloud(t)
	env := newEnvironment(t)
	env.Ask = nil
	err := auth.LogIn(t.Context(), env, auth.Request{Endpoint: c.endpoint(), User: "otp-user", Password: password})
	require.Equal(t, fault.NoTerminalKind, faultOf(t, err).Kind)
}

func TestAuthFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	request := auth.Request{Endpoint: c.endpoint(), LoginKey: pointer(key)}

	request.Scope = auth.ScopeLocal
	file := filepath.Join(env.Dir, auth.FileName)
	require.NoError(t, os.Mkdir(file, 0o700))
	err := auth.LogIn(t.Context(), env, request)
	require.Equal(t, "File error: .impt.auth: EISDIR: illegal operation on a directory, read.", faultOf(t, err).Error())
	require.Zero(t, c.requests.Load())
	_, err = auth.Find(env)
	require.Equal(t, "File error: .impt.auth: EISDIR: illegal operation on a directory, read.", faultOf(t, err).Error())
	require.Error(t, auth.LogOut(t.Context(), env, auth.ScopeLocal))
	require.DirExists(t, file)

	request.Scope = auth.ScopeGlobal
	env.Home = filepath.Join(env.Home, "missing")
	file = filepath.Join(env.Home, auth.FileName)
	err = auth.LogIn(t.Context(), env, request)
	require.Equal(t, fmt.Sprintf("File error: %s: ENOENT: no such file or directory, open '%s'.", file, file), faultOf(t, err).Error())
}

func TestLinkToAnAuthFileStays(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	behind := filepath.Join(t.TempDir(), "real")
	link := filepath.Join(env.Home, auth.FileName)
	if err := os.Symlink(behind, link); err != nil {
		t.Skip("this system lets nobody make symbolic links")
	}
	require.NoError(t, auth.LogIn(t.Context(), env, auth.Request{
		Scope: auth.ScopeGlobal, Endpoint: c.endpoint(), LoginKey: pointer(key),
	}))
	require.FileExists(t, behind)
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
}

func TestLoggingOut(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	require.Equal(t, "Global Auth File is not found.", faultOf(t, auth.LogOut(t.Context(), env, auth.ScopeGlobal)).Error())
	require.Equal(t, "Local Auth File is not found.", faultOf(t, auth.LogOut(t.Context(), env, auth.ScopeLocal)).Error())
	global, local := write(t, env.Home, "whatever"), write(t, env.Dir, "whatever")
	require.NoError(t, auth.LogOut(t.Context(), env, auth.ScopeLocal))
	require.NoFileExists(t, local)
	require.FileExists(t, global)
	require.NoError(t, auth.LogOut(t.Context(), env, auth.ScopeGlobal))
	require.NoFileExists(t, global)
	require.Zero(t, c.requests.Load())
}

func TestStatus(t *testing.T) {
	t.Parallel()
	const api = "https://api.test/v5"
	env := newEnvironment(t)
	require.False(t, auth.Status(env, auth.ScopeAny).GetExists())
	require.False(t, auth.Status(env, auth.ScopeLocal).GetExists())

	write(t, env.Home, authFile(api, 90*time.Minute+30*time.Second, byKey))
	s := auth.Status(env, auth.ScopeAny)
	require.Equal(t, auth.Global, s.GetSource())
	require.Equal(t, api, s.GetEndpoint())
	require.True(t, s.GetRenewable())
	require.True(t, s.GetLoginKey())
	require.False(t, s.GetExpired())
	require.EqualValues(t, 90, s.GetMinutesLeft())

	write(t, env.Dir, authFile(api, -time.Minute, byRefresh))
	s = auth.Status(env, auth.ScopeAny)
	require.Equal(t, auth.Local, s.GetSource())
	require.True(t, s.GetRenewable())
	require.False(t, s.GetLoginKey())
	require.True(t, s.GetExpired())
	require.Zero(t, s.GetMinutesLeft())
	require.Equal(t, auth.Global, auth.Status(env, auth.ScopeGlobal).GetSource())

	write(t, env.Dir, `{}`)
	s = auth.Status(env, auth.ScopeAny)
	require.True(t, s.GetExists())
	require.Equal(t, auth.DefaultEndpoint, s.GetEndpoint())
	require.Equal(t, "Local Auth File is corrupted.", s.GetFault().GetSentence())
	require.NoError(t, os.Remove(filepath.Join(env.Dir, auth.FileName)))

	env.Variables = auth.Variables{LoginKey: key, Endpoint: api}
	s = auth.Status(env, auth.ScopeAny)
	require.Equal(t, auth.FromVariables, s.GetSource())
	require.True(t, s.GetRenewable())
	require.True(t, s.GetLoginKey())
	require.Equal(t, api, s.GetEndpoint())
	env.Variables.LoginKey, env.Variables.User = "", "u"
	require.False(t, auth.Status(env, auth.ScopeAny).GetLoginKey())

	env.Variables.AuthFilePath = "nowhere"
	s = auth.Status(env, auth.ScopeAny)
	require.True(t, s.GetExists())
	require.Equal(t, auth.Path, s.GetSource())
	require.Equal(t, "nowhere", s.GetPath())
	require.Equal(t, "Auth File is not found.", s.GetFault().GetSentence())
}
