package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

const noToken = "Authorization: "

var start2030 = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

func TestLoginByPassword(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	c := start(t, sim.Config{Clock: clock}, house)
	for _, id := range []string{"ann", "ann@example.com"} {
		r := c.want(200, "POST", "/auth", `{"id": "`+id+`", "password": "ann"}`, noToken)
		equal(t, "media type", r.header.Get("Content-Type"), "application/json")
		equal(t, "expires_in", r.get("expires_in"), any(3600.0))
		equal(t, "expires_at", r.str("expires_at"), "2030-01-02T04:04:05.000Z")
		me := c.want(200, "GET", "/accounts/me", "", "Authorization: Bearer "+r.str("access_token"))
		equal(t, "account", me.str("data.id"), "a-ann")
		renewed := c.want(200, "POST", "/auth/token", `{"token": "`+r.str("refresh_token")+`"}`, noToken)
		if renewed.str("access_token") == r.str("access_token") || renewed.get("refresh_token") != nil {
			t.Errorf("renewed: %s", renewed.text)
		}
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	for _, test := range []struct {
		path, body, says string
		status           int
	}{
		{"/auth", `{"id": "ann", "password": "nope"}`, "Login Failed", 401},
		{"/auth", `{"id": "nobody", "password": "x"}`, "Login Failed", 401},
		{"/auth", `{"password": "x"}`, "needs an id", 400},
		{"/auth", ``, "needs a body", 400},
		{"/auth", `{"id": `, "not what is expected", 400},
		{"/auth", `{"login_token": "unknown"}`, "not valid any more", 401},
		{"/auth/token", `{"token": "unknown"}`, "refresh token", 404},
		{"/auth/token", `{"key": "unknown"}`, "login key", 404},
		{"/auth/token", `{}`, "needs a token or a key", 400},
	} {
		c.refuse(test.status, test.says, "POST", test.path, test.body, noToken)
	}
	c.refuse(415, "application/json", "POST", "/auth", `{"id": "ann", "password": "ann"}`, "Content-Type: text/plain")
}

func TestAccessTokens(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	c := start(t, sim.Config{Clock: clock, TokenLife: time.Minute}, house)
	c.refuse(401, "token is needed", "GET", "/accounts/me", "", noToken)
	c.refuse(401, "not valid", "GET", "/accounts/me", "", "Authorization: Bearer x")
	c.want(200, "GET", "/accounts/me", "")
	clock.Advance(59 * time.Second)
	c.want(200, "GET", "/accounts/me", "")
	clock.Advance(time.Second)
	c.refuse(401, "expired", "GET", "/accounts/me", "")

	login := c.want(200, "POST", "/auth", `{"id": "ann", "password": "ann"}`)
	fresh := "Authorization: Bearer " + login.str("access_token")
	c.ExpireTokens()
	c.refuse(401, "expired", "GET", "/accounts/me", "", fresh)
	c.want(200, "POST", "/auth/token", `{"token": "`+login.str("refresh_token")+`"}`)
	c.RevokeTokens()
	c.refuse(401, "not valid", "GET", "/accounts/me", "", fresh)
	c.refuse(404, "refresh token", "POST", "/auth/token", `{"token": "`+login.str("refresh_token")+`"}`)
}

func TestOneTimePassword(t *testing.T) {
	t.Parallel()
	clock := sim.NewManualClock(start2030)
	c := start(t, sim.Config{Clock: clock}, `{"accounts": [{"username": "eve", "otp": "1234"}]}`)
	demand := func() string {
		r := c.refuse(403, "one-time password", "POST", "/auth", `{"id": "eve", "password": "eve"}`)
		equal(t, "code", r.str("errors.0.code"), "PX200")
		equal(t, "expires_at", r.str("errors.0.meta.expires_at"), clock.Now().Add(5*time.Minute).Format("2006-01-02T15:04:05.000Z"))
		return `{"login_token": "` + r.str("errors.0.meta.login_token") + `"}`
	}
	token := demand()
	c.refuse(401, "one-time password is wrong", "POST", "/auth", token, "X-Electricimp-OTP-Token: 9")
	r := c.want(200, "POST", "/auth", token, "X-Electricimp-OTP-Token: 1234")
	if r.str("access_token") == "" || r.str("refresh_token") == "" {
		t.Errorf("no tokens: %s", r.text)
	}
	c.refuse(401, "not valid any more", "POST", "/auth", token, "X-Electricimp-OTP-Token: 1234")

	token = demand()
	clock.Advance(5 * time.Minute)
	c.refuse(401, "not valid any more", "POST", "/auth", token, "X-Electricimp-OTP-Token: 1234")

	token = demand()
	for range 5 {
		c.refuse(401, "is wrong", "POST", "/auth", token)
	}
	c.refuse(401, "not valid any more", "POST", "/auth", token, "X-Electricimp-OTP-Token: 1234")
}

func TestRefreshTokens(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	login := c.want(200, "POST", "/auth", `{"id": "ann", "password": "ann"}`)
	r := c.want(200, "GET", "/accounts/me/refresh_tokens", "")
	equal(t, "type", r.str("data.0.type"), "refresh_token")
	if strings.Contains(r.text, login.str("refresh_token")) {
		t.Error("the list shows the secret")
	}
	equal(t, "of others", c.want(200, "GET", "/accounts/me/refresh_tokens", "", as("bob")).ids(), "")
	id := r.str("data.0.id")
	c.refuse(404, "refresh token", "DELETE", "/accounts/me/refresh_tokens/"+id, "", as("bob"))
	c.want(204, "DELETE", "/accounts/me/refresh_tokens/"+id, "")
	c.want(404, "DELETE", "/accounts/me/refresh_tokens/"+id, "")
	c.want(404, "POST", "/auth/token", `{"token": "`+login.str("refresh_token")+`"}`)
}

func TestLoginKeys(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	const path, password = "/accounts/me/login_keys", "X-Electricimp-Password: ann"
	c.refuse(403, "is needed", "POST", path, data("login_key", "", `{}`, ""))
	c.refuse(403, "wrong", "POST", path, data("login_key", "", `{}`, ""), "X-Electricimp-Password: no")
	c.refuse(400, "description", "POST", path, data("login_key", "", `{"description": 1}`, ""), password)
	r := c.want(201, "POST", path, data("login_key", "", `{"description": "ci"}`, ""), password)
	key := r.str("data.id")
	if len(key) != 16 {
		t.Errorf("key %q", key)
	}
	c.want(200, "POST", "/auth/token", `{"key": "`+key+`"}`, noToken)
	r = c.want(200, "GET", path+"/"+key, "")
	equal(t, "usages", r.get("data.attributes.usages"), any(1.0))
	c.want(404, "GET", path+"/"+key, "", as("bob"))
	c.want(403, "PATCH", path+"/"+key, data("login_key", key, `{"description": "x"}`, ""))
	c.want(409, "PATCH", path+"/"+key, data("login_key", "other", `{"description": "x"}`, ""), password)
	r = c.want(200, "PATCH", path+"/"+key, data("login_key", key, `{"description": null}`, ""), password)
	equal(t, "description", r.get("data.attributes.description"), nil)
	for range 9 {
		c.want(201, "POST", path, data("login_key", "", "", ""), password)
	}
	c.refuse(409, "10 login keys", "POST", path, data("login_key", "", "", ""), password)
	equal(t, "keys", len(strings.Fields(c.want(200, "GET", path, "").ids())), 10)
	c.want(403, "DELETE", path+"/"+key, "")
	c.want(204, "DELETE", path+"/"+key, "", password)
	c.want(404, "POST", "/auth/token", `{"key": "`+key+`"}`)
}

func TestWhoSeesWhom(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	for who, sees := range map[string]string{
		"ann": "a-ann a-bob a-carol", "bob": "a-ann a-bob", "carol": "a-ann a-carol", "dave": "a-dave",
	} {
		equal(t, who, c.want(200, "GET", "/accounts", "", as(who)).ids(), sees)
	}
	c.want(200, "GET", "/accounts/a-ann", "", as("bob"))
	c.refuse(404, "account", "GET", "/accounts/a-ann", "", as("dave"))
	r := c.want(200, "GET", "/accounts/me", "")
	equal(t, "user name", r.str("data.attributes.username"), "ann")
	equal(t, "type", r.str("data.type"), "account")
	equal(t, "self", r.str("data.links.self"), c.base+"/accounts/a-ann")
}
