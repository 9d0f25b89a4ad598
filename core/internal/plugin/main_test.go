//nolint:forbidigo // this binary is a plugin and a host, too
package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// hostVariable makes this binary a host that is to be killed.
const hostVariable = "IMPT_TEST_HOST"

// The test binary is the tests, the plugins (each a link to it whose name is
// what it does) and the host that is killed.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(handshake.CookieKey) != "":
		os.Exit(bePlugin())
	case os.Getenv(hostVariable) != "":
		os.Exit(beHost(context.Background()))
	}
	if err := copySelf(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(filepath.Dir(another))
	_ = os.RemoveAll(built)
	os.Exit(code)
}

// built is the folder that sdkPlugin has made.
var built string

// sdkPlugin builds the plugin that the sdk is tested with, as it is released,
// and returns a folder that holds it as the group stub.
var sdkPlugin = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "impt-sdk")
	if err != nil {
		return "", err
	}
	built = folder
	cmd := exec.Command("go", "build", "-trimpath", "-tags=grpcnotrace", "-ldflags=-s -w", "-o", filepath.Join(folder, "impt-plugin-stub"),
		"github.com/electricimp/impt/sdk/internal/serve/testdata/plugin")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return folder, errors.Join(err, errors.New(string(out)))
	}
	return folder, os.Chmod(folder, 0o755)
})

// install puts plugins that do what their names say into a folder. They are
// files of one line that this binary interprets: links to it would change it
// under the other tests.
func install(t testing.TB, folder string, names ...string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(folder, 0o755))
	self, err := os.Executable()
	require.NoError(t, err)
	for _, name := range names {
		require.NoError(t, os.WriteFile(filepath.Join(folder, filePrefix+name), []byte("#!"+self+"\n"), 0o755))
	}
}

// another is a copy of this binary. It is made before any test: a process that
// is started while it is written would keep it from being run.
var another string

func copySelf() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "impt-self")
	if err != nil {
		return err
	}
	another = filepath.Join(dir, "self")
	return os.WriteFile(another, b, 0o755)
}

// copied is this binary under another name, for other users.
func copied(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(publicDir(t), name)
	require.NoError(t, os.Link(another, path))
	return path
}

// invoked is the path of the plugin that this process is.
func invoked() string {
	if len(os.Args) > 1 {
		return os.Args[1]
	}
	return os.Args[0]
}

// publicDir is a folder that other users can read, which a test's own is not.
func publicDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "impt-plugins") //nolint:usetesting // a test's own folder is closed to others
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

// installed returns one such plugin, as if it had been described.
func installed(t testing.TB, name string) *Plugin {
	t.Helper()
	folder := publicDir(t)
	install(t, folder, name)
	return looked(t, filepath.Join(folder, filePrefix+name), name)
}

// bundled returns one that comes with the host, and so is not closed in.
func bundled(t testing.TB, name string) *Plugin {
	t.Helper()
	p := installed(t, name)
	p.Bundled = true
	return p
}

// stub returns the plugin made with the sdk.
func stub(t testing.TB) *Plugin {
	t.Helper()
	folder, err := sdkPlugin()
	require.NoError(t, err)
	return looked(t, filepath.Join(folder, filePrefix+"stub"), "stub")
}

func looked(t testing.TB, path, name string) *Plugin {
	t.Helper()
	p := &Plugin{Name: name, Path: path, Version: "1.2.3"}
	require.NoError(t, p.digest())
	var err error
	p.seen, err = identify(path)
	require.NoError(t, err)
	return p
}

// surroundings are those of one test, whose run directories nobody else uses.
func surroundings(t testing.TB) Environment {
	t.Helper()
	place, err := os.MkdirTemp("", "impt-run") //nolint:usetesting // a test's own folder has a long path
	require.NoError(t, err)
	t.Cleanup(func() {
		left, err := os.ReadDir(place)
		require.NoError(t, err)
		require.Empty(t, left, "run directories are left")
		require.NoError(t, os.RemoveAll(place))
	})
	return Environment{RuntimeDir: place}
}

// listener is a Host that hears what the plugin says.
type listener struct {
	pluginv1.UnimplementedHostServer
	said chan string
	hear func(context.Context, string) error
}

func newListener() *listener { return &listener{said: make(chan string, 16)} }

func (l *listener) Say(ctx context.Context, r *pluginv1.SayRequest) (*pluginv1.SayResponse, error) {
	if l.hear != nil {
		if err := l.hear(ctx, r.GetText()); err != nil {
			return nil, err
		}
	}
	select {
	case l.said <- r.GetText():
	default:
	}
	return &pluginv1.SayResponse{}, nil
}

// heard is the next thing that the plugin has said.
func (l *listener) heard(t testing.TB) string {
	t.Helper()
	select {
	case s := <-l.said:
		return s
	default:
		require.FailNow(t, "the plugin has said nothing")
		return ""
	}
}

// ample is time for what is only a moment on a machine that does nothing else.
const ample = time.Minute

// patient are limits for plugins that are started by many tests at once.
var patient = Limits{Start: ample, Describe: ample}

// roomy is memory for a large message when the race detector is there.
const roomy = 16 << 30

// request asks for a command, with a text for it.
func request(command string, text ...string) *pluginv1.RunRequest {
	r := &pluginv1.RunRequest{Command: command}
	for _, s := range text {
		r.Options = append(r.Options, &pluginv1.OptionValue{Name: "text", Value: &pluginv1.OptionValue_Text{Text: s}})
	}
	return r
}

// run runs one command of p and requires that nothing is left of it.
func run(t testing.TB, p *Plugin, h pluginv1.HostServer, r *pluginv1.RunRequest, l Limits) error {
	t.Helper()
	if l.Start == 0 {
		l.Start = ample
	}
	process, err := Start(t.Context(), p, StartOptions{Host: h, Environment: surroundings(t), Limits: l})
	if err != nil {
		return err
	}
	err = process.Run(t.Context(), r)
	require.NoError(t, process.Close())
	return err
}

// requireFault requires one sentence, and returns the fault.
func requireFault(t testing.TB, err error, sentence string) *fault.Fault {
	t.Helper()
	require.Error(t, err)
	f, ok := errors.AsType[*fault.Fault](err)
	require.True(t, ok, "%T: %v", err, err)
	require.Equal(t, sentence, f.Sentence)
	return f
}
