package impcentral_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
)

// dump gathers what debug output would show.
type dump struct {
	mu   sync.Mutex
	text []string
	raw  []string
}

func (d *dump) add(text string, raw any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = append(d.text, text)
	d.raw = append(d.raw, fmt.Sprintf("%#v", raw))
}

func (d *dump) Request(r impcentral.TraceRequest)   { d.add(r.Text(), r) }
func (d *dump) Response(r impcentral.TraceResponse) { d.add(r.Text(), r) }

func TestTraceLooksLikeThePeers(t *testing.T) {
	t.Parallel()
	server := newCloud(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Content-Type", "application/vnd.api+json")
		w.Header().Add("X-Two", "1")
		w.Header().Add("X-Two", "2")
		switch n {
		case 1:
			_, _ = w.Write([]byte(`{"data":[],"links":{"first":"x"}}`))
		case 2:
			w.WriteHeader(404)
			_, _ = w.Write([]byte(`{"errors":[{"status":"404","title":"Not Found","detail":"nope"}]}`))
		case 3:
			w.WriteHeader(204)
		default:
			w.WriteHeader(502)
			_, _ = w.Write([]byte("<html>\n\"bad\""))
		}
	})
	d := &dump{}
	c := newClient(t, impcentral.Config{Endpoint: server.URL + "/v5", Tokens: &tokens{}, Trace: d})
	_, err := c.Do(t.Context(), impcentral.Request{
		Method: "GET", Path: []string{"products"},
		Query: []impcentral.Param{{"filter[owner.id]", "acc1"}, {"page[number]", "1"}, {"page[size]", "100"}},
	})
	require.NoError(t, err)
	_, err = c.Do(t.Context(), impcentral.Request{
		Method: "PATCH", Path: []string{"products", "Zed"}, Body: []byte(`{"data":{"n":1.0}}`),
		Header: http.Header{"X-Electricimp-Password": {"secret-password"}},
	})
	require.Error(t, err)
	_, err = c.Do(t.Context(), impcentral.Request{Method: "DELETE", Path: []string{"products", "Zed"}})
	require.NoError(t, err)
	_, err = c.Do(t.Context(), impcentral.Request{Method: "POST", Path: []string{"auth"}, Body: []byte(`{"id":"u","password":"pw"}`)})
	require.Error(t, err)
	want := `Doing the request with options:
{
  "url": "URL/v5/products",
  "method": "GET",
  "headers": {
    "Content-type": "application/vnd.api+json",
    "Authorization": "[hidden]"
  },
  "json": true,
  "qs": {
    "filter[owner.id]": "acc1",
    "page[number]": 1,
    "page[size]": 100
  },
  "body": null,
  "qsStringifyOptions": {
    "arrayFormat": "repeat"
  },
  "forever": true
}

Response code: 200
Response headers: {
  "content-length": "33",
  "content-type": "application/vnd.api+json",
  "x-two": [
    "1",
    "2"
  ]
}
Response body: {
  "data": [],
  "links": {
    "first": "x"
  }
}
Doing the request with options:
{
  "url": "URL/v5/products/Zed",
  "method": "PATCH",
  "headers": {
    "Content-type": "application/vnd.api+json",
    "Authorization": "[hidden]",
    "X-Electricimp-Password": "[hidden]"
  },
  "json": true,
  "qs": null,
  "body": {
    "data": {
      "n": 1
    }
  },
  "qsStringifyOptions": {
    "arrayFormat": "repeat"
  },
  "forever": true
}

Response code: 404
Response headers: {
  "content-length": "65",
  "content-type": "application/vnd.api+json",
  "x-two": [
    "1",
    "2"
  ]
}
Response body: {
  "errors": [
    {
      "status": "404",
      "title": "Not Found",
      "detail": "nope"
    }
  ]
}
ERROR: HTTP/404: Not Found: nope
Doing the request with options:
{
  "url": "URL/v5/products/Zed",
  "method": "DELETE",
  "headers": {
    "Content-type": "application/vnd.api+json",
    "Authorization": "[hidden]"
  },
  "json": true,
  "qs": null,
  "body": null,
  "qsStringifyOptions": {
    "arrayFormat": "repeat"
  },
  "forever": true
}

Response code: 204
Response headers: {
  "content-type": "application/vnd.api+json",
  "x-two": [
    "1",
    "2"
  ]
}
Response body: undefined
Doing the request with options:
{
  "url": "URL/v5/auth",
  "method": "POST",
  "headers": {
    "Content-type": "application/json"
  },
  "json": true,
  "qs": null,
  "body": {
    "id": "u",
    "password": "[hidden]"
  },
  "qsStringifyOptions": {
    "arrayFormat": "repeat"
  },
  "forever": true
}

Response code: 502
Response headers: {
  "content-length": "12",
  "content-type": "application/vnd.api+json",
  "x-two": [
    "1",
    "2"
  ]
}
Response body: "<html>\n\"bad\""
ERROR: HTTP/502: impCentral API error HTTP/502`
	got := strings.ReplaceAll(strings.Join(d.text, "\n"), server.URL, "URL")
	require.Equal(t, want, got)
}

func TestSecretsAreInNoTrace(t *testing.T) {
	t.Parallel()
	const (
		token    = "access-token-0"
		granted  = "granted-access"
		refresh  = "granted-refresh"
		password = "the-password"
		otp      = "987654"
		half     = "half-a-login"
		key      = "0123456789abcdef"
		listed   = "fedcba9876543210"
		unbond   = "unbond-key-1"
		stream   = "7a6f-stream-id"
		short    = "abc"
	)
	answers := map[string]string{
		"POST /auth": `{"access_token":"` + granted + `","refresh_token":"` + refresh + `"}`,
		"POST /auth/token": `{"errors":[{"title":"Bad","detail":"token ` + refresh + " of " + half + " " + otp + ` is unknown",
			"status":"400","meta":{"login_token":"` + half + `"}}]}`,
		"GET /accounts/me/login_keys": `{"data":[{"type":"login_key","id":"` + listed + `","links":{"self":
			"https://x/v5/accounts/me/login_keys/` + listed + `"},"attributes":{"description":"` + listed + `"}},
			{"type":"login_key","id":"` + short + `","links":{"self":"/accounts/me/login_keys/` + short + `?a=b"}}],"links":{}}`,
		"PATCH /accounts/me/login_keys/" + key: "<html>" + password + " " + key + " /logstream/" + stream + "/d</html>",
		"POST /logstream": `{"data":{"type":"logstream","id":"` + stream + `","attributes":{"url":"https://x/` + stream +
			`?t=1"},"links":{"self":"https://x/logstream/` + stream + `"}}}`,
		"PUT /logstream/" + stream + "/d1":          `{"errors":[{"title":"No","detail":"` + stream + " " + token + `","status":"404"}]}`,
		"DELETE /devicegroups/g/relationships/devs": `{"errors":[{"title":"` + unbond + `","detail":"x","status":"400"}]}`,
	}
	server := newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session="+granted)
		w.Header().Set("X-Echo", r.Header.Get("Authorization")+r.Header.Get("X-Electricimp-Key"))
		w.Header().Set("Location", "/logstream/"+stream)
		body := answers[r.Method+" "+r.URL.Path]
		if strings.Contains(body, `"errors"`) {
			w.WriteHeader(400)
		}
		_, _ = w.Write([]byte(body))
	})
	d := &dump{}
	c := newClient(t, impcentral.Config{Endpoint: server.URL, Tokens: &tokens{}, Trace: d})
	login := func(path []string, body string, header http.Header) impcentral.Request {
		return impcentral.Request{Method: "POST", Path: path, Body: []byte(body), Header: header}
	}
	requests := []impcentral.Request{
		login([]string{"auth"}, `{"id":"me@example.com","password":"`+password+`"}`, nil),
		login([]string{"auth"}, `{"login_token":"`+half+`"}`, http.Header{"X-Electricimp-OTP-Token": {otp}}),
		login([]string{"auth", "token"}, `{"token":"`+refresh+`"}`, nil),
		login([]string{"auth", "token"}, `{"key":"`+key+`"}`, nil),
		get("accounts", "me", "login_keys"),
		{
			Method: "PATCH", Path: []string{"accounts", "me", "login_keys", key},
			Body:   []byte(`{"data":{"type":"login_key","id":"` + key + `"}}`),
			Header: http.Header{"X-Electricimp-Password": {password}},
		},
		{Method: "POST", Path: []string{"logstream"}},
		{Method: "PUT", Path: []string{"logstream", stream, "d1"}},
		{
			Method: "DELETE", Path: []string{"devicegroups", "g", "relationships", "devs"},
			Header: http.Header{"X-Electricimp-Key": {unbond}},
		},
	}
	for _, r := range requests {
		_, _ = c.Do(t.Context(), r)
	}
	require.Len(t, d.text, 2*len(requests))
	all := strings.Join(d.text, "\n") + strings.Join(d.raw, "\n")
	for _, secret := range []string{token, granted, refresh, password, otp, half, key, listed, unbond, stream, `"abc"`, "/abc"} {
		require.NotContains(t, all, secret)
	}
	require.Contains(t, all, "me@example.com")
	require.Contains(t, all, "/accounts/me/login_keys/[hidden]")
	require.Contains(t, all, "/logstream/[hidden]/d1")
	require.Contains(t, all, "/logstream\"")
}

func TestTokenIsInNoError(t *testing.T) {
	t.Parallel()
	serve := map[string]func(int, http.ResponseWriter, *http.Request){
		"status": answering(500, "x"),
		"shape":  answering(200, "x"),
		"closed": func(_ int, w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := http.NewResponseController(w).Hijack()
			_ = conn.Close()
		},
	}
	for name, handler := range serve {
		server := newCloud(t, handler)
		c := newClient(t, impcentral.Config{Endpoint: server.URL, Tokens: &tokens{}})
		_, err := c.Do(t.Context(), get("x"))
		f := faultOf(t, err)
		require.NotContains(t, fmt.Sprintf("%v %+v %#v %v", err, f, f, f.Cause), "access-token", name)
	}
}
