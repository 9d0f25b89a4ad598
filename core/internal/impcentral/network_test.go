package impcentral_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
)

const accessFailed = "Access to impCentral failed or timed out. Please check your network connection."

// rawServer answers every connection with a function, and counts them.
func rawServer(t *testing.T, serve func(net.Conn)) (address string, connections *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	connections = &atomic.Int64{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer func() { _ = conn.Close() }()
				serve(conn)
			}()
		}
	}()
	return l.Addr().String(), connections
}

// saying reads a request and answers with a text.
func saying(text string) func(net.Conn) {
	return func(conn net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		_, _ = io.WriteString(conn, text)
	}
}

func reset(text string) func(net.Conn) {
	return func(conn net.Conn) {
		saying(text)(conn)
		_ = conn.(*net.TCPConn).SetLinger(0)
	}
}

func TestSentencesOfTheNetwork(t *testing.T) {
	t.Parallel()
	const header = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
	cases := map[string]struct {
		serve func(net.Conn)
		want  string
		tries int // of a GET
	}{
		"closed before an answer": {saying(""), "Request error: Error: socket hang up.", 4},
		"closed in the header":    {saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), "Request error: Error: socket hang up.", 4},
		"closed in the body":      {saying(header + `{"data"`), "Request error: Error: aborted.", 4},
		"no HTTP": {
			saying("SSH-2.0-OpenSSH\r\n"),
			"Request error: Error: the answer is not HTTP.", 1,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for method, tries := range map[string]int{"GET": tc.tries, "POST": 1, "DELETE": 1, "PATCH": 1} {
				address, connections := rawServer(t, tc.serve)
				c := newClient(t, impcentral.Config{Endpoint: "http://" + address, Tokens: &tokens{}})
				_, err := c.Do(t.Context(), impcentral.Request{Method: method, Path: []string{"x"}, Body: []byte("{}")})
				f := faultOf(t, err)
				require.Equal(t, tc.want, f.Error())
				require.Equal(t, fault.UnreachableKind, f.Kind)
				require.EqualValues(t, tries, connections.Load(), method)
			}
		})
	}
}

func TestResetConnectionIsNoAccess(t *testing.T) {
	t.Parallel()
	address, connections := rawServer(t, reset(""))
	c := newClient(t, impcentral.Config{Endpoint: "http://" + address})
	_, err := c.Do(t.Context(), get("x"))
	require.Equal(t, accessFailed, faultOf(t, err).Error())
	require.EqualValues(t, 4, connections.Load())
}

func TestRefusedConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	clock := newClock()
	c := newClient(t, impcentral.Config{Endpoint: "http://" + address, Clock: clock})
	_, err = c.Do(t.Context(), get("x"))
	require.Equal(t, "Request error: Error: connect ECONNREFUSED "+address+".", faultOf(t, err).Error())
	require.Empty(t, clock.Waits())
	for _, endpoint := range []string{"http://" + address, "https://" + address} {
		proxied := newClient(t, impcentral.Config{
			Endpoint: endpoint,
			Proxy:    impcentral.Proxies{HTTP: "http://user:secret-word@" + address}.For,
		})
		_, err = proxied.Do(t.Context(), get("x"))
		want := "Request error: Error: connect ECONNREFUSED " + address + "."
		if strings.HasPrefix(endpoint, "https") {
			want = "Request error: Error: tunneling socket could not be established, " +
				"cause=connect ECONNREFUSED " + address + "."
		}
		f := faultOf(t, err)
		require.Equal(t, want, f.Error())
		require.NotContains(t, fmt.Sprint(f.Cause), "secret-word")
	}
}

func TestEndpointThatIsNoAddress(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"nonsense", "", "ftp://host/v5", "http://", "http://host:99999999999/", "://", "http://[::1"} {
		c := newClient(t, impcentral.Config{Endpoint: endpoint})
		_, err := c.Do(t.Context(), get("x"))
		require.Equal(t, fault.UnreachableKind, faultOf(t, err).Kind, endpoint)
		c.Warm(t.Context())
	}
}

func TestSilentServerIsGivenUp(t *testing.T) {
	t.Parallel()
	cases := map[string]func(net.Conn, <-chan struct{}){
		"no header": func(conn net.Conn, end <-chan struct{}) {
			saying("")(conn)
			<-end
		},
		"body stalls": func(conn net.Conn, end <-chan struct{}) {
			saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")(conn)
			<-end
		},
	}
	for name, serve := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, connections := rawServer(t, func(conn net.Conn) { serve(conn, t.Context().Done()) })
			c := newClient(t, impcentral.Config{Endpoint: "http://" + address, Limits: impcentral.Limits{
				Header: 50 * time.Millisecond, Stall: 50 * time.Millisecond,
			}})
			_, err := c.Do(t.Context(), get("x"))
			require.Equal(t, accessFailed, faultOf(t, err).Error())
			require.EqualValues(t, 1, connections.Load())
		})
	}
}

func TestEndlessBodyIsCut(t *testing.T) {
	t.Parallel()
	server := newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Limits: impcentral.Limits{Body: 1 << 20}})
	_, err := c.Do(t.Context(), get("x"))
	require.Equal(t, "Internal error: Unexpected format of impCentral response.", faultOf(t, err).Error())
	require.Len(t, server.Seen(), 1)
}

func TestTokenStaysAtItsOrigin(t *testing.T) {
	t.Parallel()
	var other *cloud
	elsewhere := newCloud(t, func(n int, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("back") != "" && n == 1 {
			http.Redirect(w, r, r.URL.Query().Get("back"), http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(empty))
	})
	other = elsewhere
	server := newCloud(t, func(n int, w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/away"):
			http.Redirect(w, r, other.URL+"/x", http.StatusTemporaryRedirect)
		case strings.HasPrefix(r.URL.Path, "/name"): // the same machine by another name
			u, _ := url.Parse("http://" + r.Host)
			http.Redirect(w, r, "http://localhost:"+u.Port()+"/here", http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/trip"):
			http.Redirect(w, r, other.URL+"/x?back="+url.QueryEscape("http://"+r.Host+"/here"), http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/moved"):
			http.Redirect(w, r, "/here", http.StatusMovedPermanently)
		default:
			_, _ = w.Write([]byte(empty))
		}
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Tokens: &tokens{}})
	for _, path := range []string{"away", "trip", "moved", "name"} {
		_, err := c.Do(t.Context(), impcentral.Request{
			Method: http.MethodGet, Path: []string{path}, Header: http.Header{"X-Electricimp-Key": {"key"}},
		})
		require.NoError(t, err)
	}
	for _, s := range other.Seen() {
		require.Empty(t, s.header.Get("Authorization"))
		require.Empty(t, s.header.Get("X-Electricimp-Key"))
	}
	withToken := map[string]bool{}
	for _, s := range server.Seen() {
		withToken[s.uri] = withToken[s.uri] || s.header.Get("Authorization") != ""
	}
	require.Equal(t, map[string]bool{"/away": true, "/trip": true, "/moved": true, "/here": true, "/name": true}, withToken)
	// Of the three that came to /here only the one that never left has it.
	here := 0
	for _, s := range server.Seen() {
		if s.uri == "/here" && s.header.Get("Authorization") != "" {
			here++
		}
	}
	require.Equal(t, 1, here)
}

func TestOnlyGetIsSentOn(t *testing.T) {
	t.Parallel()
	server := newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/again")
		w.WriteHeader(http.StatusPermanentRedirect)
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Tokens: &tokens{}})
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		_, err := c.Do(t.Context(), impcentral.Request{Method: method, Path: []string{"x"}})
		require.Equal(t, "impCentral API error HTTP/308.", faultOf(t, err).Error())
	}
	require.Len(t, server.Seen(), 4)
	_, err := c.Do(t.Context(), get("x"))
	require.Equal(t, "impCentral API error HTTP/308.", faultOf(t, err).Error())
	require.Len(t, server.Seen(), 4+11)
}

func TestProxyChoice(t *testing.T) {
	t.Parallel()
	both := impcentral.Proxies{HTTPS: "http://s:1", HTTP: "http://p:2"}
	with := func(none string) impcentral.Proxies { b := both; b.None = none; return b }
	cases := []struct {
		name    string
		proxies impcentral.Proxies
		target  string
		want    string
	}{
		{"none", impcentral.Proxies{}, "https://api.test/x", ""},
		{"https", both, "https://api.test/x", "http://s:1"},
		{"http", both, "http://api.test/x", "http://p:2"},
		{"https by the other", impcentral.Proxies{HTTP: "http://p:2"}, "https://api.test/x", "http://p:2"},
		{"http not by the other", impcentral.Proxies{HTTPS: "http://s:1"}, "http://api.test/x", ""},
		{"this machine too", both, "http://127.0.0.1:80/", "http://p:2"},
		{"spared by all", with("*"), "https://api.test/x", ""},
		{"spared by name", with("foo, API.test"), "https://api.test/x", ""},
		{"spared by domain", with("test"), "https://api.test/x", ""},
		{"spared by dotted domain", with(".test"), "https://api.test/x", ""},
		{"spared by starred domain", with("*.test"), "https://api.test/x", ""},
		{"not by a part", with("pi.test"), "https://api.test/x", "http://s:1"},
		{"by port", with("test:443"), "https://api.test/x", ""},
		{"by other port", with("test:8443"), "https://api.test/x", "http://s:1"},
		{"by address", with("127.0.0.1"), "http://127.0.0.1:99/", ""},
		{"by network", with("10.0.0.0/8"), "http://10.1.2.3/", ""},
		{"by other network", with("10.0.0.0/8"), "http://11.1.2.3/", "http://p:2"},
		{"by address 6", with("[::1]:80"), "http://[::1]/", ""},
		{"by plain address 6", with("::1"), "http://[::1]/", ""},
		{"empty entries", with(",, ."), "http://x/", "http://p:2"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tc.target, nil)
			require.NoError(t, err)
			u, err := tc.proxies.For(r)
			require.NoError(t, err)
			got := ""
			if u != nil {
				got = u.String()
			}
			require.Equal(t, tc.want, got)
		})
	}
	for _, value := range []string{"proxy.example.net:80", "user:secret-word@host", "http://user:secret-word@%zz", "ftp://user:secret-word@h"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://x/", nil)
		require.NoError(t, err)
		_, err = impcentral.Proxies{HTTP: value}.For(r)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "secret-word")
	}
}

func TestProxies(t *testing.T) {
	t.Parallel()
	cert, self := certificate(t, nil, isAuthority)
	secure := secureServer(t, cert)
	roots := x509.NewCertPool()
	roots.AddCert(self.cert)
	var plain, tunnels atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			plain.Add(1)
			_, _ = w.Write([]byte(empty))
			return
		}
		if r.Header.Get("Proxy-Authorization") == "" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		tunnels.Add(1)
		to, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		from, _, _ := http.NewResponseController(w).Hijack()
		_, _ = io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}))
	t.Cleanup(proxy.Close)
	withUser := "http://user:pw@" + strings.TrimPrefix(proxy.URL, "http://")

	c := newClient(t, impcentral.Config{Endpoint: secure.URL, Roots: roots, Proxy: impcentral.Proxies{HTTP: withUser}.For})
	c.Warm(t.Context())
	_, err := c.Do(t.Context(), get("x"))
	require.NoError(t, err)
	require.EqualValues(t, 1, tunnels.Load())

	refused := newClient(t, impcentral.Config{Endpoint: secure.URL, Roots: roots, Proxy: impcentral.Proxies{HTTPS: proxy.URL}.For})
	_, err = refused.Do(t.Context(), get("x"))
	require.Equal(t, "Request error: Error: tunneling socket could not be established, statusCode=407.", faultOf(t, err).Error())

	direct := newClient(t, impcentral.Config{Endpoint: "http://nowhere.invalid", Proxy: impcentral.Proxies{HTTP: proxy.URL}.For})
	_, err = direct.Do(t.Context(), get("x"))
	require.NoError(t, err)
	require.EqualValues(t, 1, plain.Load())
}

func TestWarmConnectionIsTheFirstRequests(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"http", "https"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests, connections atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				_, _ = w.Write([]byte(empty))
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
				if s == http.StateNew {
					connections.Add(1)
				}
			}
			cfg := impcentral.Config{}
			if name == "https" {
				server.StartTLS()
				cfg.Roots = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
			} else {
				server.Start()
			}
			t.Cleanup(server.Close)
			cfg.Endpoint = server.URL
			c := newClient(t, cfg)
			c.Warm(t.Context())
			c.Warm(t.Context())
			require.Zero(t, requests.Load())
			for range 3 {
				_, err := c.Do(t.Context(), get("x"))
				require.NoError(t, err)
			}
			require.EqualValues(t, 3, requests.Load())
			require.EqualValues(t, 1, connections.Load())
			// One that nobody takes is closed with the client.
			unused := newClient(t, cfg)
			unused.Warm(t.Context())
			unused.Close()
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			newClient(t, cfg).Warm(ctx)
			require.EqualValues(t, 3, requests.Load())
		})
	}
}
