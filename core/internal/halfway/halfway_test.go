package halfway

import (
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

// scene is a command, and where it runs.
type scene struct {
	args []string
	// files are in the working directory.
	files map[string]string
	// zombies lets builds outlive their group.
	zombies bool
	// spare is the section of what a repetition makes once more.
	spare string
	// finished has changes after which a repetition finds nothing to do, and
	// what it says then. It is asked only when that change was made last.
	finished map[string]string
}

// clean is what a run does that nothing disturbs.
type clean struct {
	changes            []string
	changing, readings int
	before, after      state
	final              string
}

func TestEveryStepFails(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	for _, s := range scenes {
		t.Run(strings.Join(s.args, " "), func(t *testing.T) {
			t.Parallel()
			c := undisturbed(t, impt, &s)
			turn := len(s.args)
			for _, m := range mishaps {
				if m.interrupt && runtime.GOOS == "windows" {
					continue // nobody can press it there
				}
				count := c.changing
				if m.reading {
					count = c.readings
				}
				for nth := 1; nth <= count; nth++ {
					turn++
					if race && turn%7 != 0 {
						continue // each run takes many times as long
					}
					how := modes[turn%len(modes)]
					t.Run(fmt.Sprintf("%s %d, %s", m.name, nth, how), func(t *testing.T) {
						t.Parallel()
						disturbed(t, impt, &s, c, m, nth, how)
					})
				}
			}
		})
	}
}

func undisturbed(t *testing.T, impt plugintest.Impt, s *scene) clean {
	t.Helper()
	w := newWorld(t, impt, s)
	c := clean{before: w.state(t)}
	r := w.run(t, text, s.args...)
	require.Zero(t, r.exit, "%s%s", r.out, r.err)
	require.Empty(t, r.err)
	c.after = w.state(t)
	c.final = c.after.comparable(t, c.before, "")
	done := w.requests(true)
	c.changes, c.changing, c.readings = changes(t, done), len(done), len(w.requests(false))
	for line := range strings.Lines(r.out) {
		if told := changeIn(strings.TrimSpace(line)); ofFiles.MatchString(told) {
			c.changes = append(c.changes, told)
		}
	}
	return c
}

func disturbed(t *testing.T, impt plugintest.Impt, s *scene, c clean, m mishap, nth int, how mode) {
	t.Helper()
	w := newWorld(t, impt, s)
	w.trip.set(m, nth)
	r := w.run(t, how, s.args...)
	middle := w.state(t)
	if r.exit == 0 {
		// impt has asked again, which is safe for some requests.
		require.Contains(t, []string{http.MethodPut, http.MethodGet}, failed(t, w).Method)
		require.Equal(t, c.final, middle.comparable(t, c.before, ""))
		return
	}
	if m.interrupt {
		require.Equal(t, 128+int(syscall.SIGINT), r.exit)
		repeated(t, w, s, c, m, changes(t, w.requests(true)), nil)
		return
	}
	require.Equal(t, 1, r.exit)
	told := read(t, how, r)
	shown := fmt.Sprintf("stdout:\n%s\nstderr:\n%s", r.out, r.err)

	done := changes(t, w.requests(true))
	for _, change := range c.changes {
		others := slices.Equal(done, without(c.changes, []string{change}))
		if ofFiles.MatchString(change) && c.hasFile(middle, change, others) {
			done = append(done, change)
		}
	}
	require.ElementsMatch(t, done, told.done, shown)
	var unsure []string
	if f := failed(t, w); isChanging(f.Method) {
		unsure = changesBy(t, f)
	}
	if len(told.done) > 0 {
		require.ElementsMatch(t, without(c.changes, done), told.undone, shown)
		require.Subset(t, told.undone, unsure, shown)
	}
	middle.hold(t, told.done, without(told.undone, unsure))

	repeated(t, w, s, c, m, done, unsure)
}

// repeated runs the command again, which nothing disturbs any more.
func repeated(t *testing.T, w *world, s *scene, c clean, m mishap, done, unsure []string) {
	t.Helper()
	w.sim.ForgetRequests()
	r := w.run(t, text, s.args...)
	after := w.state(t)
	for change, sentence := range s.finished {
		if m.fault.After && slices.Contains(unsure, change) || len(without(c.changes, done)) == 0 && slices.Contains(done, change) {
			require.Equal(t, 1, r.exit, r.out)
			require.Regexp(t, "(?m)"+sentence, r.out)
			require.Equal(t, c.final, after.comparable(t, c.before, s.spare))
			return
		}
	}
	require.Zero(t, r.exit, "%s%s", r.out, r.err)
	require.Equal(t, c.final, after.comparable(t, c.before, s.spare), r.out)
}

// failed is the request that something befell.
func failed(t *testing.T, w *world) sim.Request {
	t.Helper()
	all := w.sim.Requests()
	i := slices.IndexFunc(all, func(r sim.Request) bool { return r.Status == 0 || r.Status == http.StatusInternalServerError })
	require.GreaterOrEqual(t, i, 0, "nothing failed")
	return all[i]
}

// quotedName is a file that a change is about.
var quotedName = regexp.MustCompile(`"([^"]+)"`)

// hasFile tells whether a change of files was made. One that leaves everything
// as it was counts as made when all the others are.
func (c clean) hasFile(now state, change string, others bool) bool {
	names := []string{".impt.project", ".impt.test"}
	if quoted := quotedName.FindAllStringSubmatch(change, -1); quoted != nil {
		names = nil
		for _, q := range quoted {
			names = append(names, q[1])
		}
	}
	meant, made := false, false
	for _, n := range names {
		was, there := c.before.files[n]
		will, stays := c.after.files[n]
		is, left := now.files[n]
		meant = meant || there != stays || layout(was) != layout(will)
		made = made || there != left || layout(was) != layout(is)
	}
	if !meant {
		return others
	}
	return made
}

// layout is a text without its blanks.
func layout(text string) string { return strings.Join(strings.Fields(text), "") }

var aboutEntity = regexp.MustCompile(`^(delete|remove|create|unassign) (Product|Device Group|Device|Deployment) "(.+)"$`)

// hold checks that what was told is so.
func (s state) hold(t *testing.T, done, undone []string) {
	t.Helper()
	for i, change := range append(slices.Clone(done), undone...) {
		m := aboutEntity.FindStringSubmatch(change)
		if m == nil {
			continue
		}
		section := map[string]string{
			"Product": "products", "Device Group": "devicegroups", "Device": "devices", "Deployment": "deployments",
		}[m[2]]
		e := s.find(section, m[3])
		var is bool
		switch m[1] {
		case "create":
			is = slices.ContainsFunc(s.entities[section], func(e entry) bool { return e.text("name") == m[3] })
		case "unassign":
			is = e == nil || e.text("devicegroup") == ""
		default:
			is = e == nil
		}
		if i >= len(done) && m[2] == "Deployment" {
			continue // it goes with its group
		}
		require.Equal(t, i < len(done), is, change)
	}
}
