package impcentral

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"
)

// A connection that has waited longer may already have been closed at the
// other end, and a request that is the first on it would not be repeated.
const readyFor = 10 * time.Second

// ready is a connection that was opened ahead of its first request.
type ready struct {
	addr   string
	secure bool
	cancel context.CancelFunc
	done   chan struct{} // closed when conn is set, or stays nil
	conn   net.Conn
	at     time.Time
}

func (r *ready) discard() {
	r.cancel()
	<-r.done
	if r.conn != nil {
		_ = r.conn.Close()
	}
}

// Warm opens the connection that the first request will take, and reads the
// certificates that it needs. It makes no request, and fails silently: the
// request will find out. It returns when the connection is there.
func (c *Client) Warm(ctx context.Context) {
	endpoint, err := url.Parse(c.cfg.Endpoint)
	if err != nil || endpoint.Host == "" {
		return
	}
	c.net.warm(ctx, endpoint)
}

func (n *network) warm(ctx context.Context, endpoint *url.URL) {
	via, secure := endpoint, endpoint.Scheme == "https"
	if n.cfg.Proxy != nil {
		proxy, err := n.cfg.Proxy(&http.Request{URL: endpoint})
		if err != nil {
			return
		}
		if proxy != nil {
			via, secure = proxy, false
		}
	}
	o := originOf(via)
	if o.port == "" {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &ready{addr: net.JoinHostPort(o.host, o.port), secure: secure, cancel: cancel, done: make(chan struct{})}
	defer close(r.done)
	n.mu.Lock()
	if n.ready != nil {
		n.mu.Unlock()
		return
	}
	n.ready = r
	n.mu.Unlock()

	// For its certificates, also when the proxy does the rest.
	t := n.transport(endpoint.Scheme)
	d := net.Dialer{Timeout: n.cfg.Limits.Connect}
	if !secure {
		conn, err := d.DialContext(ctx, "tcp", r.addr)
		r.keep(conn, err)
		return
	}
	conn, err := shakeHands(ctx, &d, "tcp", r.addr, t.TLSClientConfig, n.cfg.Limits.TLS)
	if unknownAuthority(err) {
		if wider := n.widen(t); wider != nil {
			conn, err = shakeHands(ctx, &d, "tcp", r.addr, wider.TLSClientConfig, n.cfg.Limits.TLS)
		}
	}
	r.keep(conn, err)
}

func (r *ready) keep(conn net.Conn, err error) {
	if err == nil {
		r.conn, r.at = conn, time.Now()
	}
}

// take returns the connection that was opened ahead, if it is the one wanted
// and still fresh; it waits while that is being opened.
func (n *network) take(ctx context.Context, addr string, secure bool) net.Conn {
	n.mu.Lock()
	r := n.ready
	if r == nil || r.addr != addr || r.secure != secure {
		n.mu.Unlock()
		return nil
	}
	n.ready = nil
	n.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		go r.discard()
		return nil
	}
	if r.conn != nil && time.Since(r.at) > readyFor {
		_ = r.conn.Close()
		return nil
	}
	return r.conn
}
