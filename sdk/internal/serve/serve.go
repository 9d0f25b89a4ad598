//nolint:forbidigo // this is where a plugin meets its process
package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Group is what a plugin serves.
type Group struct {
	// Name and Version are for the sentences about a crash.
	Name, Version string
	// Describe returns the manifest.
	Describe func(context.Context, *pluginv1.DescribeRequest) (*pluginv1.Manifest, error)
	// Run runs one command. Its error reaches the user as fault.Of has it.
	Run func(context.Context, pluginv1.HostClient, *pluginv1.RunRequest) error
}

// byHand is for a user who looks what the file in the plugin folder does.
const byHand = `This is the command group %[1]q of impt, which impt starts itself.
Try: impt %[1]s --help
`

// Serve serves the group until the host ends it, or the command has been
// interrupted. It returns the process's exit code: 1 with a text on standard
// error when the process was not started by a host. It must be called once, at
// the beginning of main.
func Serve(g Group) int {
	if claimed == nil {
		fmt.Fprintf(os.Stderr, byHand, g.Name)
		return 1
	}
	// Ctrl-C is the host's, and so is what a supervisor sends to all of its
	// processes: the host ends the run, and the plugin with it. Nobody reads
	// the channel: to be notified is to survive. Ignoring the signals
	// instead would be inherited by the author's own children.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	host, err := dial(os.Getenv(handshake.HostVariable), os.Getenv(handshake.TokenVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_ = os.Unsetenv(handshake.TokenVariable) // not for the author's children

	s := &server{group: g, host: host, streams: claimed, interrupted: make(chan struct{})}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		goplugin.Serve(config(s))
	}()
	select {
	case <-claimed.hostGone():
		return 0
	case <-s.interrupted:
		return 0
	case <-stopped:
		return 1
	}
}

func config(s *server) *goplugin.ServeConfig {
	// go-plugin prints the handshake on os.Stdout, and then puts pipes in the
	// place of both streams; the server gives them back to the author.
	s.streams.lend()
	return &goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  handshake.Version,
			MagicCookieKey:   handshake.CookieKey,
			MagicCookieValue: handshake.CookieValue,
		},
		Plugins: goplugin.PluginSet{"group": &served{server: s}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options,
				grpc.MaxRecvMsgSize(handshake.MaxMessage),
				grpc.MaxSendMsgSize(handshake.MaxMessage))...)
		},
		Logger: hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: s.streams.log}),
	}
}

// served is the group as go-plugin wants it.
type served struct {
	goplugin.NetRPCUnsupportedPlugin
	server *server
}

func (p *served) GRPCServer(_ *goplugin.GRPCBroker, s *grpc.Server) error {
	pluginv1.RegisterCommandGroupServer(s, p.server)
	return nil
}

// GRPCClient is never called: the host does not use this package.
func (p *served) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.ErrUnsupported
}
