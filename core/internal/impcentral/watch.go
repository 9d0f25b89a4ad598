package impcentral

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/electricimp/impt/sdk/fault"
)

// watcher follows one log stream over all its connections.
type watcher struct {
	c       *Client
	id      string
	devices []string
	on      StreamEvents

	opened   chan struct{} // closed by the stream's first event
	isOpened bool
	added    chan error // how adding the devices ended
	running  sync.WaitGroup

	connected bool // once at least
	failures  int  // connections that failed since the last good one
	lastID    string
	retry     time.Duration
}

func (c *Client) watch(ctx context.Context, id string, devices []string, on StreamEvents) error {
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{
		c: c, id: id, devices: devices, on: on, retry: firstRetry,
		opened: make(chan struct{}), added: make(chan error, 1),
	}
	defer w.running.Wait()
	defer cancel()
	for {
		err := w.connection(ctx)
		if !errors.Is(err, errReconnect) {
			return err
		}
		// It may be long before there is a connection again, which would tell.
		select {
		case err := <-w.added:
			if err != nil {
				return err
			}
			w.added <- nil
		default:
		}
		if err := c.cfg.Clock.Wait(ctx, w.pause()); err != nil {
			return c.failure(ctx, err)
		}
	}
}

// connection follows the stream for the length of one connection.
func (w *watcher) connection(ctx context.Context) error {
	conn, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	resp, err := w.c.events(conn, stop, w.id, w.lastID)
	if err != nil {
		return w.notConnected(ctx, err)
	}
	if !w.connected {
		w.connected = true
		// The devices stay on the stream when the connection does not.
		w.running.Go(func() { w.added <- w.add(ctx) })
	}
	return w.follow(conn, resp)
}

// errReconnect tells watch to make another connection.
var errReconnect = errors.New("the connection of the log stream is lost")

// pause is how long to wait before the next connection.
func (w *watcher) pause() time.Duration {
	if w.failures <= patientBefore {
		return w.retry
	}
	slower := w.retry << min(w.failures-patientBefore, 10)
	slower = max(min(slower, longestPause), w.retry)
	return slower + w.c.cfg.Jitter(slower)
}

// events opens one connection of a log stream. Its id is all that it needs: the
// token stays here.
func (c *Client) events(
	ctx context.Context, stop context.CancelCauseFunc, id, lastID string,
) (*http.Response, error) {
	query := []Param{{"format", "json"}}
	target, err := c.target(Request{Path: []string{"logstream", id}, Query: query})
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	header.Set("User-Agent", c.cfg.UserAgent)
	header.Set("Accept", "text/event-stream")
	header.Set("Cache-Control", "no-cache")
	if lastID != "" {
		header.Set("Last-Event-Id", lastID)
	}
	resp, err := c.follow(ctx, http.MethodGet, target, header, nil)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	body, err := c.readBody(resp, stop)
	if err != nil {
		return nil, &broken{reading, err}
	}
	return nil, &refusal{fault: apiFault(answer{resp.StatusCode, resp.Header, body})}
}

// notConnected decides what follows when a connection could not be made.
func (w *watcher) notConnected(ctx context.Context, err error) error {
	refused, ok := errors.AsType[*refusal](err)
	if ok && !passing(refused.fault.Status) {
		refused.reopening = w.connected
		return refused
	}
	w.failures++
	if ctx.Err() == nil && (w.connected || w.failures <= w.c.cfg.Limits.Retries) {
		return errReconnect
	}
	if ok {
		return refused.fault
	}
	return w.c.failure(ctx, err)
}

// passing tells statuses after which the same stream may go on.
func passing(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
		http.StatusGatewayTimeout, http.StatusTooManyRequests:
		return true
	default:
		return false
	}
}

// add adds the devices as soon as the stream says that it is open, or has had
// time to.
func (w *watcher) add(ctx context.Context) error {
	settling, settled := context.WithCancel(ctx)
	defer settled()
	go func() {
		select {
		case <-w.opened:
			settled()
		case <-settling.Done():
		}
	}()
	_ = w.c.cfg.Clock.Wait(settling, w.c.cfg.Limits.Settle)
	if ctx.Err() != nil {
		return w.c.failure(ctx, ctx.Err())
	}
	var group errgroup.Group
	group.SetLimit(addedAtOnce)
	failed := make([]error, len(w.devices))
	for i, d := range w.devices {
		group.Go(func() error {
			_, failed[i] = w.c.Do(ctx, Request{Method: http.MethodPut, Path: []string{"logstream", w.id, d}})
			return nil
		})
	}
	_ = group.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// follow hands over what one connection brings, until its end.
func (w *watcher) follow(ctx context.Context, resp *http.Response) error {
	w.failures = 0
	ctx, cancel := context.WithCancel(ctx)
	arrivals := make(chan arrival, eventsAhead)
	reader := newEventReader(resp.Body, w.c.cfg.Limits.Line)
	reader.lastID = w.lastID
	done := make(chan struct{})
	go func() {
		defer close(done)
		read(ctx, reader, arrivals)
	}()
	err := w.receive(ctx, arrivals)
	cancel()
	_ = resp.Body.Close()
	<-done
	w.lastID = reader.lastID
	if reader.retry > 0 {
		w.retry = min(reader.retry, longestRetry)
	}
	return err
}

// receive calls the caller's functions, all from one goroutine.
func (w *watcher) receive(ctx context.Context, arrivals <-chan arrival) error {
	for {
		select {
		case a := <-arrivals:
			end, err := w.deliver(a, arrivals)
			if end || err != nil {
				return err
			}
		case err := <-w.added:
			w.added = nil
			if err != nil {
				return err
			}
			if w.on.Opened != nil {
				w.on.Opened()
			}
		case <-ctx.Done():
			return w.c.failure(ctx, ctx.Err())
		}
	}
}

// deliver hands over a and what else has arrived, and tells whether the stream
// has ended.
func (w *watcher) deliver(a arrival, arrivals <-chan arrival) (end bool, err error) {
	var batch []json.RawMessage
	for a.entry != nil {
		batch = append(batch, a.entry)
		a = arrival{}
		if len(batch) < batchSize {
			select {
			case a = <-arrivals:
			default:
			}
		}
	}
	if len(batch) > 0 && w.on.Entries != nil {
		if err := w.on.Entries(batch); err != nil {
			return false, err
		}
	}
	if a.state == "opened" && !w.isOpened {
		w.isOpened = true
		close(w.opened)
	}
	return a.state == "closed", a.err
}

// arrival is one thing that a stream brought: an entry, a state, or its end.
type arrival struct {
	entry json.RawMessage
	state string
	err   error
}

// read reads one connection until its end, which is the last arrival.
func read(ctx context.Context, r *eventReader, arrivals chan<- arrival) {
	for {
		e, err := r.next()
		a := understand(e, err)
		if a.entry == nil && a.state == "" && a.err == nil {
			continue
		}
		select {
		case arrivals <- a:
		case <-ctx.Done():
			return
		}
		if a.err != nil {
			return
		}
	}
}

func understand(e event, err error) arrival {
	switch {
	case errors.Is(err, errLongLine):
		return arrival{err: &fault.Fault{
			Sentence: "Internal error: Unexpected format of log stream message.", Cause: err,
		}}
	case err != nil:
		return arrival{err: fmt.Errorf("%w: %w", errReconnect, err)}
	case e.name == "message":
		if !json.Valid(e.data) || !isObject(e.data) {
			return arrival{err: fault.UnexpectedMessage(string(e.data))}
		}
		return arrival{entry: bytes.Clone(e.data)}
	case e.name == "state_change":
		var change struct {
			State string `json:"state"`
		}
		if err := json.Unmarshal(e.data, &change); err != nil || !isObject(e.data) {
			return arrival{err: fault.UnexpectedMessage(string(e.data))}
		}
		return arrival{state: change.State}
	default:
		return arrival{}
	}
}

func isObject(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && text[0] == '{'
}
