package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/electricimp/impt/core/cmd/internal/peer"
	"github.com/electricimp/impt/sdk/builder/buildertest"
)

// builderCases are sources for the Builder language, beside this module's root.
const builderCases = "sdk/builder/testdata/compare"

// builderEntries is how the entries about the language begin.
const builderEntries = "M"

//go:embed builder.js
var builderDriver string

// compareBuilder builds all sources, by impt's language and by the peer's, and
// compares the texts, the errors and the warnings.
func (s *session) compareBuilder(ctx context.Context, out io.Writer) (bool, error) {
	cases, err := buildertest.Load(os.DirFS(builderCases), "*.txtar")
	if err != nil {
		return false, err
	}
	folder, err := peer.Builder(s.peer)
	if err != nil {
		return false, err
	}
	theBuilder := &builderPeer{folder: folder}
	defer theBuilder.stop()
	var same, onPurpose, wrong int
	started := time.Now()
	for i := range cases {
		c := &cases[i]
		if !strings.Contains(c.Name+"\n"+c.Text, s.options.run) {
			continue
		}
		theirs, err := theBuilder.run(ctx, c)
		if err != nil {
			return false, fmt.Errorf("%s: %w", c.Name, err)
		}
		ours := c.Run(ctx)
		switch found := builderDifferences(c, theirs, ours); {
		case len(found) > 0:
			wrong++
			fmt.Fprintf(out, "%s\n", c.Name)
			for _, d := range found {
				_, _ = io.WriteString(out, d.show())
			}
		case c.Differs != "":
			onPurpose++
			s.rules.used[c.Differs]++
		default:
			same++
		}
	}
	fmt.Fprintf(out, "%d sources in %.0f s: %d as the peer, %d differ on purpose, %d wrong\n",
		same+onPurpose+wrong, time.Since(started).Seconds(), same, onPurpose, wrong)
	ok := wrong == 0
	if same+onPurpose+wrong == len(cases) {
		ok = s.rules.reportUnused(out, builderEntries) && ok
	}
	return ok, nil
}

// builderDifferences finds what is not as it should be: that of the peer, or
// what a case says that cites an entry.
func builderDifferences(c *buildertest.Case, theirs, ours buildertest.Outcome) []Difference {
	if c.Differs == "" {
		return outcomeDifferences(theirs, ours)
	}
	if len(outcomeDifferences(theirs, ours)) == 0 {
		return []Difference{{What: "as in the peer, and not different as " + c.Differs + " says"}}
	}
	return outcomeDifferences(c.Want, ours)
}

func outcomeDifferences(expected, actual buildertest.Outcome) []Difference {
	var all []Difference
	e, a := reflect.ValueOf(expected), reflect.ValueOf(actual)
	for i := range e.NumField() {
		x, y := fmt.Sprint(e.Field(i).Interface()), fmt.Sprint(a.Field(i).Interface())
		if x != y {
			all = append(all, Difference{strings.ToLower(e.Type().Field(i).Name), x, y})
		}
	}
	return all
}

// builderPeer is a process that runs the peer's Builder. It is started anew
// after a source that it could not finish.
type builderPeer struct {
	folder, work string
	process      *exec.Cmd
	in           io.WriteCloser
	out          chan string
}

// builderLimit is how long the peer may take for a source.
const builderLimit = 3 * time.Second

var errBuilderStopped = errors.New("the peer's Builder ended")

func (p *builderPeer) run(ctx context.Context, c *buildertest.Case) (buildertest.Outcome, error) {
	var o buildertest.Outcome
	if p.process == nil {
		if err := p.start(ctx); err != nil {
			return o, err
		}
	}
	line, err := json.Marshal(c)
	if err != nil {
		return o, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return o, err
	}
	select {
	case answer, ok := <-p.out:
		if !ok {
			return o, errBuilderStopped
		}
		return o, json.Unmarshal([]byte(answer), &o)
	case <-time.After(builderLimit):
		p.stop()
		return buildertest.Outcome{Error: "(does not end)"}, nil
	}
}

func (p *builderPeer) start(ctx context.Context) error {
	var err error
	if p.work, err = os.MkdirTemp("", "compare-builder"); err != nil {
		return err
	}
	p.process = exec.CommandContext(ctx, "node", "-e", builderDriver, p.folder, filepath.Join(p.work, "root")) //nolint:gosec // the driver is ours
	if p.in, err = p.process.StdinPipe(); err != nil {
		return err
	}
	stdout, err := p.process.StdoutPipe()
	if err != nil {
		return err
	}
	p.process.Stderr = os.Stderr //nolint:forbidigo // tells why the peer ended
	if err := p.process.Start(); err != nil {
		return err
	}
	out := make(chan string)
	p.out = out
	go func() {
		defer close(out)
		lines := bufio.NewReader(stdout)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			out <- line
		}
	}()
	if _, ok := <-out; !ok { // it is ready: what it takes to start does not count
		return errBuilderStopped
	}
	return nil
}

func (p *builderPeer) stop() {
	if p.process == nil {
		return
	}
	_ = p.process.Process.Kill()
	for range p.out { // until the pipe is closed
	}
	_ = p.process.Wait()
	_ = os.RemoveAll(p.work)
	p.process = nil
}
