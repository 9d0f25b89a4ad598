package auth_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/document"
)

// The test binary is also a process that renews, and one that writes.
func TestMain(m *testing.M) {
	role, home, locks, endpoint := os.Getenv("IMPT_TEST_ROLE"), os.Getenv("IMPT_TEST_HOME"),
		os.Getenv("IMPT_TEST_LOCKS"), os.Getenv("IMPT_TEST_ENDPOINT")
	if role == "" {
		os.Exit(m.Run())
	}
	env := auth.Environment{
		Home: home, Dir: filepath.Join(home, "none"), LockDir: locks,
		Connect: func(endpoint string) auth.API {
			return impcentral.New(impcentral.Config{Endpoint: endpoint})
		},
	}
	//nolint:forbidigo // this process has no test to take it from
	if err := child(context.Background(), env, role, endpoint); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func child(ctx context.Context, env auth.Environment, role, endpoint string) error {
	if role == "write" {
		login := key
		for {
			if err := auth.LogIn(ctx, env, auth.Request{Scope: auth.ScopeGlobal, Endpoint: endpoint, LoginKey: &login}); err != nil {
				return err
			}
			_, _ = fmt.Println("written")
		}
	}
	// All wait for the same word.
	_, _ = fmt.Println("ready")
	_, _ = io.ReadAll(os.Stdin)
	login, err := auth.Find(env)
	if err != nil {
		return err
	}
	token, err := login.Token(ctx)
	_, _ = fmt.Println(token)
	return err
}

func command(t *testing.T, env auth.Environment, role, endpoint string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), "IMPT_TEST_ROLE="+role, "IMPT_TEST_HOME="+env.Home,
		"IMPT_TEST_LOCKS="+env.LockDir, "IMPT_TEST_ENDPOINT="+endpoint)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestProcessesWithAnExpiredTokenRenewItOnce(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	file := write(t, env.Home, authFile(c.endpoint(), -time.Hour, byRefresh))
	const many = 25
	start := make([]io.Closer, many)
	out := make([]*bufio.Reader, many)
	commands := make([]*exec.Cmd, many)
	for i := range many {
		cmd := command(t, env, "renew", "")
		in, err := cmd.StdinPipe()
		require.NoError(t, err)
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		commands[i], start[i], out[i] = cmd, in, bufio.NewReader(stdout)
		line, err := out[i].ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "ready\n", line)
	}
	for _, s := range start {
		require.NoError(t, s.Close())
	}
	for i := range many {
		line, err := out[i].ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "access-token-1\n", line)
		require.NoError(t, commands[i].Wait())
	}
	require.EqualValues(t, 1, c.requests.Load())
	require.Contains(t, read(t, file), `"accessToken": "access-token-1"`)
}

func TestHundredLoginsWithAnExpiredTokenRenewItOnce(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]time.Duration{"expired": -time.Hour, "refused": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			env := newEnvironment(t)
			write(t, env.Home, authFile(c.endpoint(), left, byRefresh))
			var logins []*auth.Login
			for range 100 {
				login, err := auth.Find(env)
				require.NoError(t, err)
				logins = append(logins, login)
			}
			var group sync.WaitGroup
			for _, login := range logins {
				group.Go(func() {
					token, err := login.Token(t.Context())
					if name == "refused" {
						token, err = login.Renew(t.Context(), token)
					}
					require.NoError(t, err) //nolint:testifylint // ends this worker
					require.Equal(t, "access-token-1", token)
				})
			}
			group.Wait()
			require.EqualValues(t, 1, c.requests.Load())
		})
	}
}

func TestWhereNoLockCanBeTokensAreRenewedAllTheSame(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	// A file where the directory should be.
	env.LockDir = filepath.Join(write(t, t.TempDir(), "a file"), "locks")
	write(t, env.Home, authFile(c.endpoint(), -time.Hour, byRefresh))
	login, err := auth.Find(env)
	require.NoError(t, err)
	_, err = login.Token(t.Context())
	require.NoError(t, err)
}

func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	hold, begun := make(chan struct{}), make(chan struct{})
	env := newEnvironment(t)
	write(t, env.Home, authFile(c.endpoint(), -time.Hour, byRefresh))
	connect := env.Connect
	env.Connect = func(endpoint string) auth.API {
		close(begun)
		<-hold
		return connect(endpoint)
	}
	first, err := auth.Find(env)
	require.NoError(t, err)
	second, err := auth.Find(env)
	require.NoError(t, err)
	var group sync.WaitGroup
	group.Go(func() {
		_, err := first.Token(t.Context())
		require.NoError(t, err) //nolint:testifylint // ends this worker
	})
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = second.Token(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = first.Token(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	close(hold)
	group.Wait()
}

// Whoever reads while another process writes, and after that was killed, finds
// a whole file.
func TestKilledWriterLeavesAWholeFile(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	env := newEnvironment(t)
	file := write(t, env.Home, authFile(c.endpoint(), time.Hour, byRefresh))
	for i := range 5 {
		cmd := command(t, env, "write", c.endpoint())
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewReader(stdout)
		for range 3 + i {
			_, err := lines.ReadString('\n')
			require.NoError(t, err)
			for range 20 {
				_, err := document.ParseObject([]byte(read(t, file)))
				require.NoError(t, err)
			}
		}
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		login, err := auth.Find(env)
		require.NoError(t, err)
		_, err = login.Token(t.Context())
		require.NoError(t, err)
	}
}
