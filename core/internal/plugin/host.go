package plugin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// window is how many bytes may be under way on a connection; to name it spares
// the connection its measurements.
const window = 1 << 20

// maxCalls is how many calls of one connection are served at once. The others
// wait.
const maxCalls = 256

// hostService is the service Host for the length of one run.
type hostService struct {
	plugin  *Plugin
	path    string // of the socket
	address string // as IMPT_PLUGIN_HOST has it
	token   string
	server  *grpc.Server

	mu    sync.Mutex
	ended bool
	calls map[*call]struct{}
	idle  chan struct{} // closed when the run has ended and no call is left
	watch *watch        // nil for plugins that come with the host
}

// call is one call that is under way.
type call struct{ cancel context.CancelFunc }

// serveHost serves h on a socket in the run's directory.
func serveHost(p *Plugin, d *runDir, h pluginv1.HostServer, l Limits) (*hostService, error) {
	path := filepath.Join(d.path, "host")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("listening for the plugin: %w", err)
	}
	s := &hostService{
		plugin:  p,
		path:    path,
		address: "unix:" + path,
		token:   rand.Text(),
		calls:   map[*call]struct{}{},
		watch:   newWatch(p, l),
		idle:    make(chan struct{}),
	}
	s.server = grpc.NewServer(
		grpc.MaxRecvMsgSize(handshake.MaxMessage),
		grpc.MaxSendMsgSize(handshake.MaxMessage),
		grpc.MaxConcurrentStreams(maxCalls),
		grpc.InitialWindowSize(window),
		grpc.InitialConnWindowSize(window),
		grpc.UnaryInterceptor(s.unary),
		grpc.StreamInterceptor(s.stream))
	pluginv1.RegisterHostServer(s.server, h)
	go func() { _ = s.server.Serve(&ownListener{listener}) }()
	return s, nil
}

// ownListener accepts callers of our own user alone. The directory keeps the
// others out; this holds even if its mode were changed.
type ownListener struct{ *net.UnixListener }

func (l *ownListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.AcceptUnix()
		if err != nil {
			return nil, err
		}
		if own(conn) {
			return conn, nil
		}
		_ = conn.Close()
	}
}

// begin admits a call that carries the token while the run lasts. The call's
// context ends with the run; done must be called when the call is over.
func (s *hostService) begin(ctx context.Context) (_ context.Context, done func(), err error) {
	tokens := metadata.ValueFromIncomingContext(ctx, handshake.TokenKey)
	if len(tokens) != 1 || subtle.ConstantTimeCompare([]byte(tokens[0]), []byte(s.token)) != 1 {
		return nil, nil, fault.Status(s.plugin.wrongToken())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, nil, fault.Status(s.plugin.wrongToken())
	}
	if err := s.watch.begin(); err != nil {
		return nil, nil, fault.Status(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	c := &call{cancel}
	s.calls[c] = struct{}{}
	return ctx, func() {
		cancel()
		s.watch.end()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.calls, c)
		if s.ended && len(s.calls) == 0 {
			close(s.idle)
		}
	}, nil
}

func (s *hostService) unary(ctx context.Context, r any, _ *grpc.UnaryServerInfo, h grpc.UnaryHandler) (answer any, err error) {
	ctx, done, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	defer recovered(&err)
	return h(ctx, r)
}

func (s *hostService) stream(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, h grpc.StreamHandler) (err error) {
	ctx, done, err := s.begin(stream.Context())
	if err != nil {
		return err
	}
	defer done()
	defer recovered(&err)
	return h(server, streamOf{stream, ctx, s.watch})
}

// recovered turns a panic into an answer: what a plugin asks for must not end
// the host.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fault.Status(hostCrashed(fmt.Errorf("panic: %v\n\n%s", r, debug.Stack())))
	}
}

// streamOf is a stream with the context of its run.
type streamOf struct {
	grpc.ServerStream

	ctx   context.Context //nolint:containedctx // gRPC asks the stream for it
	watch *watch
}

// SendMsg may wait for a plugin that does not read: then it is the plugin that
// is silent.
func (s streamOf) SendMsg(m any) error {
	s.watch.wait()
	defer s.watch.resume()
	return s.ServerStream.SendMsg(m)
}

func (s streamOf) Context() context.Context { return s.ctx }

// end ends the run: calls that are under way are cancelled, later ones denied.
func (s *hostService) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.ended = true
	for c := range s.calls {
		c.cancel()
	}
	if len(s.calls) == 0 {
		close(s.idle)
	}
}

// leaving is how long we wait for calls that are cancelled to return.
const leaving = time.Second

var errStillServing = errors.New("a call of the plugin is still being served")

// close ends the run and takes the service away.
func (s *hostService) close() error {
	s.end()
	timer := time.NewTimer(leaving)
	defer timer.Stop()
	var err error
	select {
	case <-s.idle:
	case <-timer.C:
		err = errStillServing
	}
	s.server.Stop()
	return err
}
