package host

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/electricimp/impt/core/internal/output"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Show shows the result of the command.
func (s *Session) Show(_ context.Context, r *pluginv1.ShowRequest) (*pluginv1.ShowResponse, error) {
	if r.GetForPrograms() && s.cfg.Printer.Mode() != output.JSON {
		return &pluginv1.ShowResponse{}, nil
	}
	if r.Text != nil && s.cfg.Printer.Mode() != output.JSON {
		s.cfg.Printer.Text(r.GetText())
		s.silent = true
		return &pluginv1.ShowResponse{}, nil
	}
	return &pluginv1.ShowResponse{}, s.failure(s.cfg.Printer.Show(s.keys.revealJSON(r.GetDocument()), r.GetCuts()...))
}

// Say tells the user something along the way.
func (s *Session) Say(_ context.Context, r *pluginv1.SayRequest) (*pluginv1.SayResponse, error) {
	r.Text, r.Items = s.keys.reveal(r.GetText()), s.keys.revealJSON(r.GetItems())
	return &pluginv1.SayResponse{}, s.failure(s.cfg.Printer.Say(r))
}

// ShowLogs shows log entries.
func (s *Session) ShowLogs(_ context.Context, r *pluginv1.ShowLogsRequest) (*pluginv1.ShowLogsResponse, error) {
	r.Entries = newLineMaps(r.GetLineMaps()).translated(r.GetEntries())
	return &pluginv1.ShowLogsResponse{}, s.failure(s.cfg.Printer.ShowLogs(r))
}

// Report shows a line of a report.
func (s *Session) Report(_ context.Context, r *pluginv1.ReportRequest) (*pluginv1.ReportResponse, error) {
	s.cfg.Printer.Report(r)
	return &pluginv1.ReportResponse{}, nil
}

// Progress says how far along the command is.
func (s *Session) Progress(_ context.Context, r *pluginv1.ProgressRequest) (*pluginv1.ProgressResponse, error) {
	s.cfg.Printer.Progress(r.GetText())
	return &pluginv1.ProgressResponse{}, nil
}

// Ask asks the user. A question that was left is the last: nobody shall have
// to leave one after the other.
func (s *Session) Ask(ctx context.Context, r *pluginv1.AskRequest) (*pluginv1.AskResponse, error) {
	if s.left.Load() {
		return nil, s.failure(fault.Canceled())
	}
	a, err := s.ask(ctx, r)
	if errors.Is(err, output.ErrInterrupt) || errors.Is(err, io.EOF) {
		s.left.Store(true)
	}
	return a, s.failure(err)
}

func (s *Session) ask(ctx context.Context, r *pluginv1.AskRequest) (*pluginv1.AskResponse, error) {
	switch q := r.GetQuestion().(type) {
	case *pluginv1.AskRequest_Confirm:
		for _, a := range q.Confirm.GetAffected() {
			a.Items = s.keys.revealJSON(a.GetItems())
		}
		if !s.cfg.Confirmed {
			if err := s.cfg.Printer.Confirm(ctx, q.Confirm, r.GetOption()); err != nil {
				return nil, err
			}
		}
		return &pluginv1.AskResponse{Answer: &pluginv1.AskResponse_Yes{Yes: true}}, nil
	case *pluginv1.AskRequest_Choice:
		chosen, err := s.cfg.Printer.Choose(ctx, q.Choice, r.GetOption())
		return &pluginv1.AskResponse{Answer: &pluginv1.AskResponse_Chosen{Chosen: int32(chosen)}}, err //nolint:gosec // a short list
	case *pluginv1.AskRequest_Line:
		text, err := s.cfg.Printer.Line(ctx, q.Line.GetWhat(), q.Line.GetHidden(), r.GetOption())
		if q.Line.GetHidden() {
			return &pluginv1.AskResponse{Answer: &pluginv1.AskResponse_Secret{Secret: s.vault.keep(text)}}, err
		}
		return &pluginv1.AskResponse{Answer: &pluginv1.AskResponse_Text{Text: text}}, err
	case *pluginv1.AskRequest_NextPage:
		more, err := s.nextPage(ctx)
		return &pluginv1.AskResponse{Answer: &pluginv1.AskResponse_Yes{Yes: more}}, err
	}
	return nil, fault.Denied(s.cfg.subject(), "an unknown kind of question")
}

// nextPage waits for a line, for Ctrl-C, or for the end of input, after which
// nothing more is said.
func (s *Session) nextPage(ctx context.Context) (bool, error) {
	if err := s.grants.need("interrupt", reading); err != nil {
		return false, err
	}
	end, done := s.waiting.expect()
	defer done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-end:
			cancel()
		case <-ctx.Done():
		}
	}()
	more := s.cfg.Printer.MoreLogs(ctx)
	s.silent = !more && ctx.Err() == nil
	return more, nil
}

// Silent tells that the user has left the command, and wants no last word.
func (s *Session) Silent() bool { return s.silent }

// interrupts are the calls for which Ctrl-C is an ordinary end.
type interrupts struct {
	mu   sync.Mutex
	ends map[chan struct{}]bool
	// begins are closed when there is one.
	begins []chan struct{}
}

// expect returns a channel that is closed by the next interrupt, until done.
func (i *interrupts) expect() (end chan struct{}, done func()) {
	end = make(chan struct{})
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ends == nil {
		i.ends = map[chan struct{}]bool{}
	}
	i.ends[end] = true
	for _, begun := range i.begins {
		close(begun)
	}
	i.begins = nil
	return end, func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		delete(i.ends, end)
	}
}

// soon is how long a command that can wait for Ctrl-C may take to do so once it
// has told the user of it.
const soon = 50 * time.Millisecond

// begun returns a channel that is closed when a call waits for Ctrl-C.
func (i *interrupts) begun() <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	begun := make(chan struct{})
	if len(i.ends) > 0 {
		close(begun)
	} else {
		i.begins = append(i.begins, begun)
	}
	return begun
}

// Interrupt tells the command that the user pressed Ctrl-C. It returns false
// if that is no ordinary end: then the run is to be cancelled.
func (s *Session) Interrupt() bool {
	if s.grants.need("interrupt", reading) == nil {
		select {
		case <-s.waiting.begun():
		case <-time.After(soon):
		}
	}
	s.waiting.mu.Lock()
	defer s.waiting.mu.Unlock()
	expected := len(s.waiting.ends) > 0
	for end := range s.waiting.ends {
		close(end)
		delete(s.waiting.ends, end)
	}
	return expected
}

// AwaitInterrupt returns when the user presses Ctrl-C.
func (s *Session) AwaitInterrupt(ctx context.Context, _ *pluginv1.AwaitInterruptRequest) (*pluginv1.AwaitInterruptResponse, error) {
	if err := s.grants.need("interrupt", reading); err != nil {
		return nil, s.failure(err)
	}
	end, done := s.waiting.expect()
	defer done()
	select {
	case <-end:
		return &pluginv1.AwaitInterruptResponse{}, nil
	case <-s.cfg.Printer.Gone():
		return &pluginv1.AwaitInterruptResponse{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
