package impcentral

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A bundle that lacks the authority stands for a system whose directory of
// certificates has more than its bundle.
func TestUnknownAuthorityIsLookedForInTheWholeSystem(t *testing.T) {
	t.Parallel()
	requests := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		_, _ = w.Write([]byte(`{"data":{}}`))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	c := New(Config{Endpoint: server.URL})
	c.net.current = c.net.newTransport(x509.NewCertPool())
	c.net.all = func(Config) *x509.CertPool {
		return server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	}
	_, err := c.Do(t.Context(), Request{Method: http.MethodPost, Path: []string{"x"}, Body: []byte("{}")})
	require.NoError(t, err)
	require.Equal(t, 1, requests)
}

func TestReasonOfANameThatIsNotFound(t *testing.T) {
	t.Parallel()
	c := New(Config{Endpoint: "https://api.test"})
	cases := map[string]struct {
		err  error
		want string
	}{
		"unknown": {
			&net.DNSError{Name: "api.test", IsNotFound: true},
			"Request error: Error: getaddrinfo ENOTFOUND api.test.",
		},
		"no server": {
			&net.DNSError{Name: "api.test", IsTemporary: true},
			"Request error: Error: getaddrinfo EAI_AGAIN api.test.",
		},
		"no answer": {
			&net.DNSError{Name: "api.test", IsTimeout: true},
			"Access to impCentral failed or timed out. Please check your network connection.",
		},
		"no route": {syscall.EHOSTUNREACH, "Access to impCentral failed or timed out. Please check your network connection."},
		"else":     {errors.New("odd\x1b[31m\nthing"), "Request error: Error: odd[31mthing."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := &broken{connecting, fmt.Errorf("dialing: %w", &net.OpError{Op: "dial", Net: "tcp", Err: tc.err})}
			if name == "else" {
				err = &broken{connecting, tc.err}
			}
			require.Equal(t, tc.want, c.failure(t.Context(), err).Error())
		})
	}
}

// slow brings a byte a time, with a pause before each.
type slow struct {
	text  string
	pause time.Duration
	ctx   func() <-chan struct{}
}

func (s *slow) Read(p []byte) (int, error) {
	select {
	case <-time.After(s.pause):
	case <-s.ctx():
		return 0, io.ErrClosedPipe
	}
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], s.text)
	s.text = s.text[n:]
	return n, nil
}

func (*slow) Close() error { return nil }

func TestBodyMayBeSlowButNotStill(t *testing.T) {
	t.Parallel()
	for pause, want := range map[time.Duration]error{59 * time.Second: nil, 61 * time.Second: errStalled} {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			c := New(Config{})
			body, err := c.readBody(&http.Response{Body: &slow{"slow", pause, ctx.Done}}, stop)
			if want == nil {
				require.NoError(t, err)
				require.Equal(t, "slow", string(body))
				return
			}
			require.Error(t, err)
			require.ErrorIs(t, context.Cause(ctx), want)
		})
	}
}
