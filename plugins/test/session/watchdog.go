package session

import (
	"context"
	"time"

	"github.com/electricimp/impt/sdk"
)

const (
	// startLimit is how long a session may take to begin.
	startLimit = time.Minute
	// messageMargin is how much longer than a test its messages may take.
	messageMargin = 5 * time.Second
)

// watchdog barks when nothing has happened for too long, by the clock of this
// machine or by that of the log: lines that come late do not hide that they are.
type watchdog struct {
	name   string
	limit  time.Duration
	alarm  time.Time // by this machine's clock; zero while it sleeps
	logged time.Time // by the log's; zero while that is not known
}

// start starts a watchdog anew. At is the time of the log's last line.
func (x *Session) start(ctx context.Context, w *watchdog, now, at time.Time) error {
	w.alarm, w.logged = now.Add(w.limit), time.Time{}
	if !at.IsZero() {
		w.logged = at.Add(w.limit)
	}
	return x.detail(ctx, "TestWatchdog", "Watchdog \"%s\" started", w.name)
}

func (x *Session) stop(ctx context.Context, w *watchdog) error {
	if w.alarm.IsZero() {
		return nil
	}
	w.alarm, w.logged = time.Time{}, time.Time{}
	return x.detail(ctx, "TestWatchdog", "Watchdog \"%s\" stopped", w.name)
}

// Alarm is when the session is to be told of it by Expire, unless something
// happens before.
func (x *Session) Alarm() time.Time {
	switch {
	case x.startup.alarm.IsZero():
		return x.messages.alarm
	case x.messages.alarm.IsZero() || x.startup.alarm.Before(x.messages.alarm):
		return x.startup.alarm
	}
	return x.messages.alarm
}

// Expire ends the session if a watchdog has reason to.
func (x *Session) Expire(ctx context.Context, now time.Time) error {
	due := func(w *watchdog) bool { return !w.alarm.IsZero() && !now.Before(w.alarm) }
	return x.bark(ctx, due)
}

// expireAt does the same when a line of the log has a time.
func (x *Session) expireAt(ctx context.Context, at time.Time) error {
	for _, w := range []*watchdog{&x.startup, &x.messages} {
		if !w.alarm.IsZero() && w.logged.IsZero() {
			w.logged = at.Add(w.limit)
		}
	}
	due := func(w *watchdog) bool { return !w.logged.IsZero() && at.After(w.logged) }
	return x.bark(ctx, due)
}

func (x *Session) bark(ctx context.Context, due func(*watchdog) bool) error {
	for _, w := range []struct {
		*watchdog
		says string
	}{{&x.startup, "Session startup timeout"}, {&x.messages, "Testing timeout"}} {
		if x.over || !due(w.watchdog) {
			continue
		}
		if err := x.detail(ctx, "TestWatchdog", "Watchdog \"%s\" timed out", w.name); err != nil {
			return err
		}
		if err := x.end(ctx, sdk.Problem, w.says); err != nil {
			return err
		}
	}
	return nil
}
