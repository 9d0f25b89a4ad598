package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"strconv"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// call is one run.
type call struct {
	*group

	host   pluginv1.HostClient
	values map[string]*pluginv1.OptionValue

	mu     sync.Mutex
	report map[string]outcome
}

// outcome is what came of one attempt. The tests read it from the file report.
type outcome struct {
	Got    string
	Denied bool
	Err    string
}

// tried notes what came of an attempt.
func (c *call) tried(what string, got any, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.report == nil {
		c.report = map[string]outcome{}
	}
	o := outcome{}
	if err != nil {
		f, ok := fault.Of(err)
		o.Err, o.Denied = err.Error(), ok && f.Kind == fault.DeniedKind
	} else {
		text, _ := json.Marshal(got)
		o.Got = string(text)
		if s, ok := got.(string); ok {
			o.Got = s
		}
	}
	c.report[what] = o
}

// file writes the report, at once.
func (c *call) file() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.report == nil {
		return
	}
	text, _ := json.Marshal(c.report)
	path := c.note("report")
	_ = os.WriteFile(path+strconv.Itoa(os.Getpid()), text, 0o644)
	_ = os.Rename(path+strconv.Itoa(os.Getpid()), path)
}

func (c *call) text(option string) string { return c.values[option].GetText() }

// dial reaches a Host, not always our own.
func (plugin) dial(path, token string) (pluginv1.HostClient, error) {
	withToken := func(ctx context.Context) context.Context {
		if token == "" {
			return ctx
		}
		return metadata.AppendToOutgoingContext(ctx, handshake.TokenKey, token)
	}
	conn, err := grpc.NewClient("passthrough:///host",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}),
		grpc.WithUnaryInterceptor(func(ctx context.Context, method string, r, a any, cc *grpc.ClientConn, next grpc.UnaryInvoker, o ...grpc.CallOption) error {
			return next(withToken(ctx), method, r, a, cc, o...)
		}),
		grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, cc *grpc.ClientConn, method string, next grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
			return next(withToken(ctx), d, cc, method, o...)
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	return pluginv1.NewHostClient(conn), nil
}

func (c *call) say(ctx context.Context, text string) error {
	_, err := c.host.Say(ctx, &pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_INFO, Text: text})
	return err
}
