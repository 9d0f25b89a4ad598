package source

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/fault"
)

const (
	maxRedirects = 5
	attempts     = 3
	// maxPause is how long a server may ask us to wait.
	maxPause = 10 * time.Second
)

// request is one GET.
type request struct {
	name    string // of the source, in messages
	url     string // without a login
	accept  string
	login   *login
	attempt time.Duration // for one try; 0 is as long as all
	limit   int64         // of the answer's body in bytes
}

// login is sent to its own origin alone.
type login struct {
	origin string
	header string
}

func newLogin(address string, header string) *login {
	u, err := url.Parse(address)
	if err != nil || header == "" {
		return nil
	}
	return &login{origin: origin(u), header: header}
}

// basic is the Authorization header of a user with a password.
func basic(user, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

// origin is scheme and host with port.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return strings.ToLower(u.Scheme) + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// statusError is an answer that is no success.
type statusError struct {
	status int
	header http.Header
	body   []byte
}

func (e *statusError) Error() string { return fmt.Sprintf("HTTP/%d", e.status) }

// A policyError is not worth another try.
type policyError string

func (e policyError) Error() string { return string(e) }

// authorized adds the login per request, after redirects were followed, so
// that it never reaches another host.
type authorized struct {
	next  http.RoundTripper
	login *login
}

func (a authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Referer") // would show secrets of URLs to other hosts
	r.Header.Del("Authorization")
	if a.login != nil && origin(r.URL) == a.login.origin {
		r.Header.Set("Authorization", a.login.header)
	}
	return a.next.RoundTrip(r)
}

// get fetches, again after failures that may pass. The error is a fault or a
// *statusError.
func (s *Sources) get(ctx context.Context, r request) ([]byte, error) {
	whole, cancel := context.WithTimeout(ctx, s.cfg.HTTP.Timeout)
	defer cancel()
	client := &http.Client{
		Transport: authorized{next: s.cfg.HTTP.Transport, login: r.login},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return policyError(fmt.Sprintf("more than %d redirects", maxRedirects))
			}
			if via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
				return policyError("redirected from https to " + next.URL.Scheme)
			}
			return nil
		},
	}
	for i := 1; ; i++ {
		body, err := s.try(whole, client, r)
		if err == nil {
			return body, nil
		}
		pause, again := pauseAfter(err, i)
		if again && i < attempts && whole.Err() == nil && s.cfg.Wait(whole, pause) == nil {
			s.cfg.Debug(fmt.Sprintf("fetching %s again after %s", r.name, plain(err)))
			continue
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("fetching %s: %w", r.name, ctx.Err())
		}
		return nil, s.explain(r, err)
	}
}

func (s *Sources) try(ctx context.Context, client *http.Client, r request) ([]byte, error) {
	if r.attempt > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.attempt)
		defer cancel()
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return nil, policyError("not a URL")
	}
	q.URL.User = nil
	q.Header.Set("User-Agent", s.cfg.HTTP.UserAgent)
	if r.accept != "" {
		q.Header.Set("Accept", r.accept)
	}
	a, err := client.Do(q)
	if err != nil {
		return nil, err
	}
	defer func() { _ = a.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(a.Body, r.limit+1))
	if err != nil && a.StatusCode < 400 {
		return nil, err
	}
	if a.StatusCode < 200 || a.StatusCode > 299 {
		return nil, &statusError{status: a.StatusCode, header: a.Header, body: body}
	}
	if int64(len(body)) > r.limit {
		return nil, policyError(tooLarge)
	}
	return body, nil
}

// pauseAfter says how long to wait before another try, and whether it is any
// use.
func pauseAfter(err error, attempt int) (time.Duration, bool) {
	pause := 250 * time.Millisecond << (attempt - 1)
	if _, ok := errors.AsType[policyError](err); ok {
		return 0, false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return 0, false
	}
	answer, ok := errors.AsType[*statusError](err)
	if !ok {
		return pause, true
	}
	switch answer.status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
		if seconds, err := strconv.Atoi(answer.header.Get("Retry-After")); err == nil {
			asked := time.Duration(seconds) * time.Second
			return asked, seconds >= 0 && asked <= maxPause
		}
		return pause, answer.status != http.StatusTooManyRequests
	default:
		return 0, false
	}
}

// explain makes the failure that the user reads, except of a status.
func (s *Sources) explain(r request, err error) error {
	if answer, ok := errors.AsType[*statusError](err); ok {
		return answer
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return failed(r.name, plain(err), err,
			"If the server has a certificate of your own authority, add that authority's certificate to the trusted ones.")
	}
	if timeout, ok := errors.AsType[net.Error](err); errors.Is(err, context.DeadlineExceeded) || ok && timeout.Timeout() {
		limit := s.cfg.HTTP.Timeout
		if r.attempt > 0 {
			limit = min(limit, r.attempt)
		}
		return failed(r.name, "timed out after "+seconds(limit), err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return failed(r.name, "the answer is truncated", err)
	}
	return failed(r.name, plain(err), err)
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}

// plain is an error without the URL, which may have secrets.
func plain(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err.Error()
	}
	return err.Error()
}

// asFault is the failure of an answer's status; what are its hints.
func asFault(name string, err error, hints ...string) error {
	answer, ok := errors.AsType[*statusError](err)
	if !ok {
		return err
	}
	f := failed(name, answer.Error(), answer, hints...)
	switch answer.status {
	case http.StatusNotFound:
		f.Kind = fault.NotFoundKind
	case http.StatusUnauthorized, http.StatusForbidden:
		f.Kind = fault.DeniedKind
	}
	return f
}
