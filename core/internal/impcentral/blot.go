package impcentral

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/electricimp/impt/sdk/document"
)

const hidden = "[hidden]"

// A blot hides the secrets of one request and its answer: by the names they
// stand under, and wherever else the same text turns up.
type blot struct {
	login bool
	known *secrets
}

// secrets are those that a client has come across.
type secrets struct {
	mu   sync.Mutex
	text []string
}

// Shorter secrets are hidden by their place alone; as a text they would be
// found everywhere.
const leastSecret = 6

// A login key or a log stream is its own secret: below these, the next segment
// of a path is one. Compiled for debug output alone.
var secretSegment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`((?:login_keys|logstream)/)[^/?#"\s]+`)
})

var (
	secretKeys      = []string{"access_token", "refresh_token", "login_token", "password"}
	secretLoginKeys = []string{"token", "key", "otp"}
	secretHeaders   = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Www-Authenticate"}
)

func newBlot(known *secrets, r Request, header http.Header) *blot {
	b := &blot{login: r.isLogin(), known: known}
	for _, values := range r.Header {
		known.add(values...)
	}
	known.add(strings.TrimPrefix(header.Get("Authorization"), "Bearer "))
	for i, segment := range r.Path {
		if i > 0 && (r.Path[i-1] == "login_keys" || r.Path[i-1] == "logstream") {
			known.add(segment)
		}
	}
	return b
}

func (s *secrets) add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range texts {
		if len(t) >= leastSecret && !slices.Contains(s.text, t) {
			s.text = append(s.text, t)
		}
	}
	// The longest first, so that none is torn by another that it contains.
	slices.SortFunc(s.text, func(x, y string) int { return len(y) - len(x) })
}

func (s *secrets) hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.text {
		text = strings.ReplaceAll(text, secret, hidden)
	}
	return text
}

// text hides what is known to be secret.
func (b *blot) text(s string) string {
	return secretSegment().ReplaceAllString(b.known.hide(s), "${1}"+hidden)
}

func (b *blot) header(name, value string) string {
	if slices.Contains(secretHeaders, http.CanonicalHeaderKey(name)) {
		return hidden
	}
	return b.text(value)
}

// body is a body as a document, or its text if it is none.
func (b *blot) body(raw []byte) document.Value {
	v, err := document.Parse(raw)
	if err != nil {
		return b.text(string(raw))
	}
	b.collect(v)
	return b.hide(v)
}

// secretKey tells whether a member of an object is a secret.
func (b *blot) secretKey(o document.Object, key string) bool {
	lower := strings.ToLower(key)
	if slices.Contains(secretKeys, lower) || b.login && slices.Contains(secretLoginKeys, lower) {
		return true
	}
	switch o.Text("type") {
	case "login_key":
		return key == "id"
	case "logstream":
		return key == "id" || key == "attributes"
	default:
		return false
	}
}

func (b *blot) collect(v document.Value) {
	switch v := v.(type) {
	case document.List:
		for _, e := range v {
			b.collect(e)
		}
	case document.Object:
		for _, f := range v {
			if b.secretKey(v, f.Key) {
				b.addAll(f.Value)
				continue
			}
			b.collect(f.Value)
		}
	}
}

// addAll takes every text in v for a secret.
func (b *blot) addAll(v document.Value) {
	switch v := v.(type) {
	case string:
		b.known.add(v)
	case document.List:
		for _, e := range v {
			b.addAll(e)
		}
	case document.Object:
		for _, f := range v {
			b.addAll(f.Value)
		}
	}
}

func (b *blot) hide(v document.Value) document.Value {
	switch v := v.(type) {
	case string:
		return b.text(v)
	case document.List:
		l := make(document.List, len(v))
		for i, e := range v {
			l[i] = b.hide(e)
		}
		return l
	case document.Object:
		o := make(document.Object, len(v))
		for i, f := range v {
			o[i] = document.Field{Key: b.text(f.Key), Value: b.hide(f.Value)}
			if b.secretKey(v, f.Key) {
				o[i].Value = conceal(f.Value)
			}
		}
		return o
	default:
		return v
	}
}

// conceal hides every text in v and keeps its shape.
func conceal(v document.Value) document.Value {
	switch v := v.(type) {
	case nil:
		return nil
	case document.Object:
		o := make(document.Object, len(v))
		for i, f := range v {
			o[i] = document.Field{Key: f.Key, Value: conceal(f.Value)}
		}
		return o
	default:
		return hidden
	}
}
