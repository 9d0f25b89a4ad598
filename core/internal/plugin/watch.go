package plugin

import (
	"context"
	"sync"
	"time"

	"github.com/electricimp/impt/sdk/fault"
)

// watch counts what a plugin that does not come with the host does, and ends
// its run when that is too much, or nothing. A nil watch lets everything pass.
type watch struct {
	plugin *Plugin
	limits Limits

	mu     sync.Mutex
	made   int       // calls, in all
	busy   int       // calls that do not wait for the plugin
	last   time.Time // when one was begun or ended last
	breach context.CancelCauseFunc
}

func newWatch(p *Plugin, l Limits) *watch {
	if p.Bundled {
		return nil
	}
	return &watch{plugin: p, limits: l, last: time.Now()}
}

// begin counts one call more, or says why it is one too many.
func (w *watch) begin() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made++
	var breach *fault.Fault
	switch {
	case w.made > w.limits.Calls:
		breach = w.plugin.tooMany("%d calls of impt in one run", w.limits.Calls)
	case w.busy >= w.limits.Together:
		breach = w.plugin.tooMany("%d calls of impt at once", w.limits.Together)
	default:
		w.busy++
		w.last = time.Now()
		return nil
	}
	if w.breach != nil {
		w.breach(breach)
	}
	return breach
}

func (w *watch) end() { w.count(-1) }

// wait says that a call waits for the plugin, until resume.
func (w *watch) wait() { w.count(-1) }

func (w *watch) resume() { w.count(1) }

func (w *watch) count(n int) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy += n
	w.last = time.Now()
}

// left is how long the plugin may still be silent.
func (w *watch) left() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy > 0 {
		return w.limits.Silence
	}
	return w.limits.Silence - time.Since(w.last)
}

// supervise returns the context of a run, which ends with a fault as its cause
// when the plugin goes beyond a limit.
func (p *Process) supervise(ctx context.Context) (context.Context, func()) {
	if p.host == nil || p.host.watch == nil {
		return ctx, func() {}
	}
	w := p.host.watch
	ctx, cancel := context.WithCancelCause(ctx)
	w.mu.Lock()
	w.breach, w.last = cancel, time.Now()
	w.mu.Unlock()
	go func() {
		timer := time.NewTimer(w.limits.Silence)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			left := w.left()
			if left <= 0 {
				cancel(w.plugin.mute(w.limits.Silence))
				return
			}
			timer.Reset(left)
		}
	}()
	return ctx, func() { cancel(nil) }
}
