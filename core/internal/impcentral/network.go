package impcentral

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// network is the connections of a client. Nothing is set up before it is
// needed.
type network struct {
	cfg Config
	all func(Config) *x509.CertPool // all that the system trusts

	mu      sync.Mutex
	current *http.Transport
	wide    bool // current trusts all that the system does
	ready   *ready
}

func newNetwork(cfg Config) *network { return &network{cfg: cfg, all: allRoots} }

// roundTrip makes one HTTP request. Errors are *broken.
func (n *network) roundTrip(
	ctx context.Context, method string, target *url.URL, header http.Header, body []byte,
) (*http.Response, error) {
	t := n.transport(target.Scheme)
	resp, err := trip(ctx, t, method, target, header, body)
	if unknownAuthority(err) {
		// The handshake failed, so nothing was sent yet.
		if wider := n.widen(t); wider != nil {
			return trip(ctx, wider, method, target, header, body)
		}
	}
	return resp, err
}

func trip(
	ctx context.Context, t *http.Transport, method string, target *url.URL, header http.Header, body []byte,
) (*http.Response, error) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), content)
	if err != nil {
		return nil, &broken{connecting, fmt.Errorf("making the request: %w", err)}
	}
	req.Header = header.Clone()
	resp, err := t.RoundTrip(req)
	switch {
	case err == nil:
		return resp, nil
	case connected.Load():
		return nil, &broken{waiting, err}
	default:
		return nil, &broken{connecting, err}
	}
}

func (n *network) transport(scheme string) *http.Transport {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.current == nil {
		var roots *x509.CertPool
		if scheme == "https" {
			roots, n.wide = firstRoots(n.cfg)
		}
		n.current = n.newTransport(roots)
	}
	return n.current
}

// widen replaces a transport that did not know an authority by one that knows
// all the system's, or returns nil if there is nothing more to know.
func (n *network) widen(used *http.Transport) *http.Transport {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.current != used {
		return n.current
	}
	if n.wide {
		return nil
	}
	n.current, n.wide = n.newTransport(n.all(n.cfg)), true
	used.CloseIdleConnections()
	return n.current
}

func (n *network) newTransport(roots *x509.CertPool) *http.Transport {
	config := &tls.Config{
		RootCAs:            roots,
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"http/1.1"},
		ClientSessionCache: tls.NewLRUClientSessionCache(0),
	}
	return &http.Transport{
		Proxy:                  n.cfg.Proxy,
		DialContext:            n.dial,
		DialTLSContext:         func(ctx context.Context, nw, addr string) (net.Conn, error) { return n.dialTLS(ctx, nw, addr, config) },
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    n.cfg.Limits.TLS,
		ResponseHeaderTimeout:  n.cfg.Limits.Header,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    16,
		MaxResponseHeaderBytes: 1 << 20,
		// One protocol: with HTTP/2 a log stream, and a lost connection,
		// would touch every other request.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			if resp.StatusCode != http.StatusOK {
				return &tunnelError{resp.StatusCode}
			}
			return nil
		},
	}
}

// tunnelError is a proxy that does not open a tunnel.
type tunnelError struct{ status int }

func (e *tunnelError) Error() string {
	return fmt.Sprintf("tunneling socket could not be established, statusCode=%d", e.status)
}

func (n *network) dial(ctx context.Context, nw, addr string) (net.Conn, error) {
	if conn := n.take(ctx, addr, false); conn != nil {
		return conn, nil
	}
	d := net.Dialer{Timeout: n.cfg.Limits.Connect}
	return d.DialContext(ctx, nw, addr)
}

func (n *network) dialTLS(ctx context.Context, nw, addr string, config *tls.Config) (net.Conn, error) {
	if conn := n.take(ctx, addr, true); conn != nil {
		return conn, nil
	}
	d := net.Dialer{Timeout: n.cfg.Limits.Connect}
	return shakeHands(ctx, &d, nw, addr, config, n.cfg.Limits.TLS)
}

func shakeHands(
	ctx context.Context, d *net.Dialer, nw, addr string, config *tls.Config, limit time.Duration,
) (net.Conn, error) {
	plain, err := d.DialContext(ctx, nw, addr)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		_ = plain.Close()
		return nil, fmt.Errorf("reading the address: %w", err)
	}
	config = config.Clone()
	config.ServerName = host
	conn := tls.Client(plain, config)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		return nil, fmt.Errorf("securing the connection: %w", err)
	}
	return conn, nil
}

func (n *network) close() {
	n.mu.Lock()
	t, r := n.current, n.ready
	n.ready = nil
	n.mu.Unlock()
	if r != nil {
		r.discard()
	}
	if t != nil {
		t.CloseIdleConnections()
	}
}

func unknownAuthority(err error) bool {
	_, ok := errors.AsType[x509.UnknownAuthorityError](err)
	return ok
}
