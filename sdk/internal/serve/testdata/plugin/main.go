// The plugin that the host is tested with. Its commands are what a plugin may
// do well or badly.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/electricimp/impt/sdk/internal/serve"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func main() {
	fmt.Println("a line that an author prints before Serve")
	name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(os.Args[0]), "impt-plugin-"), ".exe")
	os.Exit(serve.Serve(serve.Group{
		Name:    name,
		Version: "1.2.3",
		Describe: func(context.Context, *pluginv1.DescribeRequest) (*pluginv1.Manifest, error) {
			return &pluginv1.Manifest{Name: name, Version: "1.2.3", Synopsis: "Is tested."}, nil
		},
		Run: run,
	}))
}

func run(ctx context.Context, host pluginv1.HostClient, r *pluginv1.RunRequest) error {
	switch r.GetCommand() {
	case "panic":
		panic("at the disco")
	case "goexit":
		runtime.Goexit()
	case "print":
		for range 10_000 {
			fmt.Println("a line for the log that nobody should have to wait for")
		}
	case "stdin":
		b, err := io.ReadAll(os.Stdin)
		return errors.Join(err, say(ctx, host, fmt.Sprintf("%d bytes", len(b))))
	case "wait":
		_ = say(ctx, host, "waiting")
		<-ctx.Done()
		// The run is interrupted; what was done can still be told.
		return say(context.WithoutCancel(ctx), host, "cleaned up")
	case "environ":
		return say(ctx, host, strings.Join(os.Environ(), "\n"))
	case "say":
		return say(ctx, host, "hello")
	}
	return nil
}

func say(ctx context.Context, host pluginv1.HostClient, text string) error {
	_, err := host.Say(ctx, &pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_INFO, Text: text})
	return err
}
