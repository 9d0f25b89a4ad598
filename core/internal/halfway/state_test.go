package halfway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// state is what impCentral has, by sections, and the files of the directory.
type state struct {
	entities map[string][]entry
	files    map[string]string
}

type entry map[string]any

func (e entry) text(key string) string {
	s, _ := e[key].(string)
	return s
}

var sections = []string{"login_keys", "products", "devicegroups", "deployments", "devices", "webhooks"}

// volatile says when something was done, or how often.
var volatile = []string{
	"created_at", "updated_at", "agent_state_changed_at", "device_state_changed_at", "last_enrolled_at", "logs", "usages",
}

func (w *world) state(t *testing.T) state {
	t.Helper()
	var saved bytes.Buffer
	require.NoError(t, w.sim.Save(&saved))
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(saved.Bytes(), &all))
	s := state{map[string][]entry{}, map[string]string{}}
	for _, name := range sections {
		if all[name] == nil {
			continue
		}
		var entries []entry
		require.NoError(t, json.Unmarshal(all[name], &entries))
		s.entities[name] = entries
	}
	files, err := os.ReadDir(w.dir)
	require.NoError(t, err)
	for _, f := range files {
		if f.Name() == loginFile {
			continue
		}
		if f.IsDir() {
			s.files[f.Name()] = "<directory>"
			continue
		}
		content, err := os.ReadFile(w.path(f.Name()))
		require.NoError(t, err)
		s.files[f.Name()] = string(content)
	}
	return s
}

func (s state) find(section, id string) entry {
	i := slices.IndexFunc(s.entities[section], func(e entry) bool { return e.text("id") == id })
	if i < 0 {
		return nil
	}
	return s.entities[section][i]
}

// comparable is a text of the state that does not depend on when anything was
// made, and under which id. Of what both attempts have made, and nobody can
// undo, the older is left out.
func (s state) comparable(t *testing.T, before state, spare string) string {
	t.Helper()
	names := []string{}
	kept := map[string][]entry{}
	for _, section := range sections {
		for i, e := range s.entities[section] {
			isNew := before.find(section, e.text("id")) == nil
			if isNew && section == spare && slices.ContainsFunc(s.entities[section][i+1:], func(later entry) bool {
				return before.find(section, later.text("id")) == nil
			}) {
				continue
			}
			if isNew {
				names = append(names, e.text("id"), fmt.Sprintf("new %s %s", section, e.text("name")))
			}
			stable := entry{}
			for k, v := range e {
				if !slices.Contains(volatile, k) {
					stable[k] = v
				}
			}
			kept[section] = append(kept[section], stable)
		}
	}
	written, err := json.MarshalIndent(map[string]any{"entities": kept, "files": s.files}, "", "  ")
	require.NoError(t, err)
	return strings.NewReplacer(names...).Replace(string(written))
}

func (s state) has(file string) bool { _, ok := s.files[file]; return ok }
