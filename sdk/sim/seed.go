package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// savedState is the JSON form of everything that is remembered. See the
// package documentation for how to write one by hand.
type savedState struct {
	Accounts      []*account        `json:"accounts,omitempty"`
	LoginKeys     []*loginKey       `json:"login_keys,omitempty"`
	Products      []*product        `json:"products,omitempty"`
	DeviceGroups  []*deviceGroup    `json:"devicegroups,omitempty"`
	Deployments   []*deployment     `json:"deployments,omitempty"`
	Devices       []*device         `json:"devices,omitempty"`
	Webhooks      []*webhook        `json:"webhooks,omitempty"`
	AccessTokens  []*accessToken    `json:"access_tokens,omitempty"`
	RefreshTokens []*refreshToken   `json:"refresh_tokens,omitempty"`
	LoginTokens   []*loginToken     `json:"login_tokens,omitempty"`
	Scripts       []*script         `json:"scripts,omitempty"`
	IDsDrawn      map[string]uint64 `json:"ids_drawn,omitempty"`
	LastStamp     *time.Time        `json:"last_stamp,omitempty"`
}

// Seed adds what is described to the state, or nothing at all if something is
// wrong with it; the error says where.
func (s *Sim) Seed(r io.Reader) error {
	part, err := readState(r)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.build(s.st.saved(), part)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	s.st = st
	return nil
}

// Load puts a saved state, or one written by hand, in the place of the present
// one; if it returns an error, nothing has changed. All log streams are closed
// and all programs stopped. Requests, faults and the Config stay.
func (s *Sim) Load(r io.Reader) error {
	whole, err := readState(r)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.build(whole, nil)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	s.closeStreams()
	for id := range s.running {
		s.stop(id)
	}
	s.st = st
	return nil
}

// Save writes the whole state, with passwords and tokens, as indented JSON.
// Log streams, requests and faults are not part of it.
func (s *Sim) Save(w io.Writer) error {
	s.mu.Lock()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(s.st.saved())
	s.mu.Unlock()
	if err == nil {
		_, err = w.Write(b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	return nil
}

// saved copies the entities, so that they can be built anew while the state
// goes on.
func (st *state) saved() *savedState {
	last := st.stamped
	out := &savedState{
		Accounts: copies(st.accounts), LoginKeys: copies(st.loginKeys), Products: copies(st.products),
		DeviceGroups: copies(st.groups), Deployments: copies(st.deployments), Devices: copies(st.devices),
		Webhooks: copies(st.webhooks), AccessTokens: copies(st.accessTokens),
		RefreshTokens: copies(st.refreshTokens), LoginTokens: copies(st.loginTokens),
		Scripts: slices.Clone(st.scripts), IDsDrawn: maps.Clone(st.ids.next),
	}
	if !last.IsZero() {
		out.LastStamp = &last
	}
	return out
}

func copies[T any](t *table[T]) []*T {
	out := make([]*T, 0, t.len())
	for v := range t.all() {
		c := *v
		out = append(out, &c)
	}
	return out
}

// readState decodes strictly: a field that is not known is an error, because a
// misspelt one would silently seed something else.
func readState(r io.Reader) (*savedState, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var sections map[string]json.RawMessage
	if err := json.Unmarshal(data, &sections); err != nil {
		return nil, located(data, err)
	}
	st := &savedState{}
	readers := map[string]func(string, json.RawMessage) error{
		"accounts": into(&st.Accounts), "login_keys": into(&st.LoginKeys), "products": into(&st.Products),
		"devicegroups": into(&st.DeviceGroups), "deployments": into(&st.Deployments), "devices": into(&st.Devices),
		"webhooks": into(&st.Webhooks), "access_tokens": into(&st.AccessTokens),
		"refresh_tokens": into(&st.RefreshTokens), "login_tokens": into(&st.LoginTokens),
		"scripts":    into(&st.Scripts),
		"ids_drawn":  func(_ string, raw json.RawMessage) error { return json.Unmarshal(raw, &st.IDsDrawn) },
		"last_stamp": func(_ string, raw json.RawMessage) error { return json.Unmarshal(raw, &st.LastStamp) },
	}
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		read := readers[name]
		if read == nil {
			return nil, fmt.Errorf("unknown section %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(readers)), ", "))
		}
		if err := read(name, sections[name]); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// into returns a reader of one section.
func into[T any](list *[]*T) func(string, json.RawMessage) error {
	return func(section string, raw json.RawMessage) error {
		var elements []json.RawMessage
		if err := json.Unmarshal(raw, &elements); err != nil {
			return fmt.Errorf("%s must be a list", section)
		}
		for i, e := range elements {
			v := new(T)
			d := json.NewDecoder(bytes.NewReader(e))
			d.DisallowUnknownFields()
			if err := d.Decode(v); err != nil {
				return fmt.Errorf("%s: %s", where(section, i, nameIn(e)), strings.TrimPrefix(err.Error(), "json: "))
			}
			*list = append(*list, v)
		}
		return nil
	}
}

// where points at an element for someone who looks at the file.
func where(section string, i int, name string) string {
	if name == "" {
		return fmt.Sprintf("%s[%d]", section, i)
	}
	return fmt.Sprintf("%s[%d] %q", section, i, name)
}

func nameIn(raw json.RawMessage) string {
	var n struct {
		Name     string `json:"name"`
		Username string `json:"username"`
		ID       string `json:"id"`
	}
	// What cannot be read here is reported by the strict reading.
	_ = json.Unmarshal(raw, &n)
	for _, s := range []string{n.Name, n.Username, n.ID} {
		if s != "" {
			return s
		}
	}
	return ""
}

// located adds the line to a syntax error.
func located(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return errors.New("the state must be a JSON object")
	}
	upTo := data[:min(int(syntax.Offset), len(data))]
	return fmt.Errorf("line %d: %w", 1+bytes.Count(upTo, []byte("\n")), err)
}
