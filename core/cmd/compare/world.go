package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// begin is the time in both simulators. It stands still, so that both programs
// see the same.
var begin = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

// Observation is everything that can be seen of a run, in a form that does not
// depend on addresses and directories.
type Observation struct {
	Out, Err string
	help     string // before it was masked in Out
	// Dumps are taken out of Out in debug mode.
	Dumps []string
	Exit  int
	// Files are those in the working directory and in the home, with mode
	// and content.
	Files    map[string]string
	Requests []string
	State    string
	// Before is the state at the begin.
	Before      string
	filesBefore map[string]string
	expand      func(string) string // of placeholders
}

// program is one of the two that are compared.
type program struct {
	path string
	env  []string
}

// world is what one run of one program gets.
type world struct {
	root, work, home string
	sim              *sim.Sim
	server           *httptest.Server
	names            map[string]string // of placeholders
	before           string

	mu       sync.Mutex
	requests []string
}

// observe runs a case once.
func (p program) observe(ctx context.Context, c *Case, args []string) (o *Observation, err error) {
	w, err := newWorld(c)
	if err != nil {
		return nil, err
	}
	defer w.close()
	filesBefore, err := w.files()
	if err != nil {
		return nil, err
	}
	r := run{world: w, program: p, c: c}
	for _, a := range args {
		r.args = append(r.args, w.expand(a))
	}
	if err := r.do(ctx); err != nil {
		return nil, err
	}
	o = &Observation{Out: w.plain(r.out()), Err: w.plain(r.err()), Exit: r.exit, Before: w.before, filesBefore: filesBefore, expand: w.expand}
	if o.Files, err = w.files(); err != nil {
		return nil, err
	}
	w.server.CloseClientConnections()
	if o.State, err = w.state(); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, q := range w.requests {
		o.Requests = append(o.Requests, w.plain(q))
	}
	slices.Sort(o.Requests)
	return o, nil
}

func newWorld(c *Case) (_ *world, err error) {
	w := &world{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.root, err = os.MkdirTemp("", "compare"); err != nil {
		return nil, err
	}
	w.work, w.home = filepath.Join(w.root, "work"), filepath.Join(w.root, "home")
	for _, d := range []string{w.work, w.home} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return nil, err
		}
	}
	if err := w.cloud(c); err != nil {
		return nil, err
	}
	return w, w.fill(c)
}

// cloud starts the simulator with the case's fixture.
func (w *world) cloud(c *Case) error {
	config := sim.Config{IDSeed: 7, TokenLife: 20 * 365 * 24 * time.Hour}
	if !c.live {
		config.Clock = sim.NewManualClock(begin)
	}
	w.sim = sim.New(config)
	seed, err := fs.ReadFile(embedded, "cases/"+c.Fixture+".json")
	if err != nil {
		return fmt.Errorf("the fixture: %w", err)
	}
	if err := w.sim.Seed(bytes.NewReader(seed)); err != nil {
		return fmt.Errorf("fixture %s: %w", c.Fixture, err)
	}
	if c.Expire {
		w.sim.ExpireTokens()
	}
	if c.Revoke {
		w.sim.RevokeTokens()
	}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	if w.before, err = w.state(); err != nil {
		return err
	}
	if err := w.nameAll(); err != nil {
		return err
	}
	for _, f := range c.Faults {
		f.Path = w.expand(f.Path)
		w.sim.Inject(f)
	}
	return nil
}

func (w *world) close() {
	if w.sim != nil {
		w.sim.Close()
	}
	if w.server != nil {
		w.server.Close()
	}
	_ = os.RemoveAll(w.root)
}

// serve records a request and passes it on.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = []byte(err.Error())
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	w.requests = append(w.requests, describe(r, body))
	w.mu.Unlock()
	w.sim.Handler().ServeHTTP(rw, r)
}

// describe writes a request down so that equal ones look the same: how a path
// is escaped, the order of the query and of the body's keys do not matter.
func describe(r *http.Request, body []byte) string {
	segments := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/v5"), "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = strings.ReplaceAll(plain, "/", "%2F")
		}
	}
	text := r.Method + " " + strings.Join(segments, "/")
	query := r.URL.Query()
	for _, key := range slices.Sorted(func(yield func(string) bool) {
		for k := range query {
			if !yield(k) {
				return
			}
		}
	}) {
		text += fmt.Sprintf(" %s=%s", key, strings.Join(query[key], ","))
	}
	for _, h := range []string{"X-Electricimp-Key", "X-Electricimp-Otp-Token", "X-Electricimp-Password", "Last-Event-Id"} {
		if v := r.Header.Get(h); v != "" {
			text += fmt.Sprintf(" %s: %s", h, v)
		}
	}
	if r.Header.Get("Authorization") == "" {
		text += " (no token)"
	}
	if t := bytes.TrimSpace(body); len(t) > 0 && string(t) != "null" {
		text += " " + canonical(t)
	}
	return text
}

// canonical is JSON with sorted keys; what is no JSON stays as it is.
func canonical(text []byte) string {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return string(text)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return string(text)
	}
	return strings.TrimSpace(b.String())
}

var stamps = regexp.MustCompile(`"20\d\d-\d\d-\d\dT[0-9:.]+Z"`)

// state is what is in impCentral. Times that were not there at the begin are
// masked, because they follow the order of requests that race.
func (w *world) state() (string, error) {
	var b bytes.Buffer
	if err := w.sim.Save(&b); err != nil {
		return "", err
	}
	var sections map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &sections); err != nil {
		return "", err
	}
	// How many ids were drawn also counts errors.
	delete(sections, "ids_drawn")
	delete(sections, "last_stamp")
	text, err := json.MarshalIndent(sections, "", "  ")
	if err != nil {
		return "", err
	}
	masked := stamps.ReplaceAllStringFunc(string(text), func(t string) string {
		if w.before == "" || strings.Contains(w.before, t) {
			return t
		}
		return `"@now"`
	})
	return masked, nil
}

// nameAll finds what the placeholders stand for.
func (w *world) nameAll() error {
	var s struct {
		Accounts []struct{ ID, Username string }
		Products []struct{ ID, Name string }
		Groups   []struct{ ID, Name, Product string } `json:"devicegroups"`
		Devices  []struct {
			ID, Name string
			MAC      string `json:"mac_address"`
			Agent    string `json:"agent_id"`
		}
		Deployments []struct {
			ID, SHA string
			Tags    []string
		}
		Hooks []struct{ ID, URL string } `json:"webhooks"`
	}
	if err := json.Unmarshal([]byte(w.before), &s); err != nil {
		return err
	}
	w.names = map[string]string{
		"@work": w.work, "@home": w.home, "@endpoint": w.server.URL + "/v5", "@host": strings.TrimPrefix(w.server.URL, "http://"),
	}
	products := map[string]string{}
	for _, a := range s.Accounts {
		w.names["@account:"+a.Username] = a.ID
	}
	for _, p := range s.Products {
		products[p.ID] = p.Name
		w.names["@product:"+p.Name] = p.ID
	}
	for _, g := range s.Groups {
		w.names["@dg:"+g.Name] = g.ID
		w.names["@dg:"+products[g.Product]+"/"+g.Name] = g.ID
	}
	for _, d := range slices.Backward(s.Devices) { // of two with a name the first
		w.names["@device:"+d.Name], w.names["@mac:"+d.Name], w.names["@agent:"+d.Name] = d.ID, d.MAC, d.Agent
	}
	for _, d := range s.Deployments {
		for _, t := range d.Tags {
			w.names["@build:"+t], w.names["@sha:"+t] = d.ID, d.SHA
		}
	}
	for _, h := range s.Hooks {
		w.names["@hook:"+h.URL[strings.LastIndex(h.URL, "/")+1:]] = h.ID
	}
	return nil
}

var placeholder = regexp.MustCompile(`@[a-z]+(:[A-Za-z0-9_/-]+)?`)

// expand puts ids and directories in the place of placeholders.
func (w *world) expand(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if v, ok := w.names[name]; ok {
			return v
		}
		return name
	})
}

// plain is the opposite for what differs between worlds.
func (w *world) plain(text string) string {
	host := strings.TrimPrefix(w.server.URL, "http://")
	_, port, _ := strings.Cut(host, ":")
	text = strings.NewReplacer(
		w.work, "@work", w.home, "@home", w.server.URL+"/v5", "@endpoint", host, "@host",
	).Replace(text)
	// Its digits may be found within an id.
	return regexp.MustCompile(`\b`+port+`\b`).ReplaceAllString(text, "@port")
}

// logins are the auth files of a case, by kind.
//
//nolint:gosec // made up
var logins = map[string]string{
	"password": `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2045-01-01T00:00:00.000Z", "refreshToken": "refr3sh"}`,
	"key":      `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2045-01-01T00:00:00.000Z", "loginKey": "1ea0000000000001"}`,
	"temp":     `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "@hour"}`,
	"soon":     `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "@soon"}`,
	"expired":  `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2020-01-01T00:00:00.000Z"}`,
	"old":      `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2020-01-01T00:00:00.000Z", "refreshToken": "refr3sh", "extra": [1]}`,
	"old-key":  `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2020-01-01T00:00:00.000Z", "loginKey": "1ea0000000000001"}`,
	"gone":     `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2020-01-01T00:00:00.000Z", "refreshToken": "unknown"}`,
	"gone-key": `{"endpoint": "@endpoint", "accessToken": "t0ken", "expiresAt": "2020-01-01T00:00:00.000Z", "loginKey": "00ffffffffffffff"}`,
	"none":     "",
}

// fill writes the case's files.
func (w *world) fill(c *Case) error {
	for dir, kind := range map[string]string{w.home: c.Login, w.work: c.Local} {
		text, known := logins[kind]
		if kind == "" && dir == w.home {
			text, known = logins["password"], true
		}
		if kind != "" && !known {
			return fmt.Errorf("no login %q", kind)
		}
		if text == "" {
			continue
		}
		in := func(d time.Duration) string { return c.now.Add(d).UTC().Format("2006-01-02T15:04:05.000Z") }
		text = strings.NewReplacer("@hour", in(59*time.Minute+30*time.Second), "@soon", in(150*time.Second)).Replace(text)
		if err := os.WriteFile(filepath.Join(dir, ".impt.auth"), []byte(w.expand(text)), 0o600); err != nil {
			return err
		}
	}
	if len(c.Project) > 0 {
		text := fmt.Sprintf("{\n  \"deviceGroupId\": %q", w.expand(c.Project[0]))
		for i, key := range []string{"deviceFile", "agentFile"} {
			if len(c.Project) > i+1 {
				text += fmt.Sprintf(",\n  %q: %q", key, c.Project[i+1])
			}
		}
		if err := os.WriteFile(filepath.Join(w.work, ".impt.project"), []byte(text+"\n}"), 0o600); err != nil {
			return err
		}
	}
	for _, d := range c.Folders {
		if err := os.MkdirAll(w.path(d), 0o700); err != nil {
			return err
		}
	}
	for _, f := range c.Files {
		if err := os.MkdirAll(filepath.Dir(w.path(f.path)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(w.path(f.path), []byte(w.expand(f.text)), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) path(p string) string {
	if p = w.expand(p); filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(w.work, p)
}

// files reads what is in the two directories.
func (w *world) files() (map[string]string, error) {
	all := map[string]string{}
	for name, dir := range map[string]string{"@work": w.work, "@home": w.home} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || path == dir {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			content := ""
			if info.Mode().IsRegular() {
				b, err := os.ReadFile(path) //nolint:gosec // nobody else is there
				if err != nil {
					return err
				}
				content = "\n" + w.plain(string(b))
			}
			all[name+strings.TrimPrefix(path, dir)] = info.Mode().String() + content
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
