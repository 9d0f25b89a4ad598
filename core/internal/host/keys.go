package host

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// keys hides login keys from plugins, because the id of a login key is the key
// itself. A plugin gets a handle in its place, which is turned back in requests
// about login keys and in what the user reads, and nowhere else.
type keys struct {
	mu      sync.Mutex
	handles map[string]string // by key
	values  map[string]string // by handle
}

// keep returns the handle of a key.
func (k *keys) keep(key string) string {
	if key == "" {
		return ""
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if h, ok := k.handles[key]; ok {
		return h
	}
	if k.handles == nil {
		k.handles, k.values = map[string]string{}, map[string]string{}
	}
	h := "login-key-" + rand.Text()
	k.handles[key], k.values[h] = h, key
	return h
}

// hide puts handles in the place of keys.
func (k *keys) hide(text string) string { return k.replace(text, k.copyOf(&k.handles)) }

// reveal puts keys in the place of handles.
func (k *keys) reveal(text string) string { return k.replace(text, k.copyOf(&k.values)) }

// revealJSON is reveal for a JSON text.
func (k *keys) revealJSON(text []byte) []byte {
	for handle, key := range k.copyOf(&k.values) {
		quoted := document.Encode(key)
		text = bytes.ReplaceAll(text, []byte(handle), quoted[1:len(quoted)-1])
	}
	return text
}

func (k *keys) copyOf(m *map[string]string) map[string]string {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make(map[string]string, len(*m))
	for from, to := range *m {
		all[from] = to
	}
	return all
}

func (*keys) replace(text string, all map[string]string) string {
	for from, to := range all {
		text = strings.ReplaceAll(text, from, to)
	}
	return text
}

// identifier is the key that a handle stands for, or the text itself. Only a
// whole identifier is turned back in what is sent: a handle within a longer
// text could come back in an answer, in pieces.
func (k *keys) identifier(text string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.values[text]; ok {
		return key
	}
	return text
}

// revealPath turns handles back in a path that is about login keys.
func (k *keys) revealPath(path []string) []string {
	if !aboutKeys(path) {
		return path
	}
	return all(path, k.identifier)
}

// revealBody turns the handle back in the body of a request about a login key.
func (k *keys) revealBody(path []string, body []byte) []byte {
	if !aboutKeys(path) {
		return body
	}
	o, err := document.ParseObject(body)
	if err != nil {
		return body
	}
	resource := o.Object("data")
	id := resource.Text("id")
	if k.identifier(id) == id {
		return body
	}
	resource.Set("id", k.identifier(id))
	o.Set("data", resource)
	return document.Encode(o)
}

func aboutKeys(path []string) bool {
	base := entity.LoginKey.Collection()
	return len(path) >= len(base) && slices.Equal(path[:len(base)], base)
}

// texts are resources as a plugin gets them.
func (k *keys) texts(resources []resolve.Resource) [][]byte {
	for _, r := range resources {
		if r.Type == entity.LoginKey {
			k.keep(r.ID)
		}
	}
	all := make([][]byte, len(resources))
	for i, r := range resources {
		all[i] = r.JSON()
		if r.Type == entity.LoginKey {
			all[i] = []byte(k.hide(string(all[i])))
		}
	}
	return all
}

// body is an answer as a plugin gets it.
func (k *keys) body(path []string, body []byte) []byte {
	if !aboutKeys(path) {
		return body
	}
	o, err := document.ParseObject(body)
	if err != nil {
		return nil
	}
	k.keep(o.Object("data").Text("id"))
	if data, ok := o.Get("data"); ok {
		list, _ := data.(document.List)
		for _, item := range list {
			resource, _ := item.(document.Object)
			k.keep(resource.Text("id"))
		}
	}
	return []byte(k.hide(string(body)))
}

// fault is a failure with each of its texts changed.
func (k *keys) fault(err error, change func(string) string) error {
	f, ok := fault.Of(err)
	if !ok {
		return retold(err, change)
	}
	changed := *f
	changed.Sentence = change(f.Sentence)
	changed.Identifier = change(f.Identifier)
	changed.Hints = all(f.Hints, change)
	changed.Problems = problems(f.Problems, change)
	changed.Done = all(f.Done, change)
	changed.Undone = all(f.Undone, change)
	changed.Candidates = []byte(change(string(f.Candidates)))
	changed.Cause = retold(f.Cause, change)
	return &changed
}

func problems(answered []*fault.Problem, change func(string) string) []*fault.Problem {
	changed := make([]*fault.Problem, len(answered))
	for i, p := range answered {
		changed[i] = proto.CloneOf(p)
		changed[i].Title, changed[i].Detail = change(p.GetTitle()), change(p.GetDetail())
	}
	return changed
}

// retold is err with its text changed, if there is anything to change.
func retold(err error, change func(string) string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if changed := change(text); changed != text {
		return told{changed, err}
	}
	return err
}

// told is an error in other words.
type told struct {
	text  string
	cause error
}

func (t told) Error() string { return t.text }
func (t told) Unwrap() error { return t.cause }

func all(texts []string, change func(string) string) []string {
	changed := make([]string, len(texts))
	for i, t := range texts {
		changed[i] = change(t)
	}
	return changed
}
