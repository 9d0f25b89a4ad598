package plugin

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// serving is a service Host without a plugin.
func serving(t *testing.T, h pluginv1.HostServer) *hostService {
	t.Helper()
	dir, err := makeRunDir(surroundings(t).RuntimeDir)
	require.NoError(t, err)
	s, err := serveHost(&Plugin{Name: "x"}, dir, h, Limits{}.orDefaults())
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.close())
		require.NoError(t, dir.remove())
	})
	return s
}

// TestEndOfARunEndsItsCalls: also those of a plugin that stays connected.
func TestEndOfARunEndsItsCalls(t *testing.T) {
	t.Parallel()
	h := newListener()
	begun, ended := make(chan struct{}), make(chan error, 1)
	h.hear = func(ctx context.Context, _ string) error {
		close(begun)
		select {
		case <-ctx.Done():
		case <-time.After(ample):
		}
		ended <- ctx.Err()
		return nil
	}
	s := serving(t, h)
	conn, err := grpc.NewClient("passthrough:///host",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", s.path)
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	ctx := metadata.AppendToOutgoingContext(t.Context(), handshake.TokenKey, s.token)
	go func() { _, _ = pluginv1.NewHostClient(conn).Say(ctx, &pluginv1.SayRequest{}) }()
	<-begun
	s.end()
	require.ErrorIs(t, <-ended, context.Canceled)
}

// TestOtherUsersAreNotHeard opens the way to the socket, and calls as somebody
// else: the connection is closed before anything is said.
func TestOtherUsersAreNotHeard(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can call as somebody else")
	}
	s := serving(t, newListener())
	for dir := filepath.Dir(s.path); dir != "/" && dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	require.NoError(t, os.Chmod(s.path, 0o777))
	require.NotEmpty(t, greeting(t, s.path, 0), "its own user is greeted")
	require.Empty(t, greeting(t, s.path, 65534))
}

// greeting is what a user hears who connects to a socket. The thread that was
// somebody else ends with its goroutine.
func greeting(t *testing.T, path string, uid uintptr) []byte {
	t.Helper()
	heard, failed := make(chan []byte, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		b, err := func() ([]byte, error) {
			if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, uid, uid, uid); errno != 0 {
				return nil, errno
			}
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				return nil, err
			}
			defer func() { _ = unix.Close(fd) }()
			if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
				return nil, err
			}
			b := make([]byte, 9)
			n, err := unix.Read(fd, b)
			return b[:max(n, 0)], err
		}()
		failed <- err
		heard <- b
	}()
	require.NoError(t, <-failed)
	return <-heard
}
