package plugin

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/electricimp/impt/sdk/proto/handshake"
)

// clientConfig is what go-plugin is told: how plugins shake hands, and that we
// start and stop them ourselves.
func clientConfig(dir string, start func(*exec.Cmd) (runner.Runner, error)) *goplugin.ClientConfig {
	return &goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  handshake.Version,
			MagicCookieKey:   handshake.CookieKey,
			MagicCookieValue: handshake.CookieValue,
		},
		Plugins:          goplugin.PluginSet{"group": wanted{}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		SkipHostEnv:      true,
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: dir},
		AutoMTLS:         overTCP,
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, made string) (runner.Runner, error) {
			// The run's directory is as private, and the path is shorter.
			_ = os.Remove(made)
			for i, v := range cmd.Env {
				if strings.HasPrefix(v, goplugin.EnvUnixSocketDir+"=") {
					cmd.Env[i] = goplugin.EnvUnixSocketDir + "=" + dir
				}
			}
			return start(cmd)
		},
	}
}

// wanted stands for the group in go-plugin's handshake. We dial it ourselves:
// go-plugin's client opens streams that nobody needs.
type wanted struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (wanted) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error { return nil }

func (wanted) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, nil //nolint:nilnil // never asked for
}

// starter is the child as go-plugin wants it.
type starter struct {
	child *child
	said  *firstLine
	ready chan struct{} // closed when the handshake is done
}

var _ runner.Runner = (*starter)(nil)

// Start does nothing: the child runs.
func (*starter) Start(context.Context) error { return nil }

func (s *starter) Stdout() io.ReadCloser { return s.said }

// Stderr is empty: we read it ourselves, and go-plugin would wait for its end.
func (*starter) Stderr() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }

// Wait ends with the child as long as go-plugin waits for the handshake. Later
// it never does: go-plugin would sync our standard error, which takes its time
// when that is a file.
func (s *starter) Wait(ctx context.Context) error {
	select {
	case <-s.child.exited:
	case <-s.ready:
		<-ctx.Done()
	}
	return nil
}

func (s *starter) Kill(context.Context) error {
	s.child.kill()
	return nil
}

func (s *starter) Name() string                  { return s.child.cmd.Path }
func (s *starter) ID() string                    { return strconv.Itoa(s.child.cmd.Process.Pid) }
func (*starter) Diagnose(context.Context) string { return "" }

func (*starter) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

func (*starter) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// firstLine passes on a plugin's standard output and keeps its first line,
// which should be the handshake.
type firstLine struct {
	*os.File

	mu       sync.Mutex
	line     []byte
	complete bool
}

func (l *firstLine) Read(p []byte) (int, error) {
	n, err := l.File.Read(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.complete && n > 0 {
		rest, _, found := bytes.Cut(p[:n], []byte("\n"))
		l.line = append(l.line, rest...)
		l.complete = found || len(l.line) > maxLine
	}
	return n, err
}

func (l *firstLine) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(string(l.line))
}

// version reads the version of the contract from a line that is a handshake
// but for its version.
func version(line string) (int, bool) {
	parts := strings.Split(line, "|")
	if len(parts) < 5 || parts[0] != strconv.Itoa(goplugin.CoreProtocolVersion) {
		return 0, false
	}
	v, err := strconv.Atoi(parts[1])
	return v, err == nil
}

// within tells whether a plugin listens where it was told, so that it cannot
// make us talk to somebody else.
func within(dir string, a net.Addr) bool {
	switch a := a.(type) {
	case *net.UnixAddr:
		return !overTCP && sameDir(filepath.Dir(a.Name), dir)
	case *net.TCPAddr:
		return overTCP && a.IP.IsLoopback()
	}
	return false
}

// sameDir knows that one folder may have two names, as /tmp has on macOS.
func sameDir(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
