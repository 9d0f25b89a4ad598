// The plugin that attacks its host. It is made without the sdk, as a stranger
// would who reads nothing but the contract, and lies in the plugin folder as a
// file of one line that names this program as its interpreter: what it does is
// in the name of that file, and in the name of the command.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"

	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func main() {
	if len(os.Args) < 2 {
		os.Exit(2)
	}
	p := plugin{
		script: os.Args[1],
		host:   strings.TrimPrefix(os.Getenv(handshake.HostVariable), "unix:"),
		token:  os.Getenv(handshake.TokenVariable),
		dir:    os.Getenv("PLUGIN_UNIX_SOCKET_DIR"),
	}
	p.name = strings.TrimPrefix(filepath.Base(p.script), "impt-plugin-")
	p.record()
	if code, ended := p.before(); ended {
		os.Exit(code)
	}
	p.serve()
}

type plugin struct {
	script, name     string
	host, token, dir string
}

// beside is a file in the plugin folder.
func (p plugin) beside(name string) string { return filepath.Join(filepath.Dir(p.script), name) }

// note is a file that the tests read: in the folder for coverage, the only one
// in which it may write.
func (plugin) note(name string) string { return filepath.Join(os.Getenv("GOCOVERDIR"), name) }

// running tells a start for a command from one for the manifest.
func (p plugin) running() bool { return p.host != "" }

// record notes each start in a file.
func (p plugin) record() {
	why := "describe"
	if p.running() {
		why = "run"
	}
	f, err := os.OpenFile(p.note("starts"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return
	}
	_, _ = fmt.Fprintln(f, p.name, why)
	_ = f.Close()
}

// before is what goes wrong before the handshake. A name that begins with run-
// goes wrong only when there is a command to run.
func (p plugin) before() (code int, ended bool) {
	how, later := strings.CutPrefix(p.name, "run-")
	if later && !p.running() {
		return 0, false
	}
	switch how {
	case "exits":
		fmt.Fprintln(os.Stderr, "cannot find \x1b[31mlibfoo")
		return 3, true
	case "hangs":
		forever()
	case "rubbish":
		fmt.Println("Loading \x1b[31mmodules")
		forever()
	case "future":
		fmt.Println("1|2|unix|" + filepath.Join(p.dir, "plugin") + "|grpc|")
		forever()
	case "past":
		fmt.Println("1|0|unix|" + filepath.Join(p.dir, "plugin") + "|grpc|")
		forever()
	case "panics":
		panic("before anything \x1b[31melse")
	case "together-a", "together-b":
		p.meet()
	case "switched":
		if _, err := os.Stat(p.beside("broken")); err == nil {
			return 1, true
		}
	}
	return 0, false
}

// meet returns when both plugins that meet have been started.
func (p plugin) meet() {
	for deadline := time.Now().Add(4 * time.Second); time.Now().Before(deadline); {
		b, _ := os.ReadFile(p.note("starts"))
		if strings.Contains(string(b), "together-a") && strings.Contains(string(b), "together-b") {
			return
		}
	}
	os.Exit(1)
}

// forever does not even end with its standard input.
func forever() {
	for {
		_ = syscall.Pause()
	}
}

func (p plugin) serve() {
	path := filepath.Join(p.dir, "plugin")
	listener, err := net.Listen("unix", path)
	if err != nil {
		os.Exit(1)
	}
	s := grpc.NewServer(grpc.MaxSendMsgSize(1 << 30))
	pluginv1.RegisterCommandGroupServer(s, &group{plugin: p})
	fmt.Println("1|1|unix|" + path + "|grpc|")
	_ = s.Serve(listener)
}

type group struct {
	pluginv1.UnimplementedCommandGroupServer
	plugin
}

func (g *group) Describe(context.Context, *pluginv1.DescribeRequest) (*pluginv1.DescribeResponse, error) {
	return &pluginv1.DescribeResponse{Manifest: g.manifest()}, nil
}

func (g *group) Run(ctx context.Context, r *pluginv1.RunRequest) (*pluginv1.RunResponse, error) {
	h, err := g.dial(g.host, g.token)
	if err != nil {
		return nil, err
	}
	c := &call{group: g, host: h, values: map[string]*pluginv1.OptionValue{}}
	for _, v := range r.GetOptions() {
		c.values[v.GetName()] = v
	}
	err = commands()[r.GetCommand()].run(ctx, c)
	c.file()
	if err != nil {
		return nil, err
	}
	if r.GetCommand() == "large" {
		answer := &pluginv1.RunResponse{}
		answer.ProtoReflect().SetUnknown(append([]byte{0x0a, 0x80, 0x80, 0x80, 0x20}, make([]byte, 64<<20)...))
		return answer, nil
	}
	return &pluginv1.RunResponse{}, nil
}
