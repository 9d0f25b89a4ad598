package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxBody   = 8 << 20
	mediaAPI  = "application/vnd.api+json"
	mediaJSON = "application/json"
)

// call is one request being answered.
type call struct {
	s      *Sim
	st     *state
	r      *http.Request
	me     *account // nil on open routes
	now    time.Time
	params []string
	body   []byte // nil if there was none, or only null
	// after runs once the lock is released and before the answer goes out.
	after []func()
}

func (c *call) then(f func()) { c.after = append(c.after, f) }

// answer is what serve writes.
type answer struct {
	status int
	header http.Header
	media  string
	body   any
}

func (s *Sim) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if !s.begin() {
		s.mu.Unlock()
		http.Error(w, "the simulator is closed", http.StatusServiceUnavailable)
		return
	}
	rec := s.record(r)
	injected := s.hit(rec)
	s.mu.Unlock()
	defer s.work.Done()

	w = &recordingWriter{ResponseWriter: w, sim: s, rec: rec}
	if s.cfg.Latency > 0 && !s.sleep(r.Context(), s.cfg.Latency) {
		abort()
	}
	if injected != nil {
		injected.serve(s, w, r, rec)
		return
	}
	s.write(w, r, s.answer(w, r, rec))
}

// begin counts one piece of work that Close has to wait for.
func (s *Sim) begin() bool {
	if s.closed {
		return false
	}
	s.work.Add(1)
	return true
}

// answer carries the request out.
func (s *Sim) answer(w http.ResponseWriter, r *http.Request, rec *Request) answer {
	a := answer{media: mediaAPI, header: http.Header{}}
	rep, err := s.dispatch(w, r, rec, &a)
	if err != nil {
		var f *failure
		if !errors.As(err, &f) {
			f = fail(http.StatusInternalServerError, "Internal Error", "%v", err)
		}
		a.status = f.status
		for name, values := range f.header {
			a.header[name] = values
		}
		s.mu.Lock()
		for i := range f.errors {
			f.errors[i].ID = s.st.ids.unused("error", shapeUUID, nil)
		}
		s.mu.Unlock()
		a.body = map[string]any{"errors": f.errors}
		return a
	}
	a.status, a.body = rep.status, rep.body
	return a
}

func (s *Sim) dispatch(w http.ResponseWriter, r *http.Request, rec *Request, a *answer) (*reply, error) {
	path, below := s.below(r)
	parts, wellFormed := segments(path)
	if !below || !wellFormed {
		return nil, fail(http.StatusNotFound, "Not Found", "There is nothing at %s.", r.URL.Path)
	}
	rt, params, allowed := s.routes.find(r.Method, parts)
	if rt == nil {
		if len(allowed) == 0 {
			return nil, fail(http.StatusNotFound, "Not Found", "There is nothing at %s.", r.URL.Path)
		}
		f := fail(http.StatusMethodNotAllowed, "Method Not Allowed", "%s is not possible here.", r.Method)
		f.header = http.Header{"Allow": {strings.Join(allowed, ", ")}}
		return nil, f
	}
	if rt.auth {
		a.media = mediaJSON
	}
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	c := &call{s: s, r: r, params: params, body: body}
	rep, err := s.locked(c, rt, rec, a)
	for _, f := range c.after {
		f()
	}
	return rep, err
}

// locked is the part of a call that looks at the state.
func (s *Sim) locked(c *call, rt *route, rec *Request, a *answer) (*reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.st, c.now = s.st, s.clock.Now()
	if len(c.body) <= bodyKept && !rt.auth {
		rec.Body = c.body
	}
	var refused error
	if !rt.open {
		c.me, refused = c.authenticate()
		if refused == nil {
			rec.Authorized, rec.Account = true, c.me.ID
		}
	}
	if err := s.limit(c, rt, a.header); err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, refused
	}
	if c.body != nil && c.r.Method != http.MethodGet {
		want := mediaAPI
		if rt.auth {
			want = mediaJSON
		}
		if got, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); got != want {
			return nil, fail(http.StatusUnsupportedMediaType, "Unsupported Media Type", "The content type must be %s.", want)
		}
	}
	return rt.handle(c)
}

// below cuts the base off the path.
func (s *Sim) below(r *http.Request) (string, bool) {
	if s.cfg.Base == "/" {
		return r.URL.EscapedPath(), true
	}
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), s.cfg.Base)
	return rest, ok && (rest == "" || rest[0] == '/')
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, fail(http.StatusRequestEntityTooLarge, "Too Large", "A request may have %d bytes at most.", maxBody)
	}
	if err != nil {
		return nil, invalid("The request did not arrive whole: %v.", err)
	}
	if t := bytes.TrimSpace(b); len(t) == 0 || string(t) == "null" {
		return nil, nil
	}
	return b, nil
}

func (s *Sim) write(w http.ResponseWriter, r *http.Request, a answer) {
	if c, isStream := a.body.(*connection); isStream {
		c.run(w, r)
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	data, err := encode(a.body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", a.media)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(a.status)
	// A client that has gone away is no one's concern.
	_, _ = w.Write(data)
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// url is the absolute address of something below the base, as this client sees it.
func (c *call) url(path string) string {
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host + strings.TrimSuffix(c.s.cfg.Base, "/") + path
}

func (c *call) decode(into any) error {
	if c.body == nil {
		return invalid("The request needs a body.")
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		return invalid("The body is not what is expected: %v.", err)
	}
	return nil
}

// resourceIn is the "data" of a POST or PATCH.
type resourceIn struct {
	Type          string                     `json:"type"`
	ID            string                     `json:"id"`
	Attributes    map[string]json.RawMessage `json:"attributes"`
	Relationships map[string]json.RawMessage `json:"relationships"`
}

// resource reads the body and checks its type.
func (c *call) resource(types ...string) (*resourceIn, error) {
	var in struct {
		Data *resourceIn `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Data == nil {
		return nil, invalid("The body has no data.")
	}
	if !slices.Contains(types, in.Data.Type) {
		return nil, conflict("Wrong Type", "The type must be %s, not %q.", strings.Join(types, " or "), in.Data.Type)
	}
	return in.Data, nil
}

// reference is one flat relationship, {"type", "id"}.
type reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func refTo(kind, id string) *reference {
	if id == "" {
		return nil
	}
	return &reference{kind, id}
}

// relation reads a relationship; nil: it is absent.
func (in *resourceIn) relation(name string, types ...string) (*reference, error) {
	raw := in.Relationships[name]
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	var ref reference
	if err := json.Unmarshal(raw, &ref); err != nil || ref.ID == "" {
		return nil, invalid("The relationship %s must have a type and an id.", name)
	}
	if !slices.Contains(types, ref.Type) {
		return nil, conflict("Wrong Type", "The relationship %s must be of type %s, not %q.", name, strings.Join(types, " or "), ref.Type)
	}
	return &ref, nil
}

// resourceOut is a resource as the API shows it. Attributes and Relationships
// are structs, so that their order is the API's.
type resourceOut struct {
	Type          string `json:"type"`
	ID            string `json:"id"`
	Links         *links `json:"links,omitempty"`
	Attributes    any    `json:"attributes,omitempty"`
	Relationships any    `json:"relationships,omitempty"`
	Meta          any    `json:"meta,omitempty"`
}

type links struct {
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
	Next  string `json:"next,omitempty"`
	Prev  string `json:"prev,omitempty"`
	Self  string `json:"self,omitempty"`
}

type document struct {
	Data  any    `json:"data"`
	Meta  any    `json:"meta,omitempty"`
	Links *links `json:"links,omitempty"`
}

func (c *call) self(path string) *links { return &links{Self: c.url(path)} }

func one(r resourceOut) document { return document{Data: r} }
