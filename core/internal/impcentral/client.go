package impcentral

import (
	"context"
	"net/http"
	"net/url"
)

// A Client makes requests to one endpoint. It is safe for concurrent use.
type Client struct {
	cfg    Config
	net    *network
	pace   *pace
	origin origin
	// secrets are for traces alone.
	secrets secrets
}

// New makes a client. It does no work that a request would not need: a wrong
// endpoint is told by the first request.
func New(cfg Config) *Client {
	cfg.Limits = cfg.Limits.orDefaults()
	cfg.UserAgent = or(cfg.UserAgent, "impt")
	if cfg.Clock == nil {
		cfg.Clock = SystemClock{}
	}
	if cfg.Jitter == nil {
		cfg.Jitter = spread
	}
	c := &Client{cfg: cfg, net: newNetwork(cfg), pace: &pace{clock: cfg.Clock}}
	if base, err := url.Parse(cfg.Endpoint); err == nil {
		c.origin = originOf(base)
	}
	return c
}

// Endpoint is the URL that the client's paths are below, as it was given.
func (c *Client) Endpoint() string { return c.cfg.Endpoint }

// Close closes the connections that rest.
func (c *Client) Close() { c.net.close() }

// Do makes one request and returns impCentral's answer. Errors are
// *fault.Fault: APIKind for an answer of another status (404 stays that: the
// caller knows which entity it is about), UnreachableKind without an answer;
// or the context's error, or the token source's.
//
// A refused token is renewed once. After a 429 the request is repeated within
// the limits; after a lost connection or a 502, 503 or 504, if repeating it
// cannot do anything twice.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	target, err := c.target(r)
	if err != nil {
		return Response{}, err
	}
	a, err := c.answer(ctx, r, target)
	if err != nil {
		return Response{}, err
	}
	if a.status < http.StatusOK || a.status >= http.StatusMultipleChoices {
		return Response{}, apiFault(a)
	}
	if err := checkShape(r, a); err != nil {
		return Response{}, err
	}
	return Response{Status: a.status, Header: a.header, Body: a.body}, nil
}

// answer makes the request as often as it takes to get an answer that stays.
func (c *Client) answer(ctx context.Context, r Request, target *url.URL) (answer, error) {
	var (
		token   string
		renewed bool
		err     error
		needs   = c.cfg.Tokens != nil && !r.isLogin()
		again   = attempts{c: c, method: r.Method}
	)
	for {
		if needs && !renewed {
			if token, err = c.cfg.Tokens.Token(ctx); err != nil {
				return answer{}, err
			}
		}
		a, failed := c.exchange(ctx, r, target, token)
		if failed == nil && a.status == http.StatusUnauthorized && needs && !renewed {
			renewed = true
			if token, err = c.cfg.Tokens.Renew(ctx, token); err != nil {
				return answer{}, err
			}
			continue
		}
		wait, repeat := again.next(a, failed)
		if !repeat || ctx.Err() != nil {
			return a, c.failure(ctx, failed)
		}
		if err := c.cfg.Clock.Wait(ctx, wait); err != nil {
			return answer{}, c.failure(ctx, err)
		}
	}
}
