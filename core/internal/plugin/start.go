package plugin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Environment is what of the host's surroundings concerns plugins. The zero
// value will do.
type Environment struct {
	// TempDir is the folder for temporary files, os.TempDir.
	TempDir string
	// RuntimeDir is XDG_RUNTIME_DIR.
	RuntimeDir string
	// CoverDir is GOCOVERDIR, which plugins get too.
	CoverDir string
	// SystemRoot is the variable of that name, which Windows needs.
	SystemRoot string
	// Private are files and folders that no plugin may read as part of the
	// folder that it lies in.
	Private []string
}

// Limits are how long plugins may take. Zero stands for the default.
type Limits struct {
	// Describe is from the start to the manifest; 5 s.
	Describe time.Duration
	// Start is from the start to the handshake; 10 s.
	Start time.Duration
	// Grace is from an interruption until the plugin has ended by itself;
	// 2 s.
	Grace time.Duration
	// Exit is from the end of the run until the plugin has ended by itself;
	// 250 ms.
	Exit time.Duration

	// What follows is for plugins that do not come with the host.

	// Silence is how long a command may go on without a call of Host; 5 min.
	// While a call waits for the user or the server nobody is silent.
	Silence time.Duration
	// Calls is how many calls of Host a run may make, and Together how many at
	// once; 10 million and 1024.
	Calls, Together int
	// Memory is how many bytes it may have; 1 GiB. Where the system counts
	// them.
	Memory uint64
}

func (l Limits) orDefaults() Limits {
	for _, d := range []struct {
		limit *time.Duration
		value time.Duration
	}{{&l.Describe, 5 * time.Second}, {&l.Start, 10 * time.Second}, {&l.Grace, 2 * time.Second}, {&l.Exit, 250 * time.Millisecond}, {&l.Silence, 5 * time.Minute}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	if l.Memory == 0 {
		l.Memory = 1 << 30
	}
	if l.Calls == 0 {
		l.Calls = 10_000_000
	}
	if l.Together == 0 {
		l.Together = 1024
	}
	return l
}

// StartOptions are how a plugin is started.
type StartOptions struct {
	// Host is what the plugin may ask of us; nil to let it describe itself.
	// Its calls end with the run.
	Host        pluginv1.HostServer
	Environment Environment
	Limits      Limits
	// Log is called with each line that the plugin prints, escaped, one after
	// the other and up to a megabyte of them, on a goroutine that ends before
	// Close returns. Nil: nobody listens. The cause of a failure has the
	// lines too, but for the middle of a flood.
	Log func(line string)
}

// Process is a plugin that was started to run one command.
type Process struct {
	plugin *Plugin
	limits Limits
	dir    *runDir
	host   *hostService // nil without a Host
	child  *child
	conn   *grpc.ClientConn
	group  pluginv1.CommandGroupClient

	broken *fault.Broken // when it has failed by itself

	once   sync.Once
	closed error
}

// Start starts the plugin and returns when it is ready. Close must be called
// then. Errors are faults, or the context's cause.
func Start(ctx context.Context, p *Plugin, o StartOptions) (*Process, error) {
	if err := p.unchanged(); err != nil {
		return nil, err
	}
	dir, err := newRunDir(o.Environment.places())
	if err != nil {
		return nil, err
	}
	return startIn(ctx, dir, p, o)
}

// startIn starts the plugin in its run directory, which it owns from now on.
func startIn(ctx context.Context, dir *runDir, p *Plugin, o StartOptions) (*Process, error) {
	process := &Process{plugin: p, limits: o.Limits.orDefaults(), dir: dir}
	if err := process.start(ctx, o); err != nil {
		process.failed(err)
		_ = process.Close()
		return nil, err
	}
	return process, nil
}

func (p *Process) start(ctx context.Context, o StartOptions) (err error) {
	if o.Host != nil {
		if p.host, err = serveHost(p.plugin, p.dir, o.Host, p.limits); err != nil {
			return noRunDirectory(err)
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.limits.Start, errLate)
	defer cancel()
	var s *starter
	stop := func() bool { return true }
	defer func() { stop() }()
	config := clientConfig(p.dir.path, func(spec *exec.Cmd) (runner.Runner, error) {
		cmd := p.command(spec.Env, o.Environment)
		child, err := spawn(cmd, &words{log: o.Log}, p.enclosure(o.Environment), p.limits.bounds(o.Environment))
		if err != nil {
			return nil, err
		}
		p.child = child
		s = &starter{child, &firstLine{File: child.stdout}, make(chan struct{})}
		stop = context.AfterFunc(ctx, child.kill)
		return s, nil
	})
	address, err := goplugin.NewClient(config).Start()
	if ctx.Err() != nil {
		return p.notStarted(ctx)
	}
	if p.child == nil {
		return p.plugin.unstartable(err)
	}
	if err != nil {
		return p.misbehaved(s.said.text(), err)
	}
	close(s.ready)
	if !within(p.dir.path, address) {
		return p.plugin.elsewhere(address.String())
	}
	if err := p.dial(address, config); err != nil {
		return err
	}
	return p.awaitConnection(ctx)
}

var errLate = errors.New("the time is up")

// command is the process that go-plugin has described, as we start it.
func (p *Process) command(variables []string, e Environment) *exec.Cmd {
	if p.host != nil {
		variables = append(variables,
			handshake.HostVariable+"="+p.host.address,
			handshake.TokenVariable+"="+p.host.token)
	}
	if e.CoverDir != "" {
		variables = append(variables, "GOCOVERDIR="+e.CoverDir)
	}
	if e.SystemRoot != "" {
		variables = append(variables, "SystemRoot="+e.SystemRoot)
	}
	return &exec.Cmd{Path: p.plugin.Path, Args: []string{p.plugin.Path}, Env: variables, Dir: p.dir.path}
}

// dial opens the connection to the plugin, in the background.
func (p *Process) dial(address net.Addr, config *goplugin.ClientConfig) error {
	transport := insecure.NewCredentials()
	if config.TLSConfig != nil {
		transport = credentials.NewTLS(config.TLSConfig)
	}
	conn, err := grpc.NewClient("passthrough:///plugin",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, address.Network(), address.String())
		}),
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(handshake.MaxMessage),
			grpc.MaxCallSendMsgSize(handshake.MaxMessage)),
		grpc.WithInitialWindowSize(window),
		grpc.WithInitialConnWindowSize(window),
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithNoProxy())
	if err != nil {
		return fmt.Errorf("dialling the plugin: %w", err)
	}
	conn.Connect()
	p.conn, p.group = conn, pluginv1.NewCommandGroupClient(conn)
	return nil
}

// awaitConnection returns when the plugin has answered on its socket: it may
// have shaken hands and hang nevertheless.
func (p *Process) awaitConnection(ctx context.Context) error {
	for {
		state := p.conn.GetState()
		switch state {
		case connectivity.Ready:
			return nil
		case connectivity.TransientFailure, connectivity.Shutdown:
			p.child.await(departure)
			return p.ended(p.child.outcome())
		case connectivity.Idle, connectivity.Connecting:
		}
		if !p.conn.WaitForStateChange(ctx, state) {
			return p.notStarted(ctx)
		}
	}
}

// notStarted is why the start was given up.
func (p *Process) notStarted(ctx context.Context) error {
	cause := context.Cause(ctx)
	if !errors.Is(cause, errLate) {
		return fmt.Errorf("starting the plugin: %w", cause)
	}
	if p.child != nil {
		p.child.await(killed)
		cause = p.child.outcome()
	}
	return p.plugin.slow(p.limits.Start, cause)
}

// misbehaved is why a plugin did not get ready, by the line that should have
// been its handshake.
func (p *Process) misbehaved(line string, err error) error {
	p.child.await(killed)
	cause := fmt.Errorf("%w: %w", err, p.child.outcome())
	theirs, ok := version(line)
	switch {
	case line == "":
		return p.ended(cause)
	case ok && theirs != handshake.Version:
		return p.plugin.otherVersion(theirs)
	}
	return p.plugin.spoilt(line, cause)
}

// Run runs one command. It returns nil when the command has succeeded, the
// fault that the plugin tells, the fault that the plugin is, or, after an
// interruption, an error with the context's cause. Of a plugin that is broken,
// Close adds the last words to the fault. The service Host has ended
// when it returns. It must be called once.
func (p *Process) Run(ctx context.Context, r *pluginv1.RunRequest) error {
	defer p.endHost()
	bounded, stop := p.supervise(ctx)
	defer stop()
	err := p.call(bounded, func(ctx context.Context) error {
		_, err := p.group.Run(ctx, r)
		return err
	})
	if breach, ok := errors.AsType[*fault.Fault](context.Cause(bounded)); ok && ctx.Err() == nil {
		p.child.kill()
		p.child.await(killed)
		err = breach
	}
	if err != nil && ctx.Err() != nil {
		// The plugin may need a moment for what it has begun, in which it
		// can still reach Host. It ends by itself when it is done.
		p.child.await(p.limits.Grace)
		return fmt.Errorf("running the plugin: %w", context.Cause(ctx))
	}
	p.failed(err)
	return err
}

// failed keeps the failure of a plugin that is broken. When all is read that
// it has printed, Close adds the last of it.
func (p *Process) failed(err error) {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Broken != nil {
		p.broken = f.Broken
	}
}

func (p *Process) endHost() {
	if p.host != nil {
		p.host.end()
	}
}

// describe asks the plugin for its manifest.
func (p *Process) describe(ctx context.Context, features []string) (m *pluginv1.Manifest, err error) {
	err = p.call(ctx, func(ctx context.Context) error {
		answer, err := p.group.Describe(ctx, &pluginv1.DescribeRequest{HostFeatures: features})
		m = answer.GetManifest()
		return err
	})
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("describing the plugin: %w", context.Cause(ctx))
	}
	return m, err
}

const (
	// parting is how long an answer may take to arrive after the plugin has
	// ended.
	parting = 250 * time.Millisecond
	// departure is how long the plugin may take to end after its connection has
	// broken: how it ends says more than that.
	departure = 2 * time.Second
)

// call makes one call, and turns what goes wrong into a fault.
func (p *Process) call(ctx context.Context, f func(context.Context) error) error {
	callCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	// A child of the plugin may hold the connection open.
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-p.child.exited:
			timer := time.AfterFunc(parting, cancel)
			<-over
			timer.Stop()
		case <-over:
		}
	}()
	err := f(callCtx)
	if deadline, ok := ctx.Deadline(); ok && status.Code(err) == codes.DeadlineExceeded && time.Until(deadline) < parting {
		// The plugin's clock rang before ours.
		<-ctx.Done()
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	if told, ok := fault.Of(err); ok {
		if told.Kind == fault.CrashedKind {
			return p.plugin.crashed(told.Cause)
		}
		return told
	}
	text := errors.New(strings.TrimSpace(status.Convert(err).Message()))
	switch status.Code(err) {
	case codes.ResourceExhausted:
		return p.plugin.tooLarge(text)
	case codes.Unavailable, codes.Canceled:
		p.child.await(departure)
		return p.ended(fmt.Errorf("%w: %w", text, p.child.outcome()))
	default:
		return p.plugin.silent(text)
	}
}

// ended is why the plugin is gone: for want of memory, or nobody knows why.
func (p *Process) ended(cause error) error {
	if !p.plugin.Bundled && p.child.peak() > p.limits.Memory/2 {
		return p.plugin.full(p.limits.Memory, cause)
	}
	return p.plugin.ended(cause)
}

// Kill ends the plugin at once: a run that is under way returns. It is for the
// second Ctrl-C.
func (p *Process) Kill() { p.child.kill() }

// Close ends the plugin, if need be by force, and removes what was made for
// the run. It may be called more than once, and while Run has not returned.
// Its error is for debug output.
func (p *Process) Close() error {
	p.once.Do(func() {
		var errs []error
		p.endHost()
		if p.conn != nil {
			errs = append(errs, p.conn.Close())
		}
		if p.child != nil {
			errs = append(errs, p.child.stop(p.limits.Exit))
			if p.broken != nil {
				p.broken.Words = append(p.broken.Words, p.child.words.last()...)
			}
		}
		if p.host != nil {
			errs = append(errs, p.host.close())
		}
		errs = append(errs, p.dir.remove())
		if err := errors.Join(errs...); err != nil {
			p.closed = fmt.Errorf("ending the plugin: %w", err)
		}
	})
	return p.closed
}
