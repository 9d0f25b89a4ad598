package app_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/app"
)

// hastyVariable makes this binary an impt with little patience for plugins.
const hastyVariable = "IMPT_TEST_HASTY"

// bounded, as its value, makes it one that gives plugins little of everything
// else.
const bounded = "bounded"

// leaderVariable makes this binary the leader of a session on a terminal: what
// the leader itself has written and nobody has read is lost when it ends.
const leaderVariable = "IMPT_TEST_LEADER"

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(hastyVariable) == bounded:
		os.Exit(app.Main(app.Bounded(app.OS())))
	case os.Getenv(hastyVariable) != "":
		os.Exit(app.Main(app.Hasty(app.OS())))
	case os.Getenv(leaderVariable) != "":
		lead()
	}
	code := m.Run()
	if tree != "" {
		_ = os.RemoveAll(tree)
	}
	os.Exit(code)
}

// ended is what the leader writes when its program has.
const ended = "\x00ended with "

// lead runs the program of the arguments, tells how it ended, and stays.
func lead() {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // it is for the program
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, leaderVariable) })
	_ = cmd.Run()
	fmt.Printf("%s%d\n", ended, cmd.ProcessState.ExitCode())
	select {}
}

// nobody is who runs the program when the tests are run by root, from whom
// nothing is hidden: his processes and files are then those of somebody else.
const nobody = 65534

// own makes files those of the user who runs the program.
func own(t testing.TB, paths ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	for _, p := range paths {
		require.NoError(t, os.Lchown(p, nobody, nobody))
	}
}

func attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setsid: true}
	if os.Geteuid() == 0 {
		a.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return a
}

// programs are where everything is that the tests run.
type programs struct {
	impt    string // with its bundled plugins around it
	bundled string
	evil    string // the interpreter of hostile plugins
	panics  string // a plugin made with the sdk
	frozen  string // a plugin of the first contract
	hasty   string // impt with little patience
	index   string // what impt keeps of the bundled plugins
}

// tree is the folder that build has made.
var tree string

// groups are the bundled plugins that the tests need.
var groups = []string{"auth", "device", "log", "loginkey", "product"}

// build builds the programs as they are released, once, and copies them to
// where every user can read them: the folder of a test is closed to others.
var build = sync.OnceValues(func() (programs, error) {
	built, unlock, err := compile()
	if err != nil {
		return programs{}, err
	}
	defer unlock()
	if tree, err = os.MkdirTemp("", "impt-app"); err != nil {
		return programs{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return programs{}, err
	}
	p := programs{
		impt:    filepath.Join(tree, "bin", "impt"),
		bundled: filepath.Join(tree, "libexec", "impt", "plugins"),
		evil:    filepath.Join(tree, "evil"),
		panics:  filepath.Join(tree, "panics"),
		frozen:  filepath.Join(tree, "frozen"),
		hasty:   filepath.Join(tree, "hasty"),
		index:   filepath.Join(tree, "cache", "impt", "plugins.index"),
	}
	err = errors.Join(os.Chmod(tree, 0o755), os.MkdirAll(filepath.Dir(p.impt), 0o755), os.MkdirAll(p.bundled, 0o755))
	for from, to := range map[string]string{
		filepath.Join(built, "impt"): p.impt, filepath.Join(built, "evil"): p.evil,
		filepath.Join(built, "panics"): p.panics, filepath.Join(built, "frozen"): p.frozen, self: p.hasty,
	} {
		err = errors.Join(err, copyFile(to, from))
	}
	for _, g := range groups {
		err = errors.Join(err, copyFile(filepath.Join(p.bundled, "impt-plugin-"+g), filepath.Join(built, g)))
	}
	if err != nil {
		return programs{}, err
	}
	return p, p.fillIndex()
})

// compile runs the go command, which does nothing when nothing has changed, nor
// if the same was built by make.
func compile() (folder string, unlock func(), err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil, err
	}
	source, err := os.Getwd()
	if err != nil {
		return "", nil, err
	}
	folder = filepath.Join(cache, "impt-app-test", fmt.Sprintf("%x", sha256.Sum256([]byte(source)))[:12])
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", nil, err
	}
	lock := flock.New(filepath.Join(folder, "lock"))
	if err := lock.Lock(); err != nil {
		return "", nil, err
	}
	const module = "github.com/electricimp/impt/"
	args := []string{
		"build", "-trimpath", "-tags=grpcnotrace", "-ldflags=-s -w", "-o", folder + "/",
		module + "core/cmd/impt", module + "core/internal/app/testdata/evil", module + "core/internal/app/testdata/panics",
		module + "core/internal/app/testdata/frozen",
	}
	for _, g := range groups {
		args = append(args, module+"plugins/"+g)
	}
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("building the programs: %w\n%s", err, out)
	}
	return folder, func() { _ = lock.Close() }, nil
}

func copyFile(to, from string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, source)
	return errors.Join(err, f.Close())
}

// fillIndex has the bundled plugins described.
func (p programs) fillIndex() error {
	cache := filepath.Dir(filepath.Dir(p.index))
	if err := os.Mkdir(cache, 0o755); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(cache, nobody, nobody); err != nil {
			return err
		}
	}
	cmd := exec.Command(p.impt, "--version")
	cmd.Env = []string{"HOME=" + cache, "XDG_CACHE_HOME=" + cache}
	cmd.SysProcAttr = attributes()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("filling the index: %w\n%s", err, out)
	}
	return nil
}

// patience is how long anything may take that has no limit of its own.
const patience = 20 * time.Second

// within is the test's context, with an end.
func within(t testing.TB, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}
