package auth

import (
	"context"
	"errors"
	"time"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/sdk/fault"
)

// A token with less time left is renewed before it is used.
const leastLeft = 3 * time.Minute

// Login is the login of a run: an impcentral.TokenSource, safe for concurrent
// use.
type Login struct {
	env      Environment
	place    place
	endpoint string

	turn   chan struct{} // holds one value: whose turn it is may use the rest
	held   stored
	margin time.Duration
}

// Find finds the login that applies: the local auth file, the one that
// IMPT_AUTH_FILE_PATH names, the one in the IMPT_ variables, the global file.
// It makes no request. Errors are NotLoggedInKind, or FileKind for a file that
// is missing or corrupted.
func Find(env Environment) (*Login, error) {
	p, err := env.applies()
	if err != nil {
		return nil, err
	}
	l := &Login{env: env, place: p, turn: make(chan struct{}, 1), margin: leastLeft}
	l.turn <- struct{}{}
	if p.source == FromVariables {
		l.endpoint = env.variablesEndpoint()
		return l, nil
	}
	l.held, err = read(p)
	if err != nil {
		return nil, err
	}
	l.endpoint = l.held.endpoint
	return l, nil
}

func (e Environment) variablesEndpoint() string {
	if e.Variables.Endpoint != "" {
		return e.Variables.Endpoint
	}
	return DefaultEndpoint
}

// Endpoint is the URL of the API that the login is for.
func (l *Login) Endpoint() string { return l.endpoint }

// Source is where the login comes from.
func (l *Login) Source() Source { return l.place.source }

// String names the login without its secrets.
func (l *Login) String() string { return l.place.source.String() }

// GoString names the login without its secrets.
func (l *Login) GoString() string { return l.String() }

// Token returns an access token with at least three minutes left, renewed if
// need be.
func (l *Login) Token(ctx context.Context) (string, error) {
	if err := l.lock(ctx); err != nil {
		return "", err
	}
	defer l.unlock()
	if l.fresh(l.held) {
		return l.held.access, nil
	}
	return l.renew(ctx)
}

// Held is a source of the token that is there already: when it has expired,
// and for the login of variables, there is none. No request is made.
func (l *Login) Held() Held { return Held{l} }

// Held has the tokens of a login that is not renewed.
type Held struct{ login *Login }

var errNoToken = errors.New("there is no access token that is still good")

// Token is the token that is there.
func (h Held) Token(context.Context) (string, error) {
	if h.login.held.access == "" || !h.login.env.now().Before(h.login.held.expires) {
		return "", errNoToken
	}
	return h.login.held.access, nil
}

// Renew fails.
func (Held) Renew(context.Context, string) (string, error) { return "", errNoToken }

// Renew returns another token than stale, which impCentral refused. However
// many callers there are, in this process and in others, each stale token is
// renewed once.
func (l *Login) Renew(ctx context.Context, stale string) (string, error) {
	if err := l.lock(ctx); err != nil {
		return "", err
	}
	defer l.unlock()
	if l.held.access != stale && l.fresh(l.held) {
		return l.held.access, nil
	}
	return l.renew(ctx)
}

func (l *Login) lock(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Login) unlock() { l.turn <- struct{}{} }

func (l *Login) fresh(s stored) bool {
	return s.access != "" && s.expires.Sub(l.env.now()) >= l.margin
}

func (l *Login) renew(ctx context.Context) (string, error) {
	if l.place.source == FromVariables {
		return l.fromVariables(ctx)
	}
	if !l.held.renewable() {
		return "", withHints(fault.LoginExpired(l.place.which), l.place.hints)
	}
	unlock, err := lock(ctx, l.env.LockDir, l.place.file)
	if err != nil {
		return "", err
	}
	defer unlock()
	// Another process may have done it while we waited.
	now, err := read(l.place)
	if err != nil {
		return "", err
	}
	if now.endpoint != l.endpoint {
		// A new login, to another place: its token is not for this run.
		return "", withHints(fault.LoginRevoked(l.place.which, nil), l.place.hints)
	}
	renewed := now.access != l.held.access && now.expires.After(l.env.now())
	l.held = now
	if renewed {
		l.keepFor(now.expires)
		return now.access, nil
	}
	if !now.renewable() {
		return "", withHints(fault.LoginExpired(l.place.which), l.place.hints)
	}
	g, err := l.fromStored(ctx, now)
	if err != nil {
		return "", err
	}
	l.take(g)
	if err := atomicfile.Replace(l.place.file, l.held.encode(), atomicfile.Private); err != nil {
		return "", fileFault(l.place.shown, "open", err)
	}
	return g.access, nil
}

// fromStored asks for a new token with what the file has for it.
func (l *Login) fromStored(ctx context.Context, s stored) (grant, error) {
	var (
		g   grant
		err error
	)
	if s.refresh != "" {
		g, err = l.env.byRefresh(ctx, l.endpoint, s.refresh)
	} else {
		g, err = l.env.byKey(ctx, l.endpoint, s.key)
	}
	if f, ok := fault.Of(err); ok && (gone(err) || f.Kind == fault.NotFoundKind) {
		return grant{}, withHints(fault.LoginRevoked(l.place.which, err), l.place.hints)
	}
	return g, err
}

// fromVariables logs in, or renews what the first login of this run gave.
func (l *Login) fromVariables(ctx context.Context) (string, error) {
	g, err := l.anew(ctx)
	if err != nil {
		return "", err
	}
	l.take(g)
	if g.refresh != "" {
		l.held.refresh = g.refresh
	}
	return g.access, nil
}

func (l *Login) anew(ctx context.Context) (grant, error) {
	v := l.env.Variables
	if v.LoginKey != "" {
		g, err := l.env.byKey(ctx, l.endpoint, v.LoginKey)
		if f, ok := fault.Of(err); ok && f.Kind == fault.NotFoundKind {
			// Whoever asks for an entity must not take it for that.
			f.Kind = fault.NotLoggedInKind
		}
		return g, err
	}
	if l.held.refresh != "" {
		g, err := l.env.byRefresh(ctx, l.endpoint, l.held.refresh)
		if !gone(err) {
			return g, err
		}
	}
	if v.Password != nil {
		return l.env.byPassword(ctx, l.endpoint, v.User, *v.Password)
	}
	password, err := l.env.ask(ctx, askPassword)
	if err != nil {
		return grant{}, err
	}
	return l.env.byPassword(ctx, l.endpoint, v.User, password)
}

// take replaces the token that is held. The refresh token stays as it is.
func (l *Login) take(g grant) {
	l.held.access, l.held.expires = g.access, g.expires
	l.held.doc.Set("accessToken", g.access)
	l.held.doc.Set("expiresAt", g.expiresAt)
	l.keepFor(g.expires)
}

// keepFor uses a token that lives for less than three minutes for half of its
// life, instead of renewing it for every request.
func (l *Login) keepFor(expires time.Time) {
	l.margin = min(leastLeft, expires.Sub(l.env.now())/2)
}
