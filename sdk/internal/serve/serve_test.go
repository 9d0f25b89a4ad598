//go:build unix

package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// pluginVariable makes this binary a plugin.
const pluginVariable = "IMPT_TEST_PLUGIN"

func TestMain(m *testing.M) {
	if os.Getenv(pluginVariable) == "" {
		os.Exit(m.Run())
	}
	fmt.Println("before Serve")
	child := exec.Command("/bin/echo", "from a child")
	child.Stdout = os.Stdout
	_ = child.Run()
	os.Exit(Serve(Group{
		Name:    "stub",
		Version: "1.2.3",
		Describe: func(_ context.Context, r *pluginv1.DescribeRequest) (*pluginv1.Manifest, error) {
			if len(r.GetHostFeatures()) > 0 {
				panic("features")
			}
			return &pluginv1.Manifest{Name: "stub"}, nil
		},
		Run: runCommand,
	}))
}

func runCommand(ctx context.Context, host pluginv1.HostClient, r *pluginv1.RunRequest) error {
	switch r.GetCommand() {
	case "panic":
		panic(errors.New("the first"))
	case "nil":
		panic(nil)
	case "goexit":
		runtime.Goexit()
	case "fault":
		return fault.NotFound("device", "meter-7")
	case "error":
		return errors.New("something else")
	case "print":
		line := strings.Repeat("x", 1000)
		for range 1000 {
			fmt.Println(line)
			fmt.Fprintln(os.Stderr, line)
		}
	case "stdin":
		b, err := io.ReadAll(os.Stdin)
		if len(b) > 0 {
			return errors.New("there is something to read")
		}
		return err
	case "wait":
		<-ctx.Done()
		return ctx.Err()
	case "forever":
		select {}
	case "say":
		_, err := host.Say(ctx, &pluginv1.SayRequest{Text: os.Getenv(handshake.TokenVariable)})
		return err
	}
	return nil
}

// process is this binary as a plugin.
type process struct {
	cmd      *exec.Cmd
	lifeline io.Closer
	stdout   *bufio.Reader
	stderr   *strings.Builder
	group    pluginv1.CommandGroupClient
	wait     func() error
}

func launch(t *testing.T, variables ...string) *process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	p := &process{cmd: exec.Command(self), stderr: &strings.Builder{}}
	p.cmd.Env = append([]string{pluginVariable + "=1"}, variables...)
	p.cmd.Stderr = p.stderr
	p.lifeline, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	p.stdout = bufio.NewReader(out)
	require.NoError(t, p.cmd.Start())
	p.wait = sync.OnceValue(p.cmd.Wait)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.wait()
	})
	return p
}

// start starts it as a host does, and shakes hands.
func start(t *testing.T, variables ...string) *process {
	t.Helper()
	dir := socketDir(t)
	p := launch(t, append(variables, handshake.CookieKey+"="+handshake.CookieValue, "PLUGIN_UNIX_SOCKET_DIR="+dir, "PLUGIN_PROTOCOL_VERSIONS=1")...)
	line, err := p.stdout.ReadString('\n')
	require.NoError(t, err)
	parts := strings.Split(line, "|")
	require.Equal(t, []string{"1", "1", "unix"}, parts[:3])
	require.Equal(t, dir, filepath.Dir(parts[3]))
	conn, err := grpc.NewClient("unix:"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	p.group = pluginv1.NewCommandGroupClient(conn)
	return p
}

// socketDir is a folder whose path is short enough for sockets.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "impt") //nolint:usetesting // a test's own folder has a long path
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// run runs a command with a Host.
func run(t *testing.T, command string) error {
	t.Helper()
	p := start(t, serveHost(t, &hostStub{})...)
	_, err := p.group.Run(t.Context(), &pluginv1.RunRequest{Command: command})
	require.NoError(t, p.lifeline.Close())
	require.NoError(t, p.wait())
	return err
}

type hostStub struct {
	pluginv1.UnimplementedHostServer
	texts  chan string
	tokens chan []string
}

func (h *hostStub) Say(ctx context.Context, r *pluginv1.SayRequest) (*pluginv1.SayResponse, error) {
	if h.texts != nil {
		h.texts <- r.GetText()
		h.tokens <- metadata.ValueFromIncomingContext(ctx, handshake.TokenKey)
	}
	return &pluginv1.SayResponse{}, nil
}

// serveHost serves a Host in a folder whose name a URL would not have, and
// returns the variables with which a plugin finds it.
func serveHost(t *testing.T, h *hostStub) []string {
	t.Helper()
	path := filepath.Join(socketDir(t), "ü %2f?#")
	listener, err := net.Listen("unix", path)
	require.NoError(t, err)
	s := grpc.NewServer()
	pluginv1.RegisterHostServer(s, h)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	return []string{handshake.HostVariable + "=unix:" + path, handshake.TokenVariable + "=secret"}
}

func TestStartedByHand(t *testing.T) {
	t.Parallel()
	p := launch(t)
	out, err := io.ReadAll(p.stdout)
	require.NoError(t, err)
	require.ErrorContains(t, p.wait(), "exit status 1")
	require.Equal(t, "before Serve\nfrom a child\n", string(out), "standard output is the author's then")
	require.Equal(t, "This is the command group \"stub\" of impt, which impt starts itself.\nTry: impt stub --help\n", p.stderr.String())
}

func TestNothingSpoilsTheHandshake(t *testing.T) {
	t.Parallel()
	p := start(t)
	answer, err := p.group.Describe(t.Context(), &pluginv1.DescribeRequest{})
	require.NoError(t, err)
	require.Equal(t, "stub", answer.GetManifest().GetName())
	require.NoError(t, p.lifeline.Close())
	rest, err := io.ReadAll(p.stdout)
	require.NoError(t, err)
	require.Empty(t, rest)
	require.NoError(t, p.wait())
	require.Equal(t, "before Serve\nfrom a child\n", p.stderr.String())
}

func TestEndOfTheLifelineEndsACommandToo(t *testing.T) {
	t.Parallel()
	p := start(t, serveHost(t, &hostStub{})...)
	result := make(chan error, 1)
	go func() {
		_, err := p.group.Run(t.Context(), &pluginv1.RunRequest{Command: "forever"})
		result <- err
	}()
	_, err := p.group.Describe(t.Context(), &pluginv1.DescribeRequest{})
	require.NoError(t, err)
	begun := time.Now()
	require.NoError(t, p.lifeline.Close())
	require.NoError(t, p.wait())
	t.Logf("gone after %s", time.Since(begun))
	require.Equal(t, codes.Unavailable, status.Code(<-result))
}

func TestInterruptedCommandEndsTheProcess(t *testing.T) {
	t.Parallel()
	p := start(t, serveHost(t, &hostStub{})...)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := p.group.Run(ctx, &pluginv1.RunRequest{Command: "wait"})
	require.Equal(t, codes.Canceled, status.Code(err))
	require.NoError(t, p.wait())
}

func TestSignalsAreTheHosts(t *testing.T) {
	t.Parallel()
	p := start(t)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		require.NoError(t, p.cmd.Process.Signal(s))
		_, err := p.group.Describe(t.Context(), &pluginv1.DescribeRequest{})
		require.NoError(t, err)
	}
}

func TestCrashesAreFaults(t *testing.T) {
	t.Parallel()
	for command, cause := range map[string]string{
		"panic":  "panic: the first\n\ngoroutine",
		"nil":    "panic: panic called with nil argument",
		"goexit": "runtime.Goexit",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			f, ok := fault.Of(run(t, command))
			require.True(t, ok)
			require.Equal(t, `Plugin "stub" (1.2.3) has crashed. Tell its author.`, f.Sentence)
			require.ErrorContains(t, f.Cause, cause)
		})
	}
	t.Run("describe", func(t *testing.T) {
		t.Parallel()
		_, err := start(t).group.Describe(t.Context(), &pluginv1.DescribeRequest{HostFeatures: []string{"x"}})
		f, ok := fault.Of(err)
		require.True(t, ok)
		require.ErrorContains(t, f.Cause, "panic: features")
	})
}

func TestErrorsOfTheAuthor(t *testing.T) {
	t.Parallel()
	require.True(t, fault.Is(run(t, "fault"), fault.NotFoundKind))
	f, ok := fault.Of(run(t, "error"))
	require.True(t, ok)
	require.Equal(t, "something else.", f.Sentence)
}

func TestPrintsOfACommandGoToTheLog(t *testing.T) {
	t.Parallel()
	p := start(t, serveHost(t, &hostStub{})...)
	_, err := p.group.Run(t.Context(), &pluginv1.RunRequest{Command: "print"})
	require.NoError(t, err)
	require.NoError(t, p.lifeline.Close())
	require.NoError(t, p.wait())
	require.Equal(t, 2000*1001+len("before Serve\nfrom a child\n"), p.stderr.Len())
}

func TestStandardInputIsEmpty(t *testing.T) {
	t.Parallel()
	require.NoError(t, run(t, "stdin"))
}

func TestTokenGoesWithEachCallAndStaysHere(t *testing.T) {
	t.Parallel()
	h := &hostStub{texts: make(chan string, 1), tokens: make(chan []string, 1)}
	p := start(t, serveHost(t, h)...)
	_, err := p.group.Run(t.Context(), &pluginv1.RunRequest{Command: "say"})
	require.NoError(t, err)
	require.Equal(t, []string{"secret"}, <-h.tokens)
	require.Empty(t, <-h.texts, "children of the author do not inherit it")
}

func TestRunWithoutAHost(t *testing.T) {
	t.Parallel()
	_, err := start(t).group.Run(t.Context(), &pluginv1.RunRequest{Command: "say"})
	f, ok := fault.Of(err)
	require.True(t, ok)
	require.Equal(t, "the host gave no address of its service.", f.Sentence)
}

func TestAddressThatIsNone(t *testing.T) {
	t.Parallel()
	p := launch(t, handshake.CookieKey+"="+handshake.CookieValue, handshake.HostVariable+"=127.0.0.1:1")
	require.ErrorContains(t, p.wait(), "exit status 1")
	require.Contains(t, p.stderr.String(), `the address of the host is "127.0.0.1:1", which is no unix socket`)
}
