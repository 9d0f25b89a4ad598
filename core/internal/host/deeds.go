package host

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// deeds are what a run has changed on the server, as reports of commands that
// failed halfway have it. A plugin that ends without a word cannot tell.
type deeds struct {
	mu   sync.Mutex
	done []string
	more int
}

// maxDeeds is how many are told one by one.
const maxDeeds = 100

func (d *deeds) add(sentence string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.done) < maxDeeds {
		d.done = append(d.done, sentence)
	} else {
		d.more++
	}
}

func (d *deeds) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := slices.Clone(d.done)
	if d.more > 0 {
		all = append(all, fmt.Sprintf("%d more changes were made.", d.more))
	}
	return all
}

// Account adds to the failure of a broken plugin what it had done. It is to be
// called when the run has ended, and no call is under way.
func (s *Session) Account(err error) error {
	f, ok := fault.Of(err)
	if !ok || f.Broken == nil {
		return err
	}
	told := *f
	told.Done = s.deeds.all()
	told.Broken = &fault.Broken{Words: f.Broken.Words, Writes: s.grants.writes()}
	return &told
}

// writes tells that the command may change something on the server.
func (g grants) writes() bool {
	return slices.ContainsFunc(entity.Types(), func(t entity.Type) bool { return g.access[string(t)] >= changing })
}

// note keeps what a request has done, in the plugin's own words for the path
// and the answer, in which keys are hidden. Of one whose answer has not come
// nobody knows.
func (d *deeds) note(r *pluginv1.CallRequest, method string, answer []byte, err error) {
	if method == http.MethodGet {
		return
	}
	what, done := described(method, r.GetPath(), answer)
	switch f, failed := fault.Of(err); {
	case err == nil:
		d.add(what + " " + done + " successfully.")
	case !failed || f.Status == 0 && f.Kind == fault.UnreachableKind:
		d.add("It is not known whether " + what + " " + done + ".")
	}
}

var verbs = map[string]string{
	http.MethodPost: "is created", http.MethodPut: "is updated", http.MethodPatch: "is updated", http.MethodDelete: "is deleted",
}

// described tells what a request is about, and what becomes of it.
func described(method string, path []string, answer []byte) (what, done string) {
	e, rest := entityOf(path)
	if e.Type == "" {
		return method + " /" + strings.Join(path, "/"), "is done"
	}
	if len(rest) == 0 {
		var made struct{ Data struct{ ID string } }
		if json.Unmarshal(answer, &made) == nil && made.Data.ID != "" {
			e.ID = made.Data.ID
			return e.String(), verbs[method]
		}
		return "A " + e.Type.Noun(), verbs[method]
	}
	switch last := rest[len(rest)-1]; {
	case len(rest) == 1:
	case last == "devices" && method == http.MethodPost:
		return "A Device", "is assigned to " + e.String()
	case last == "devices" && method == http.MethodDelete:
		return "A Device", "is unassigned from " + e.String()
	case last == "restart", last == "conditional_restart":
		return e.String(), "is restarted"
	default:
		return e.String(), "is updated"
	}
	return e.String(), verbs[method]
}

// entityOf is the entity that a path is about, without an id if it is a
// collection, and what follows.
func entityOf(path []string) (entity.Entity, []string) {
	for _, t := range append([]entity.Type{entity.LoginKey}, entity.Types()...) {
		c := t.Collection()
		if len(path) < len(c) || !slices.Equal(path[:len(c)], c) {
			continue
		}
		rest := path[len(c):]
		e := entity.Entity{Type: t}
		if len(rest) > 0 {
			e.ID = rest[0]
		}
		return e, rest
	}
	return entity.Entity{}, nil
}
