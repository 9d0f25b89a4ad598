package serve

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// maxStack is how many bytes of a stack the host is told.
const maxStack = 32 << 10

var (
	errGoexit = errors.New("the goroutine of the command has ended by runtime.Goexit")
	errNoHost = errors.New("the host gave no address of its service")
)

// server answers the host's calls out of a Group.
type server struct {
	pluginv1.UnimplementedCommandGroupServer
	group   Group
	host    pluginv1.HostClient // nil when there is no Host
	streams *streams

	once        sync.Once
	interrupted chan struct{} // closed when a cancelled command has returned
}

func (s *server) Describe(ctx context.Context, r *pluginv1.DescribeRequest) (*pluginv1.DescribeResponse, error) {
	s.streams.restore()
	var manifest *pluginv1.Manifest
	err := s.guarded(func() (err error) {
		manifest, err = s.group.Describe(ctx, r)
		return err
	})
	if err != nil {
		return nil, fault.Status(err)
	}
	return &pluginv1.DescribeResponse{Manifest: manifest}, nil
}

func (s *server) Run(ctx context.Context, r *pluginv1.RunRequest) (*pluginv1.RunResponse, error) {
	s.streams.restore()
	if s.host == nil {
		return nil, fault.Status(errNoHost)
	}
	err := s.guarded(func() error { return s.group.Run(ctx, s.host, r) })
	if ctx.Err() != nil {
		// The host no longer reads the answer; it waits for the process.
		s.once.Do(func() { close(s.interrupted) })
	}
	if err != nil {
		return nil, fault.Status(err)
	}
	return &pluginv1.RunResponse{}, nil
}

// guarded calls the author's function on a goroutine of its own, so that a
// panic and runtime.Goexit become answers.
func (s *server) guarded(f func() error) error {
	done := make(chan error, 1)
	go func() {
		cause := errGoexit
		returned := false
		defer func() {
			if r := recover(); r != nil {
				cause = fmt.Errorf("panic: %v\n\n%s", r, shortened(debug.Stack()))
			}
			if !returned {
				done <- fault.Crashed(s.group.Name, s.group.Version, cause)
			}
		}()
		err := f()
		returned = true
		done <- err
	}()
	return <-done
}

func shortened(stack []byte) []byte {
	return stack[:min(len(stack), maxStack)]
}
