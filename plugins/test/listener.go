package main

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
)

// listener has the log stream of some devices, which is opened when the first
// session needs it, and anew when it was closed.
type listener struct {
	c       *sdk.Call
	work    context.Context //nolint:containedctx // that of the stream, which outlives the calls
	devices []string

	mu       sync.Mutex
	cancel   context.CancelFunc
	open     chan struct{} // closed when the stream is open; nil: there is none
	ended    sync.WaitGroup
	sessions map[string]*lines
}

func newListener(work context.Context, c *sdk.Call, devices []entity.Entity) *listener {
	return &listener{c: c, work: work, devices: entity.IDs(devices), sessions: map[string]*lines{}}
}

// errClosed is that impCentral has closed the stream.
var errClosed = errors.New("the log stream is closed")

// opened returns a channel that is closed when no line is missed any more.
func (l *listener) opened() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open != nil {
		return l.open
	}
	ctx, cancel := context.WithCancel(l.work)
	open := make(chan struct{})
	l.cancel, l.open = cancel, open
	l.ended.Go(func() {
		defer cancel()
		ready := sync.OnceFunc(func() { close(open) })
		for batch, err := range l.c.FollowOpened(ctx, ready, l.devices...) {
			if err != nil {
				l.end(err)
				return
			}
			l.share(batch)
		}
		l.end(errClosed)
	})
	return open
}

// share hands the lines of a batch to the sessions of their devices.
func (l *listener) share(batch [][]byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range batch {
		var of struct {
			Device string `json:"device_id"`
		}
		if json.Unmarshal(line, &of) != nil || l.sessions[of.Device] == nil {
			continue
		}
		l.sessions[of.Device].add(line)
	}
}

// end tells all sessions that nothing more comes.
func (l *listener) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = nil
	for _, s := range l.sessions {
		s.end(err)
	}
}

// of returns the lines of a device from now on.
func (l *listener) of(device string) *lines {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions[device] = &lines{more: make(chan struct{}, 1)}
	return l.sessions[device]
}

func (l *listener) forget(device string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sessions, device)
}

func (l *listener) close() {
	l.mu.Lock()
	cancel := l.cancel
	l.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	l.ended.Wait()
}

// lines are those of one device that no session has taken yet. There may be
// any number, so that a slow session holds up no other one.
type lines struct {
	more chan struct{} // has something when there is more

	mu    sync.Mutex
	all   [][]byte
	ended error
}

func (s *lines) add(line []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, line)
	s.tell()
}

func (s *lines) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = err
	s.tell()
}

func (s *lines) tell() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

func (s *lines) take() (all [][]byte, ended error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, s.all = s.all, nil
	return all, s.ended
}

// clear forgets what the device has logged so far.
func (s *lines) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = nil
}
