package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/electricimp/impt/core/cmd/internal/peer"
)

// fixture is a folder of unit tests that lies beside the peer, and how it is
// run: what its own tests of `test run` say.
type fixture struct{ folder, config, args string }

func (f fixture) name() string {
	return strings.Join(strings.Fields("fixture "+f.folder+" "+f.config+" "+f.args), " ")
}

var fixtures = []fixture{
	{"run", "", "-e"},
	{"run", "", "-t testfile.test.nut"},
	{"run", "", "-t testfile.test.nut:FirstTestCase"},
	{"run", "", "-t testfile.test.nut:FirstTestCase::testMethod"},
	{"run", "", "-t not-exist-file"},
	{"run", "", "-t testfile.test.nut:TestFile1CaseNotExist"},
	{"run", "", "-t testfile.test.nut:FirstTestCase::not-exist-method"},
	{"builder", partners + `"testFiles": ["tests/builder.agent.nut"]`, ""},
	{"builder_cache", partners + `"builderCache": true, "testFiles": ["tests/builder.agent.nut"]`, ""},
	{"stop_on_failure", `"stopOnFail": true`, ""},
	{"stop_on_failure", "", ""},
	{"server_error", partners + `"testFiles": ["tests/server-error.agent.nut", "tests/server-error2.agent.nut", ` +
		`"tests/server-error.device.nut", "tests/server-error2.device.nut"]`, ""},
	{"server_error", `"agentFile": "myAgent.class.nut", "testFiles": ["tests/server-index-access-failure.agent.nut"]`, ""},
	{"server_error", `"agentFile": "myAgent.class.nut", "testFiles": ["tests/server-throw-exception.agent.nut"]`, ""},
	{"error_before_start", `"deviceFile": "device.nut"`, ""},
	{"agent_with_partner_code", `"testFiles": ["tests/tmp.agent.*.nut"]`, "--tests :MyTestCase::testMe_1"},
	{"agent_only", `"agentFile": "agent.nut", "testFiles": ["tests/agent.test.nut"]`, ""},
	{"timeout", `"timeout": 3`, ""},
	{"timeout", `"timeout": 10`, ""},
	{"asserts/true", "", ""},
	{"asserts/equal", "", ""},
	{"asserts/greater", "", ""},
	{"asserts/less", "", ""},
	{"asserts/close", "", ""},
	{"asserts/deep_equal", "", ""},
	{"asserts/between", "", ""},
	{"asserts/throw", "", ""},
	{"build_api_error", `"deviceFile": "device.nut"`, ""},
}

const partners = `"deviceFile": "myDevice.class.nut", "agentFile": "myAgent.class.nut", "timeout": 40, `

// cachedLibrary is what builder_cache includes from GitHub, as the cache has it.
var cachedLibrary = file{".builder-cache/github#electricimp-Serializer-Serializer.class.nut", "class Serializer {}\n"}

// fixtureLimit is how long one may take: the peer waits a minute for code that
// has died. They mostly wait, so that several run at the same time.
const (
	fixtureLimit   = 4 * time.Minute
	fixturesAtOnce = 4
)

// compareFixtures runs the peer's own unit tests by both programs, and compares
// the verdicts.
func (s *session) compareFixtures(ctx context.Context, out io.Writer) (bool, error) {
	root, err := peer.Fixtures(s.peer)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(out, "There are no unit tests of the peer's, with its framework, beside it.")
		return true, nil
	}
	if err != nil {
		return false, err
	}
	wanted := slices.DeleteFunc(slices.Clone(fixtures), func(f fixture) bool { return !strings.Contains(f.name(), s.options.run) })
	differences := make([][]Difference, len(wanted))
	started := time.Now()
	runs, ctx := errgroup.WithContext(ctx)
	runs.SetLimit(fixturesAtOnce)
	for i, f := range wanted {
		runs.Go(func() error {
			c, err := f.prepared(filepath.Join(root, filepath.FromSlash(f.folder)))
			if err != nil {
				return err
			}
			ours, err := s.ours.observe(ctx, c, c.Args)
			if err != nil {
				return fmt.Errorf("%s: %w", f.name(), err)
			}
			theirs, err := s.theirs.observe(ctx, c, c.Args)
			if err != nil {
				return fmt.Errorf("%s: %w", f.name(), err)
			}
			if expected, actual := verdict(theirs), verdict(ours); expected != actual {
				differences[i] = []Difference{{"verdict", expected, actual}}
			}
			return nil
		})
	}
	if err := runs.Wait(); err != nil {
		return false, err
	}
	wrong := 0
	for i, f := range wanted {
		for _, d := range differences[i] {
			wrong++
			fmt.Fprintf(out, "%s\n%s", f.name(), d.show())
		}
	}
	fmt.Fprintf(out, "%d unit tests of the peer's in %.0f s: %d with another verdict\n", len(wanted), time.Since(started).Seconds(), wrong)
	return wrong == 0, nil
}

// prepared is a case in which the fixture's files lie in the working directory.
func (f fixture) prepared(folder string) (*Case, error) {
	c := &Case{Name: f.folder, Args: append([]string{"test", "run"}, strings.Fields(f.args)...), live: true}
	c.Fixture, c.now = "tests", time.Now()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // of the peer
		if err != nil {
			return err
		}
		within, err := filepath.Rel(folder, path)
		c.Files = append(c.Files, file{filepath.ToSlash(within), string(text)})
		return err
	})
	config := `"deviceGroupId": "@dg:Bench"`
	if f.config != "" {
		config += ", " + f.config
	}
	for _, d := range []struct{ name, value string }{
		{"testFiles", `["*.test.nut", "tests/**/*.test.nut"]`}, {"timeout", "30"}, {"stopOnFail", "false"},
		{"allowDisconnect", "false"}, {"builderCache", "false"},
	} {
		if !strings.Contains(config, `"`+d.name+`"`) {
			config += fmt.Sprintf(", %q: %s", d.name, d.value)
		}
	}
	c.Files = append(c.Files, file{".impt.test", "{" + config + "}"}, cachedLibrary)
	return c, err
}

var (
	colour   = regexp.MustCompile(`\x1b\[\d+m`)
	testLine = regexp.MustCompile(`(?m)^\[\+\S+ [a-z]+\] (.*)$`)
	telling  = regexp.MustCompile(`^\S+::\S+\(\)$|^Success|^Failure|^Using (?:device|agent) test file|^Testing |^Skip |^Session "`)
	named    = regexp.MustCompile(`^Session "[^"]*"`)
)

// verdict is what a run says of the tests: which ran, and how they and all
// ended. The peer makes the code twice, and says so (T2).
func verdict(o *Observation) string {
	var told []string
	for _, m := range testLine.FindAllStringSubmatch(colour.ReplaceAllString(o.Out, ""), -1) {
		if telling.MatchString(m[1]) {
			told = append(told, named.ReplaceAllString(m[1], "Session"))
		}
	}
	told = slices.CompactFunc(told, func(a, b string) bool { return a == b && strings.HasPrefix(a, "Using ") })
	return strings.Join(append(told, fmt.Sprintf("exit code %d", o.Exit)), "\n")
}
