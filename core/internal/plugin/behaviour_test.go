//nolint:forbidigo // this is a plugin with a main of its own, made without the sdk
package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// bePlugin is a plugin that was made without the sdk. What it does before the
// handshake is in the name of its file, the rest in the name of the command.
func bePlugin() int {
	name := strings.TrimPrefix(filepath.Base(invoked()), filePrefix)
	log, version := os.Stderr, uint(handshake.Version)
	switch name {
	case "exits":
		fmt.Fprintln(os.Stderr, "cannot find \x1b[31mlibfoo")
		return 3
	case "hangs":
		forever()
	case "rubbish":
		fmt.Println("Loading \x1b[31mmodules")
	case "endless":
		b := []byte(strings.Repeat("x", 1<<16))
		for {
			_, _ = os.Stdout.Write(b)
		}
	case "elsewhere":
		fmt.Println("1|1|unix|/var/run/docker.sock|grpc|")
		forever()
	case "deaf":
		path := filepath.Join(os.Getenv(goplugin.EnvUnixSocketDir), "deaf")
		if _, err := net.Listen("unix", path); err != nil {
			return 1
		}
		fmt.Println("1|1|unix|" + path + "|grpc|")
		forever()
	case "absent":
		fmt.Println("1|1|unix|" + filepath.Join(os.Getenv(goplugin.EnvUnixSocketDir), "absent") + "|grpc|")
		forever()
	case "netrpc":
		fmt.Println("1|1|unix|/nowhere|netrpc|")
		forever()
	case "future":
		version = 2
	case "past":
		version = 0
	case "sleeper":
		forever()
	}
	if strings.HasPrefix(name, "obedient") {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  version,
			MagicCookieKey:   handshake.CookieKey,
			MagicCookieValue: handshake.CookieValue,
		},
		Plugins: goplugin.PluginSet{"group": &rawPlugin{server: &rawGroup{name: name, stderr: log}}},
		GRPCServer: func(o []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(o, grpc.MaxSendMsgSize(1<<30))...)
		},
		Logger: hclog.NewNullLogger(),
	})
	return 0
}

func forever() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	<-c
}

type rawPlugin struct {
	goplugin.NetRPCUnsupportedPlugin
	server pluginv1.CommandGroupServer
}

func (p *rawPlugin) GRPCServer(_ *goplugin.GRPCBroker, s *grpc.Server) error {
	pluginv1.RegisterCommandGroupServer(s, p.server)
	return nil
}

func (*rawPlugin) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.ErrUnsupported
}

type rawGroup struct {
	pluginv1.UnimplementedCommandGroupServer
	name   string
	stderr *os.File
}

func (g *rawGroup) Describe(context.Context, *pluginv1.DescribeRequest) (*pluginv1.DescribeResponse, error) {
	m := &pluginv1.Manifest{Name: g.name, Version: "1.2.3", Synopsis: "Does what its name says."}
	switch g.name {
	case "hollow":
		return &pluginv1.DescribeResponse{}, nil
	case "impostor":
		m.Name = "device"
	case "bloated":
		m.Description = strings.Repeat("x", 2<<20)
	case "bursting":
		m.Description = strings.Repeat("x", 64<<20)
	case "demanding":
		m.Requires = []string{"telepathy"}
	case "invalid":
		m.Synopsis = "invalid"
	case "slow":
		forever()
	case "once":
		// Fails when there is a file beside it.
		if _, err := os.Stat(filepath.Join(filepath.Dir(invoked()), "broken")); err == nil {
			return nil, errors.New("not today")
		}
	}
	if strings.HasPrefix(g.name, "vendored") {
		m.Vendor = "vendor-of-" + filepath.Base(filepath.Dir(invoked()))
		m.Commands = []*pluginv1.Command{{Name: "a", Group: "build"}, {Name: "b"}, {Name: "c"}}
	}
	return &pluginv1.DescribeResponse{Manifest: m}, nil
}

func (g *rawGroup) Run(ctx context.Context, r *pluginv1.RunRequest) (*pluginv1.RunResponse, error) {
	text := ""
	for _, o := range r.GetOptions() {
		text = o.GetText()
	}
	answer := &pluginv1.RunResponse{}
	switch r.GetCommand() {
	case "crash":
		go panic("in a goroutine")
		<-ctx.Done()
	case "exit":
		os.Exit(0)
	case "status":
		return nil, errors.New("a text for nobody")
	case "fault":
		return nil, fault.Status(fault.NotFound("device", "meter-7"))
	case "large":
		b := append([]byte{0x0a, 0x80, 0x80, 0x80, 0x20}, make([]byte, 64<<20)...)
		answer.ProtoReflect().SetUnknown(b)
	case "hang":
		err := say(ctx, strconv.Itoa(os.Getpid()))
		if err != nil {
			return nil, err
		}
		forever()
	case "grandchild":
		return answer, g.grandchild(ctx)
	case "flood":
		line := []byte(strings.Repeat("all work and no play ", 50) + "\n")
		for range 20_000 {
			_, _ = g.stderr.Write(line)
		}
	case "stdin":
		b, err := io.ReadAll(io.LimitReader(os.Stdin, 1))
		return answer, errors.Join(err, say(ctx, fmt.Sprintf("%d bytes", len(b))))
	case "tty":
		_, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
		return answer, say(ctx, fmt.Sprint(err))
	case "environ":
		return answer, say(ctx, strings.Join(os.Environ(), "\n"))
	case "parent":
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", os.Getppid()))
		return answer, say(ctx, fmt.Sprintf("%d bytes: %v", len(b), errors.Is(err, os.ErrPermission)))
	case "folder":
		dir, err := os.Getwd()
		return answer, errors.Join(err, say(ctx, dir))
	case "token":
		return answer, sayAs(ctx, text, "with another's token")
	case "quiet":
		return answer, sayAs(ctx, "", "without a token")
	case "late":
		go late(text)
	case "say":
		return answer, say(ctx, text)
	}
	return answer, nil
}

// grandchild leaves a process behind that holds what it has inherited.
func (g *rawGroup) grandchild(ctx context.Context) error {
	path := filepath.Join(filepath.Dir(invoked()), filePrefix+"sleeper")
	cmd := exec.Command(path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, g.stderr, g.stderr
	cmd.Env = os.Environ()
	if err := cmd.Start(); err != nil {
		return err
	}
	return say(ctx, strconv.Itoa(cmd.Process.Pid))
}

// late calls Host until it is refused, and writes down how.
func late(path string) {
	for {
		err := say(context.Background(), "still here")
		if err == nil {
			continue
		}
		f, ok := fault.Of(err)
		text := strconv.FormatBool(ok && f.Kind == fault.DeniedKind)
		_ = os.WriteFile(path+".new", []byte(text), 0o600)
		_ = os.Rename(path+".new", path)
		os.Exit(0)
	}
}

func say(ctx context.Context, text string) error {
	return sayAs(ctx, os.Getenv(handshake.TokenVariable), text)
}

func sayAs(ctx context.Context, token, text string) error {
	conn, err := grpc.NewClient("passthrough:///host",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", strings.TrimPrefix(os.Getenv(handshake.HostVariable), "unix:"))
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, handshake.TokenKey, token)
	}
	ctx, cancel := context.WithTimeout(ctx, ample)
	defer cancel()
	_, err = pluginv1.NewHostClient(conn).Say(ctx, &pluginv1.SayRequest{Text: text})
	return err
}
