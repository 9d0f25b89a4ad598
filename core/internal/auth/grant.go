package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// What the user is asked for.
const (
	askPassword        = "password"
	askOneTimePassword = "one-time password"
)

// grant is a token that impCentral gave.
type grant struct {
	access    string
	expiresAt string // as impCentral wrote it, if it is readable
	expires   time.Time
	refresh   string
}

func (e Environment) ask(ctx context.Context, what string) (string, error) {
	if e.Ask == nil {
		return "", &fault.Fault{Kind: fault.NoTerminalKind, Sentence: fmt.Sprintf("The %s cannot be asked for.", what)}
	}
	return e.Ask(ctx, what, true)
}

// byPassword logs in as a user, by a second factor if impCentral wants one.
func (e Environment) byPassword(ctx context.Context, endpoint, user, password string) (grant, error) {
	if user == "" {
		return grant{}, fault.EmptyParameter("id")
	}
	g, err := e.post(ctx, endpoint, []string{"auth"}, nil,
		document.Field{Key: "id", Value: user}, document.Field{Key: "password", Value: password})
	token := secondFactor(err)
	if token == "" {
		return g, err
	}
	otp, err := e.ask(ctx, askOneTimePassword)
	if err != nil {
		return grant{}, err
	}
	if otp == "" {
		return grant{}, fault.EmptyParameter("otp")
	}
	return e.post(ctx, endpoint, []string{"auth"}, http.Header{"X-Electricimp-OTP-Token": {otp}},
		document.Field{Key: "login_token", Value: token})
}

// secondFactor is the token that a refusal gives when it wants a one-time
// password, else "".
func secondFactor(err error) string {
	f, ok := fault.Of(err)
	if !ok || f.Status != http.StatusForbidden {
		return ""
	}
	doc, parseErr := document.ParseObject(impcentral.Body(err))
	if parseErr != nil {
		return ""
	}
	value, _ := doc.Get("errors")
	list, _ := value.(document.List)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(document.Object)
	return first.Object("meta").Text("login_token")
}

// byKey logs in by a login key.
func (e Environment) byKey(ctx context.Context, endpoint, key string) (grant, error) {
	if key == "" {
		return grant{}, fault.EmptyParameter("loginKey")
	}
	g, err := e.post(ctx, endpoint, []string{"auth", "token"}, nil, document.Field{Key: "key", Value: key})
	if gone(err) {
		return grant{}, fault.NotFound(entity.LoginKey, key)
	}
	return g, err
}

// byRefresh renews a token.
func (e Environment) byRefresh(ctx context.Context, endpoint, refresh string) (grant, error) {
	return e.post(ctx, endpoint, []string{"auth", "token"}, nil, document.Field{Key: "token", Value: refresh})
}

func gone(err error) bool {
	f, ok := fault.Of(err)
	return ok && f.Status == http.StatusNotFound
}

func (e Environment) post(
	ctx context.Context, endpoint string, path []string, header http.Header, body ...document.Field,
) (grant, error) {
	resp, err := e.Connect(endpoint).Do(ctx, impcentral.Request{
		Method: http.MethodPost, Path: path, Header: header, Body: document.Encode(document.Object(body)),
	})
	if err != nil {
		return grant{}, err
	}
	g, err := e.readGrant(resp.Body)
	if err != nil {
		return grant{}, fault.UnexpectedAnswer(err)
	}
	return g, nil
}

// readGrant reads the answer to a login. Its errors do not quote the answer.
func (e Environment) readGrant(body []byte) (grant, error) {
	doc, err := document.ParseObject(body)
	if err != nil {
		return grant{}, errors.New("the answer to the login is no JSON object")
	}
	g := grant{access: doc.Text("access_token"), refresh: doc.Text("refresh_token")}
	if g.access == "" {
		return grant{}, errors.New("the answer to the login has no token")
	}
	at, _ := doc.Get("expires_at")
	if t, ok := parseTime(at); ok {
		g.expires = t
		if g.expiresAt, ok = at.(string); !ok {
			g.expiresAt = formatTime(t)
		}
		return g, nil
	}
	in, _ := doc.Get("expires_in")
	seconds, ok := seconds(in)
	if !ok {
		return grant{}, errors.New("the answer to the login does not say when the token expires")
	}
	g.expires = e.now().Add(seconds)
	g.expiresAt = formatTime(g.expires)
	return g, nil
}
