package sim

import (
	"context"
	"slices"
)

// WaitStreams returns once n log streams or more have a reader, or with the
// context's error. What is emitted from then on is not missed by them.
func (s *Sim) WaitStreams(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool {
		return len(s.streams.where(func(st *stream) bool { return st.conn != nil })) >= n
	})
}

// WaitUnread returns once no log stream has a reader, or with the context's
// error. A reader that has hung up is noticed a little later.
func (s *Sim) WaitUnread(ctx context.Context) error {
	return s.wait(ctx, func() bool {
		return len(s.streams.where(func(st *stream) bool { return st.conn != nil })) == 0
	})
}

// WaitSubscribed returns once a stream that has a reader has the device (an
// id), or with the context's error.
func (s *Sim) WaitSubscribed(ctx context.Context, device string) error {
	return s.wait(ctx, func() bool {
		return len(s.streams.where(func(st *stream) bool {
			return st.conn != nil && slices.Contains(st.devices, device)
		})) > 0
	})
}

// DropStreams cuts the connections of all log streams. The streams stay, for
// their clients to resume.
func (s *Sim) DropStreams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams.all() {
		if st.conn != nil {
			close(st.conn.dropped)
			st.conn = nil
		}
	}
	s.notify()
}

// CloseStreams closes all log streams for good, with state closed.
func (s *Sim) CloseStreams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeStreams()
}

func (s *Sim) closeStreams() {
	for _, st := range s.streams.values() {
		s.closeStream(st)
	}
}
