package halfway

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/sim"
)

// report is what a command that failed said of how far it had come: changes as
// they are announced, `delete Device "meter-7"`.
type report struct{ done, undone []string }

// goOn is the advice that follows a report.
const goOn = "Run the same command again to go on.\n"

// read understands what a command printed that failed.
func read(t *testing.T, m mode, r result) report {
	t.Helper()
	var found report
	if m == inJSON {
		var printed struct {
			Error string
			Done  []string
			Not   []string `json:"Not done"`
		}
		require.NoError(t, json.Unmarshal([]byte(r.out), &printed), r.out)
		require.NotEmpty(t, printed.Error)
		for _, s := range printed.Done {
			found.done = append(found.done, change(t, s))
		}
		found.undone = plain(printed.Not)
		if len(printed.Done) == 0 {
			require.Empty(t, printed.Not)
		}
		require.Empty(t, r.err)
		return found
	}
	require.Contains(t, r.out, "Error: ")
	said := r.err
	if m == text {
		require.True(t, strings.HasSuffix(r.out, "IMPT COMMAND FAILS\n"), r.out)
		for line := range strings.Lines(r.out) {
			if c := changeIn(strings.TrimSpace(line)); c != "" {
				found.done = append(found.done, c)
			}
		}
	} else if rest, ok := strings.CutPrefix(said, "Done: "); ok {
		line, after, _ := strings.Cut(rest, "\n")
		said = after
		for _, s := range sentences.FindAllString(line, -1) {
			found.done = append(found.done, change(t, s))
		}
	}
	if rest, ok := strings.CutPrefix(said, "Not done: "); ok {
		line, after, _ := strings.Cut(rest, "\n")
		said = after
		require.True(t, strings.HasSuffix(line, "."), line)
		found.undone = plain(strings.Split(strings.TrimSuffix(line, "."), "; "))
	}
	if len(found.done) == 0 || len(found.undone) == 0 {
		require.Empty(t, said)
	} else if said != "" {
		require.Equal(t, goOn, said)
	}
	return found
}

// sentences are what is said of what was done.
var sentences = regexp.MustCompile(`.+? (?:successfully|successful|already \w+)\.(?: |$)`)

// What is said of a change that was made.
var (
	made    = regexp.MustCompile(`^(.+) (?:is|are) (created|updated|deleted|removed|unassigned|reassigned|linked) successfully\.$`)
	already = regexp.MustCompile(`^(.+) is already (deleted|removed|unassigned)\.$`)
	restart = regexp.MustCompile(`^(?:Conditional restart|Restart) request for (Devices assigned to .+) is successful[.:]$`)
)

// verbs are how what is done is announced.
var verbs = map[string]string{
	"created": "create", "updated": "update", "deleted": "delete", "removed": "remove",
	"unassigned": "unassign", "reassigned": "reassign", "linked": "link",
}

func change(t *testing.T, sentence string) string {
	t.Helper()
	c := changeIn(strings.TrimSpace(sentence))
	require.NotEmpty(t, c, "what does %q tell of?", sentence)
	return c
}

func changeIn(sentence string) string {
	if m := restart.FindStringSubmatch(sentence); m != nil {
		return "restart " + m[1]
	}
	for _, form := range []*regexp.Regexp{made, already} {
		if m := form.FindStringSubmatch(sentence); m != nil {
			return plain([]string{verbs[m[2]] + " " + m[1]})[0]
		}
	}
	return ""
}

// nameless are entities that get no name when they are made.
var nameless = regexp.MustCompile(`^(create (?:Deployment|Login Key)) ".*"$`)

func plain(changes []string) []string {
	all := slices.Clone(changes)
	for i, c := range all {
		all[i] = nameless.ReplaceAllString(c, "$1")
	}
	return all
}

var nouns = map[string]string{
	"products": "Product", "devicegroups": "Device Group", "devices": "Device", "deployments": "Deployment",
	"login_keys": "Login Key",
}

// changes are what requests that were answered have changed.
func changes(t *testing.T, requests []sim.Request) []string {
	t.Helper()
	var all []string
	for _, r := range requests {
		if r.Status/100 == 2 || r.Status == http.StatusNotFound {
			all = append(all, changesBy(t, r)...)
		}
	}
	return all
}

// changesBy are what a request changes.
func changesBy(t *testing.T, r sim.Request) []string {
	t.Helper()
	path := strings.Split(strings.TrimPrefix(strings.TrimPrefix(r.Path, "/accounts/me"), "/"), "/")
	noun := nouns[path[0]]
	require.NotEmpty(t, noun, "%s %s", r.Method, r.Path)
	named := func(id string) string { return noun + ` "` + id + `"` }
	var body struct{ Data json.RawMessage }
	if len(r.Body) > 0 {
		require.NoError(t, json.Unmarshal(r.Body, &body))
	} else if r.Method == http.MethodPost && !strings.HasSuffix(path[len(path)-1], "restart") || path[len(path)-1] == "devices" && len(path) > 1 {
		return nil // it was not carried out, and nobody knows what was in it
	}
	switch {
	case strings.HasSuffix(r.Path, "/relationships/devices"):
		var devices []struct{ ID string }
		require.NoError(t, json.Unmarshal(body.Data, &devices))
		verb := map[string]string{http.MethodPost: "reassign", http.MethodDelete: "unassign"}[r.Method]
		var all []string
		for _, d := range devices {
			all = append(all, verb+` Device "`+d.ID+`"`)
		}
		return all
	case strings.HasSuffix(r.Path, "/relationships/min_supported_deployment"):
		return []string{"update Min supported Deployment for " + named(path[1])}
	case strings.HasSuffix(r.Path, "restart"):
		return []string{"restart Devices assigned to " + named(path[1])}
	case r.Method == http.MethodPost:
		var resource struct{ Attributes struct{ Name string } }
		require.NoError(t, json.Unmarshal(body.Data, &resource))
		return plain([]string{"create " + named(resource.Attributes.Name)})
	case r.Method == http.MethodPatch:
		return []string{"update " + named(path[1])}
	case path[0] == "devices":
		return []string{"remove " + named(path[1])}
	default:
		return []string{"delete " + named(path[1])}
	}
}

// without is one list less what is in another.
func without(list, less []string) []string {
	left := slices.Clone(list)
	for _, s := range less {
		if i := slices.Index(left, s); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return left
}

// ofFiles are changes of the working directory.
var ofFiles = regexp.MustCompile(`^(?:create|delete|update|link) (?:(?:Device|Agent) source file|Device/agent source files|Project|Test Configuration)\b`)
