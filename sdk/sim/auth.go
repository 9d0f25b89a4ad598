package sim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// wrongPasswords is how often a one-time password may be entered wrongly
// before the login has to begin anew.
const wrongPasswords = 5

type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	ExpiresAt    string `json:"expires_at"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// authenticate finds the account of the access token.
func (c *call) authenticate() (*account, error) {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if token == "" || !strings.EqualFold(scheme, "Bearer") {
		return nil, unauthorized("Unauthorized", "An access token is needed.")
	}
	t := c.st.accessTokens.get(strings.TrimSpace(token))
	if t == nil {
		return nil, unauthorized("Unauthorized", "The access token is not valid.")
	}
	a := c.st.accounts.get(t.Account)
	if a == nil || !c.now.Before(t.Expires) {
		return nil, unauthorized("Unauthorized", "The access token has expired.")
	}
	return a, nil
}

// login is POST /auth: by password, or its second step by one-time password.
func (c *call) login() (*reply, error) {
	var in struct {
		ID         string `json:"id"`
		Password   string `json:"password"`
		LoginToken string `json:"login_token"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.LoginToken != "" {
		return c.loginOTP(in.LoginToken)
	}
	if in.ID == "" {
		return nil, invalid("The body needs an id and a password.")
	}
	a := c.st.accountNamed(in.ID)
	if a == nil || a.Password != in.Password {
		return nil, unauthorized("Login Failed", "The user name or the password is wrong.")
	}
	if a.OTP != "" {
		return nil, c.demandOTP(a)
	}
	return ok(c.issue(a, true)), nil
}

func (c *call) demandOTP(a *account) error {
	for _, t := range c.st.loginTokens.where(func(t *loginToken) bool { return !c.now.Before(t.Expires) }) {
		c.st.loginTokens.remove(t.ID)
	}
	t := &loginToken{
		ID:      c.st.ids.unused("login_token", shapeToken, c.st.loginTokens.has),
		Account: a.ID, Expires: c.now.Add(c.s.cfg.LoginTokenLife),
	}
	c.st.loginTokens.add(t.ID, t)
	f := fail(http.StatusForbidden, "One-Time Password Required", "This account needs a one-time password.")
	f.errors[0].Code = "PX200"
	f.errors[0].Meta = map[string]string{"login_token": t.ID, "expires_at": formatTime(t.Expires)}
	return f
}

func (c *call) loginOTP(token string) (*reply, error) {
	t := c.st.loginTokens.get(token)
	if t == nil || !c.now.Before(t.Expires) {
		return nil, unauthorized("Login Failed", "The login token is not valid any more.")
	}
	a := c.st.accounts.get(t.Account)
	if a == nil || c.r.Header.Get("X-Electricimp-OTP-Token") != a.OTP {
		if t.Wrong++; t.Wrong >= wrongPasswords {
			c.st.loginTokens.remove(token)
		}
		return nil, unauthorized("Login Failed", "The one-time password is wrong.")
	}
	c.st.loginTokens.remove(token)
	return ok(c.issue(a, true)), nil
}

// renew is POST /auth/token: by refresh token or login key. Unknown ones are
// 404, by which clients tell a revoked login from other trouble.
func (c *call) renew() (*reply, error) {
	var in struct {
		Token string `json:"token"`
		Key   string `json:"key"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Token != "":
		t := c.st.refreshTokens.get(in.Token)
		if t == nil || !c.st.accounts.has(t.Account) {
			return nil, fail(http.StatusNotFound, "Not Found", "The refresh token does not exist.")
		}
		used := c.now.UTC()
		t.LastUsed = &used
		return ok(c.issue(c.st.accounts.get(t.Account), false)), nil
	case in.Key != "":
		k := c.st.loginKeys.get(in.Key)
		if k == nil || !c.st.accounts.has(k.Account) {
			return nil, fail(http.StatusNotFound, "Not Found", "The login key does not exist.")
		}
		k.Usages++
		return ok(c.issue(c.st.accounts.get(k.Account), false)), nil
	}
	return nil, invalid("The body needs a token or a key.")
}

// issue makes an access token and, for a login by password, a refresh token.
func (c *call) issue(a *account, refresh bool) tokenAnswer {
	for _, t := range c.st.accessTokens.where(func(t *accessToken) bool { return c.now.Sub(t.Expires) > time.Hour }) {
		c.st.accessTokens.remove(t.ID)
	}
	t := &accessToken{
		ID:      c.st.ids.unused("access_token", shapeToken, c.st.accessTokens.has),
		Account: a.ID, Expires: c.now.Add(c.s.cfg.TokenLife).UTC(),
	}
	c.st.accessTokens.add(t.ID, t)
	out := tokenAnswer{AccessToken: t.ID, ExpiresIn: int(c.s.cfg.TokenLife.Seconds()), ExpiresAt: formatTime(t.Expires)}
	if refresh {
		r := &refreshToken{
			ID:      c.st.ids.unused("refresh_token_id", shapeUUID, nil),
			Token:   c.st.ids.unused("refresh_token", shapeToken, c.st.refreshTokens.has),
			Account: a.ID, Created: c.now.UTC(),
		}
		c.st.refreshTokens.add(r.Token, r)
		out.RefreshToken = r.Token
	}
	return out
}

// checkPassword guards changes of login keys.
func (c *call) checkPassword() error {
	switch c.r.Header.Get("X-Electricimp-Password") {
	case "":
		return fail(http.StatusForbidden, "Password Required", "The header X-Electricimp-Password is needed.")
	case c.me.Password:
		return nil
	}
	return fail(http.StatusForbidden, "Wrong Password", "The password is wrong.")
}

func (c *call) listRefreshTokens() (*reply, error) {
	mine := func(t *refreshToken) bool { return t.Account == c.me.ID }
	return list(c, c.st.refreshTokens, mine, func(t *refreshToken) resourceOut {
		return resourceOut{
			Type: "refresh_token", ID: t.ID, Links: c.self("/accounts/me/refresh_tokens/" + t.ID),
			Attributes: struct {
				Created  string  `json:"created_at"`
				LastUsed *string `json:"last_used_at"`
			}{formatTime(t.Created), formatTimePtr(t.LastUsed)},
		}
	})
}

func (c *call) deleteRefreshToken() (*reply, error) {
	id := c.params[0]
	found := c.st.refreshTokens.where(func(t *refreshToken) bool { return t.ID == id && t.Account == c.me.ID })
	if len(found) == 0 {
		return nil, notFound("refresh token", id)
	}
	c.st.refreshTokens.remove(found[0].Token)
	return noContent(), nil
}

// accountNamed finds by id, user name or email; an id does log in too.
func (st *state) accountNamed(name string) *account {
	if a := st.accounts.get(name); a != nil {
		return a
	}
	for a := range st.accounts.all() {
		if a.Username == name || a.Email != "" && strings.EqualFold(a.Email, name) {
			return a
		}
	}
	return nil
}

// ExpireTokens ends the life of all access tokens; refresh tokens and login
// keys still get new ones.
func (s *Sim) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.st.accessTokens.all() {
		t.Expires = s.clock.Now().UTC()
	}
}

// RevokeTokens forgets all access, refresh and login tokens, as if they had
// never been. Login keys stay.
func (s *Sim) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.accessTokens = newTable[accessToken]()
	s.st.refreshTokens = newTable[refreshToken]()
	s.st.loginTokens = newTable[loginToken]()
}

// shares says whether either of two accounts has let the other in.
func shares(a, b *account) bool {
	in := func(x *account, id string) bool {
		return slices.Contains(x.Collaborators, id) || slices.Contains(x.Readers, id)
	}
	return in(a, b.ID) || in(b, a.ID)
}
