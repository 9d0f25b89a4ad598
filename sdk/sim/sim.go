package sim

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config says what kind of impCentral to simulate. The zero value is a usable
// one; where api.md of the real service leaves a number open there is a field.
type Config struct {
	// Base is the path before every endpoint. Default "/v5".
	Base string
	// Clock defaults to SystemClock.
	Clock Clock
	// IDSeed makes another series of ids and tokens. The same seed and the
	// same requests give the same ids.
	IDSeed uint64

	TokenLife      time.Duration // of access tokens; default 1 hour
	LoginTokenLife time.Duration // to enter a one-time password; default 5 minutes

	PageSize    int // when not asked for; default 20
	MaxPageSize int // a larger one asked for is cut to it; default 100

	RateLimit RateLimit     // off by default
	Latency   time.Duration // before every answer

	Streams       int           // log streams per account; default 1
	StreamDevices int           // devices per stream; default 8
	StreamBuffer  int           // events kept per stream for a resume; default 1024
	KeepAlive     time.Duration // between comments on a silent stream; default 30 s
	StreamRetry   time.Duration // sent as retry: when a stream opens, if positive

	LogLines        int  // stored per device; default 1000
	LogsOldestFirst bool // order of stored logs; default newest first
	RequestsKept    int  // by Requests; default 10,000, the oldest go first

	// ListCode puts the source code into lists of deployments too.
	ListCode bool
	// KeepZombies lets deployments outlive their device group.
	KeepZombies bool
	// FirstBuildMinSupported makes a group's first deployment its
	// min_supported_deployment.
	FirstBuildMinSupported bool
	// BootTime passes between what starts a device or its agent and its code;
	// real ones take some seconds. None by default.
	BootTime time.Duration
	// DeployWithoutRestart leaves devices on their old code after a
	// deployment, until something restarts them.
	DeployWithoutRestart bool

	// Warnings returns the compile warnings of a deployment, in data.meta of
	// the answer; with TopLevelWarnings in meta beside data.
	Warnings         func(deviceCode, agentCode string) []CompileError
	TopLevelWarnings bool

	// Program is what devices and agents do, but for the scripts of a seed.
	// Default Code.
	Program Program
	// Instant lets no program wait: what it would log later is logged at once,
	// with the time that it would have. For a Clock that stands still.
	Instant bool
	// Webhooks delivers them. Default: a client of its own, 5 s per delivery.
	Webhooks *http.Client
}

func (c Config) withDefaults() Config {
	c.Base = "/" + strings.Trim(cmp.Or(c.Base, "/v5"), "/")
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	c.TokenLife = cmp.Or(c.TokenLife, time.Hour)
	c.LoginTokenLife = cmp.Or(c.LoginTokenLife, 5*time.Minute)
	c.PageSize = cmp.Or(c.PageSize, 20)
	c.MaxPageSize = cmp.Or(c.MaxPageSize, 100)
	c.Streams = cmp.Or(c.Streams, 1)
	c.StreamDevices = cmp.Or(c.StreamDevices, 8)
	c.StreamBuffer = cmp.Or(c.StreamBuffer, 1024)
	c.KeepAlive = cmp.Or(c.KeepAlive, 30*time.Second)
	c.LogLines = cmp.Or(c.LogLines, 1000)
	c.RequestsKept = cmp.Or(c.RequestsKept, 10_000)
	if c.Program == nil {
		c.Program = Code{}
	}
	if c.Webhooks == nil {
		c.Webhooks = &http.Client{Timeout: 5 * time.Second}
	}
	return c
}

// Sim is one simulated impCentral: an http.Handler and the hands of a test on
// what is behind it. Safe for concurrent use. Close it when done.
type Sim struct {
	cfg    Config
	clock  Clock
	ctx    context.Context //nolint:containedctx // it is the simulator's own life, ended by Close
	cancel context.CancelFunc
	work   sync.WaitGroup // webhooks, programs, open streams
	routes *router

	mu       sync.Mutex
	closed   bool
	changed  chan struct{} // closed and replaced whenever something that can be waited for happens
	st       *state
	streams  *table[stream]
	running  map[string]*run // programs by device id
	hooks    int             // deliveries under way
	limits   map[string]*rateWindow
	requests []*Request
	faults   []*Injected
}

// New makes an impCentral without any account: Seed or Load bring some.
func New(cfg Config) *Sim {
	cfg = cfg.withDefaults()
	ctx, cancel := context.WithCancel(context.Background()) //nolint:forbidigo // lives until Close
	return &Sim{
		cfg: cfg, clock: cfg.Clock, ctx: ctx, cancel: cancel,
		routes:  newRouter(),
		changed: make(chan struct{}),
		st:      newState(newIDSource(cfg.IDSeed)),
		streams: newTable[stream](), running: map[string]*run{}, limits: map[string]*rateWindow{},
	}
}

// Handler serves the API below Config.Base.
func (s *Sim) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Close ends all streams, programs, deliveries and held answers, and returns
// when they are gone. Requests after it are answered 503.
func (s *Sim) Close() {
	s.mu.Lock()
	s.closed = true
	s.closeStreams()
	s.cancel()
	s.notify()
	s.mu.Unlock()
	s.work.Wait()
	s.cfg.Webhooks.CloseIdleConnections()
}

// notify wakes all waiters; they look again at what they wait for.
func (s *Sim) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait returns when done says so. done is called with the lock held.
func (s *Sim) wait(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := done(), s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ctx.Done():
			return context.Cause(s.ctx)
		}
	}
}

// sleep waits by the simulator's clock; false: the context or the simulator ended.
func (s *Sim) sleep(ctx context.Context, d time.Duration) bool {
	t := s.clock.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C():
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}
