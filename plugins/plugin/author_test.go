package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
)

// author is somebody who makes a plugin with the checkout that is tested.
type author struct {
	*testing.T
	impt plugintest.Impt
	dir  string
	env  []string
}

func newAuthor(t *testing.T) *author {
	t.Helper()
	for _, program := range []string{"go", "make"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("an author needs %s: %v", program, err)
		}
	}
	a := &author{T: t, impt: plugintest.Find(t), dir: t.TempDir()}
	home := filepath.Join(a.dir, "home")
	require.NoError(t, os.MkdirAll(home, 0o700))
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE").Output()
	require.NoError(t, err)
	lines := strings.Split(string(cache), "\n")
	// The programs of the machine, and what was fetched and built before.
	a.env = a.impt.Environment(t, home, "PATH="+os.Getenv("PATH"), "GOCACHE="+lines[0], "GOMODCACHE="+lines[1],
		"GOFLAGS=-mod=readonly", "GOPROXY=off", "IMPT="+a.impt.Path)
	return a
}

// does runs a program in a folder, which must succeed, and returns what it
// printed.
func (a *author) does(folder, program string, args ...string) string {
	a.Helper()
	out, err := a.tries(folder, program, args...)
	require.NoError(a, err, "%s %v\n%s", program, args, out)
	return out
}

func (a *author) tries(folder, program string, args ...string) (string, error) {
	if program == "impt" {
		program = a.impt.Path
	}
	cmd := exec.CommandContext(a.Context(), program, args...)
	cmd.Dir, cmd.Env = filepath.Join(a.dir, folder), a.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (a *author) write(name, content string) {
	a.Helper()
	require.NoError(a, os.WriteFile(filepath.Join(a.dir, name), []byte(content), 0o600))
}

// TestAnAuthorsFirstMinute goes the way of a new author, without an edit, and
// tells how long it took.
func TestAnAuthorsFirstMinute(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the Makefile of a new plugin is for Unix")
	}
	a := newAuthor(t)
	checkout, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	begun := time.Now()
	lap := func(what string) { t.Logf("%6.1f s  %s", time.Since(begun).Seconds(), what) }

	a.does("", "impt", "plugin", "new", "stamp", "--vendor", "acme", "--sdk", checkout)
	lap("begun")
	const folder = "impt-plugin-stamp"
	a.does(folder, "make", "build")
	lap("built")
	a.does(folder, "make", "test")
	lap("tested")
	a.does(folder, "make", "check")
	lap("checked")
	a.does(folder, "make", "pack", "SYSTEMS="+runtime.GOOS+"/"+runtime.GOARCH)
	lap("packed")
	a.does(folder, "impt", "plugin", "install", "build/stamp.tar.gz", "--unsigned", "--grant", "all")
	require.Equal(t, "Hello, Ann!\nIMPT COMMAND SUCCEEDS\n", a.does("", "impt", "stamp", "greet", "--name", "Ann"))
	lap("installed and run")
	a.does("", "impt", "plugin", "remove", "stamp", "--confirmed")
	require.Contains(t, a.does(folder, "impt", "plugin", "dev", "."), `Plugin "acme/stamp" is used from its source now.`)
	said := a.does("", "impt", "stamp", "greet", "--name", "Ann")
	require.Contains(t, said, "Hello, Ann!\nIMPT COMMAND SUCCEEDS")
	require.Contains(t, said, `Plugin "acme/stamp" is used from its source in `)
	lap("used from its source")

	// A change is seen by the next run.
	a.write(filepath.Join(folder, "further.go"), `package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
)

var further = sdk.Command{
	Name: "further", Group: "build", Synopsis: "Goes further.",
	Run: func(ctx context.Context, c *sdk.Call) error { return c.Say(ctx, "further") },
}
`)
	main, err := os.ReadFile(filepath.Join(a.dir, folder, "main.go"))
	require.NoError(t, err)
	a.write(filepath.Join(folder, "main.go"), string(main)+"\nfunc init() { group.Commands = append(group.Commands, further) }\n")
	require.Contains(t, a.does("", "impt", "build", "--help"), "Goes further. (acme/stamp)")
	require.Contains(t, a.does("", "impt", "build", "further"), "further\n")
	lap("changed")

	// One that cannot be built is used as it was.
	a.write(filepath.Join(folder, "broken.go"), "package main\n\nvar x int = \"\"\n")
	said = a.does("", "impt", "stamp", "greet")
	require.Contains(t, said, "broken.go:3:")
	require.Contains(t, said, `Plugin "stamp" is used as it was built last.`)
	require.Contains(t, said, "Hello, world!")
	a.does(folder, "impt", "plugin", "dev", ".", "--undo")
	_, err = a.tries("", "impt", "stamp", "greet")
	require.Error(t, err)
}
