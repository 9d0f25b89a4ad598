// Command specs runs the specifications that come with the peer, which were
// written for an installed impt and the real impCloud, with impt or with the
// peer itself. Each file of them gets a simulated impCloud of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil { //nolint:forbidigo // the root of this program
		fmt.Fprintln(os.Stderr, "specs:", err) //nolint:forbidigo // the root of this program
		os.Exit(1)                             //nolint:forbidigo // the root of this program
	}
}

// suite is what is run.
type suite struct {
	peer, impt  string
	modes, only string
	node        string
	dir         string // where the specifications lie for this run
}

func run(ctx context.Context, out io.Writer, args []string) (err error) {
	var s suite
	flags := flag.NewFlagSet("specs", flag.ContinueOnError)
	flags.StringVar(&s.peer, "peer", "", "the `folder` of the peer, with its specifications and what they require")
	flags.StringVar(&s.impt, "impt", "", "the program `file`; without it the peer is run")
	flags.StringVar(&s.modes, "modes", "minimal,json,debug", "the output `modes` besides text")
	flags.StringVar(&s.only, "run", "", "only files whose path has `text`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if s.node, err = exec.LookPath("node"); err != nil {
		return fmt.Errorf("the specifications need Node: %w", err)
	}
	files, err := s.prepare()
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(s.dir) }()
	var all counts
	for _, f := range files {
		c, err := s.file(ctx, out, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		all.specs, all.failures, all.pending = all.specs+c.specs, all.failures+c.failures, all.pending+c.pending
	}
	fmt.Fprintf(out, "%-50s %s\n", fmt.Sprintf("%d files", len(files)), all)
	return nil
}

// prepare makes a copy of the specifications, which work in the folder beside
// them, and returns their files.
func (s *suite) prepare() (files []string, err error) {
	for _, path := range []*string{&s.peer, &s.impt} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return nil, err
		}
	}
	if s.dir, err = os.MkdirTemp("", "specs"); err != nil {
		return nil, err
	}
	for _, name := range []string{"bin", "lib", "node_modules", "package.json"} {
		if err := os.Symlink(filepath.Join(s.peer, name), filepath.Join(s.dir, name)); err != nil {
			return nil, err
		}
	}
	if err := os.CopyFS(filepath.Join(s.dir, "spec"), os.DirFS(filepath.Join(s.peer, "spec"))); err != nil {
		return nil, err
	}
	// They run the peer with node, from the path.
	script := fmt.Sprintf("#!/bin/sh\ncase \"$1\" in */bin/impt) shift; exec '%s' \"$@\";; esac\nexec '%s' \"$@\"\n", s.impt, s.node)
	shim := filepath.Join(s.dir, "path", "node")
	if err := os.Mkdir(filepath.Dir(shim), 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(shim, []byte(script), 0o700); err != nil { //nolint:gosec // it is executed
		return nil, err
	}
	err = fs.WalkDir(os.DirFS(s.dir), "spec", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".spec.js") && strings.Contains(path, s.only) {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// counts are how many specifications a file has.
type counts struct{ specs, failures, pending int }

func (c counts) String() string {
	return fmt.Sprintf("%4d specs %3d failures %3d pending", c.specs, c.failures, c.pending)
}

var (
	counted = regexp.MustCompile(`(?m)^(\d+) specs?, (\d+) failures?(?:, (\d+) pending specs?)?$`)
	failure = regexp.MustCompile(`(?m)^\d+\) .+$`)
)

var errNoCount = errors.New("it did not come to its end")

// file runs one file of specifications.
func (s *suite) file(ctx context.Context, out io.Writer, name string) (c counts, err error) {
	cloud, err := newCloud(s.dir)
	if err != nil {
		return c, err
	}
	defer cloud.close()
	home, err := os.MkdirTemp(s.dir, "home")
	if err != nil {
		return c, err
	}
	path := os.Getenv("PATH") //nolint:forbidigo // that node needs
	if s.impt != "" {
		path = filepath.Join(s.dir, "path") + string(filepath.ListSeparator) + path
	}
	cmd := exec.CommandContext(ctx, s.node, filepath.Join("node_modules", "jasmine", "bin", "jasmine.js"), name) //nolint:gosec // that is what this program is for
	cmd.Dir = s.dir
	cmd.Env = append(cloud.env(), "PATH="+path, "HOME="+home, "LANG=C", "IMPT_OUTPUT_MODES="+s.modes)
	began := time.Now()
	printed, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return c, err
	}
	m := counted.FindStringSubmatch(string(printed))
	if m == nil {
		return c, fmt.Errorf("%w:\n%s", errNoCount, printed)
	}
	for i, to := range []*int{&c.specs, &c.failures, &c.pending} {
		*to, _ = strconv.Atoi(m[i+1])
	}
	fmt.Fprintf(out, "%-50s %s %4.0f s\n", strings.TrimPrefix(name, "spec/"), c, time.Since(began).Seconds())
	failures, _, _ := strings.Cut(string(printed), "\nPending:\n")
	for _, title := range failure.FindAllString(failures, -1) {
		fmt.Fprintln(out, "  "+title)
	}
	return c, nil
}
