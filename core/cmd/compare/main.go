package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	code, err := compareAll(context.Background(), os.Stdout, os.Args[1:]) //nolint:forbidigo // the root of this program
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err) //nolint:forbidigo // the root of this program
	}
	os.Exit(code) //nolint:forbidigo // the root of this program
}

type options struct {
	impt, peer, doc, run string
	all, verbose         bool
}

func compareAll(ctx context.Context, out io.Writer, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.StringVar(&o.impt, "impt", "build/bin/impt", "the program `file`")
	flags.StringVar(&o.peer, "peer", "", "the peer's program `file`")
	flags.StringVar(&o.doc, "differences", "docs/differences.md", "the `file` with what differs on purpose")
	flags.StringVar(&o.run, "run", "", "only cases whose place, section or command line has `text`")
	flags.BoolVar(&o.all, "all", false, "fails if impt lacks a command of the peer")
	flags.BoolVar(&o.verbose, "v", false, "shows each case")
	if err := flags.Parse(args); err != nil {
		return 2, err
	}
	if o.peer == "" {
		return 2, errors.New("-peer is needed")
	}
	s, err := newSession(ctx, o)
	if err != nil {
		return 2, err
	}
	defer func() { _ = os.RemoveAll(s.cache) }()
	cases, err := loadCases(embedded)
	if err != nil {
		return 2, err
	}
	cases = slices.DeleteFunc(cases, func(c *Case) bool {
		return !strings.Contains(c.Name+"\n"+c.Section+"\n"+c.line(), o.run)
	})
	started := time.Now()
	ok := s.run(ctx, out, cases)
	fmt.Fprintf(out, "%d cases in %.0f s: %d as the peer, %d differ on purpose, %d wrong, %d not there yet\n",
		len(cases), time.Since(started).Seconds(), s.same, s.onPurpose, s.wrong, s.pending)
	sources, err := s.compareBuilder(ctx, out)
	if err != nil {
		return 2, err
	}
	tests, err := s.compareFixtures(ctx, out)
	if err != nil {
		return 2, err
	}
	ok = ok && sources && tests
	if o.run == "" {
		ok = s.rules.report(out) && ok
	}
	if o.all && s.pending > 0 {
		ok = false
	}
	if !ok {
		return 1, nil
	}
	return 0, nil
}

// session is one run of this program.
type session struct {
	options
	cache                           string
	ours, theirs                    program
	commands                        map[string]bool // that impt has
	rules                           *rulebook
	same, onPurpose, wrong, pending int
}

func newSession(ctx context.Context, o options) (*session, error) {
	s := &session{options: o}
	var err error
	if s.rules, err = newRulebook(o.doc); err != nil {
		return nil, err
	}
	if o.impt, err = filepath.Abs(o.impt); err != nil {
		return nil, err
	}
	if o.peer, err = filepath.Abs(o.peer); err != nil {
		return nil, err
	}
	// A warm index of plugins, so that a case does not begin with asking them.
	if s.cache, err = os.MkdirTemp("", "compare-cache"); err != nil {
		return nil, err
	}
	search := "PATH=" + os.Getenv("PATH") //nolint:forbidigo // the peer may need an interpreter
	s.ours = program{o.impt, []string{search, "XDG_CACHE_HOME=" + s.cache}}
	s.theirs = program{o.peer, []string{search}}
	s.commands, err = s.known(ctx)
	return s, err
}

// known asks impt for its commands.
func (s *session) known(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	ask := func(args ...string) ([]string, error) {
		o, err := s.ours.observe(ctx, &Case{Setup: Setup{Fixture: "fleet", Login: "none"}}, args)
		if err != nil {
			return nil, err
		}
		var names []string
		for line := range strings.SplitSeq(maskHelp(o.Out), "\n") {
			if name, ok := strings.CutPrefix(line, "  impt "); ok {
				names = append(names, name)
				known[name] = true
			}
		}
		return names, nil
	}
	groups, err := ask("--help")
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if _, err := ask(g, "--help"); err != nil {
			return nil, err
		}
	}
	return known, nil
}

type result struct {
	text               string
	wrong, on, pending bool
}

// run compares all cases, several side by side, and reports in their order.
func (s *session) run(ctx context.Context, out io.Writer, cases []*Case) bool {
	results := make([]chan result, len(cases))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range next {
				results[i] <- s.one(ctx, cases[i])
			}
		})
	}
	go func() {
		for i := range cases {
			next <- i
		}
		close(next)
	}()
	ok := true
	for i := range cases {
		r := <-results[i]
		_, _ = io.WriteString(out, r.text)
		switch {
		case r.wrong:
			ok = false
			s.wrong++
		case r.pending:
			s.pending++
		case r.on:
			s.onPurpose++
		default:
			s.same++
		}
	}
	workers.Wait()
	return ok
}

// one compares one case.
func (s *session) one(ctx context.Context, c *Case) result {
	var b bytes.Buffer
	title := fmt.Sprintf("%s  %s\n", c.Name, c.line())
	if lacking := s.lacks(c); lacking != "" {
		return result{pending: true}
	}
	c.now = time.Now()
	fail := func(err error) result { return result{text: title + "  " + err.Error() + "\n", wrong: true} }
	actual, err := s.ours.observe(ctx, c, c.Args)
	if err != nil {
		return fail(err)
	}
	like, args := *c, c.Args
	if c.Want.Like != nil {
		args = c.Want.Like
	}
	switch c.Want.Without {
	case "env":
		like.Env = nil
	case "folder":
		like.Folders = nil
	case "terminal":
		like.Terminal.on = false
	case "fault":
		like.Faults = nil
	}
	expected, err := s.theirs.observe(ctx, &like, args)
	if err != nil {
		return fail(err)
	}
	if expected.Exit == stopped || actual.Exit == stopped {
		return fail(fmt.Errorf("had to be stopped: the peer %t, impt %t", expected.Exit == stopped, actual.Exit == stopped))
	}
	x := &exchange{session: s, c: c, expected: expected, actual: actual, inText: s.inText(ctx, c)}
	if c.Want.Entry != "" && !c.AnyOrder {
		same, err := s.alike(ctx, x)
		if err != nil {
			return fail(err)
		}
		if same {
			return fail(fmt.Errorf("is the same as in the peer, and does not differ as %s says", c.Want.Entry))
		}
	}
	cited := s.rules.apply(x)
	if c.Want.Entry != "" {
		c.Want.apply(c, expected, actual)
		cited = append(cited, c.Want.Entry)
	}
	found := compare(c, expected, actual)
	if s.verbose || len(found) > 0 {
		b.WriteString(title)
	}
	if s.verbose {
		fmt.Fprintf(&b, "%s(exit %d)\n%s\n", actual.Out, actual.Exit, strings.Join(actual.Requests, "\n"))
	}
	for _, d := range found {
		b.WriteString(d.show())
	}
	return result{text: b.String(), wrong: len(found) > 0, on: len(cited) > 0}
}

// alike tells whether impt does the same as the peer by the general rules
// alone.
func (s *session) alike(ctx context.Context, x *exchange) (bool, error) {
	plain := *x
	plain.expected, plain.actual = x.expected.clone(), x.actual.clone()
	if x.c.Want.Like != nil || x.c.Want.Without != "" {
		var err error
		if plain.expected, err = s.theirs.observe(ctx, x.c, x.c.Args); err != nil {
			return false, err
		}
	}
	s.rules.applyQuietly(&plain)
	return len(compare(&Case{}, plain.expected, plain.actual)) == 0, nil
}

func (s *session) inText(ctx context.Context, c *Case) func() string {
	return sync.OnceValue(func() string {
		args := c.Args
		if n := len(args); n > 2 && args[n-2] == "-z" {
			args = args[:n-2]
		}
		o, err := s.theirs.observe(ctx, c, args)
		if err != nil {
			return err.Error()
		}
		return o.Out
	})
}

func (o *Observation) clone() *Observation {
	c := *o
	c.Files = union(o.Files, nil)
	c.Requests = slices.Clone(o.Requests)
	return &c
}

// lacks names the command of a case if impt does not have it yet.
func (s *session) lacks(c *Case) string {
	words := strings.Fields(c.command())
	for i := range words {
		name := strings.Join(words[:i+1], " ")
		if slices.Contains(peerCommands, name) && !s.commands[name] {
			return name
		}
	}
	return ""
}
