// Package fault has the failures that users read about. The same failure has
// the same sentence everywhere, because it is made here.
package fault

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Kind tells failures apart.
type Kind = pluginv1.FaultKind

// The kinds of failures; the contract's fault.proto says what each means.
const (
	Other             = pluginv1.FaultKind_FAULT_KIND_UNSPECIFIED
	NotFoundKind      = pluginv1.FaultKind_FAULT_KIND_NOT_FOUND
	AmbiguousKind     = pluginv1.FaultKind_FAULT_KIND_AMBIGUOUS
	ConflictKind      = pluginv1.FaultKind_FAULT_KIND_CONFLICT
	DeniedKind        = pluginv1.FaultKind_FAULT_KIND_DENIED
	UnreachableKind   = pluginv1.FaultKind_FAULT_KIND_UNREACHABLE
	InvalidOptionKind = pluginv1.FaultKind_FAULT_KIND_INVALID_OPTION
	APIKind           = pluginv1.FaultKind_FAULT_KIND_API
	NotLoggedInKind   = pluginv1.FaultKind_FAULT_KIND_NOT_LOGGED_IN
	FileKind          = pluginv1.FaultKind_FAULT_KIND_FILE
	CanceledKind      = pluginv1.FaultKind_FAULT_KIND_CANCELED
	NoTerminalKind    = pluginv1.FaultKind_FAULT_KIND_NO_TERMINAL
	CorruptedFileKind = pluginv1.FaultKind_FAULT_KIND_CORRUPTED_FILE
	CrashedKind       = pluginv1.FaultKind_FAULT_KIND_CRASHED
)

// Problem is one error object of an answer of impCentral.
type Problem = pluginv1.Problem

// Place is a place in source code.
type Place = pluginv1.Place

// Fault is a failure as the user shall see it.
type Fault struct {
	Kind Kind
	// Sentence for the user, ended by a full stop; empty when Problems hold
	// what there is to say.
	Sentence string
	// Hints are lines that follow the sentence.
	Hints []string
	// Entity and Identifier are what the failure is about.
	Entity, Identifier string
	// Candidates is a JSON array of the documents that an ambiguous
	// identifier may mean.
	Candidates []byte
	// Problems are what impCentral answered.
	Problems []*Problem
	// Status is the HTTP status of impCentral's answer, 0 without one.
	Status int
	// Cause is why it failed, for debug output.
	Cause error
	// Done is what the command had changed before, a sentence each; Undone
	// what it would have changed after, as in `delete Device "meter-7"`.
	Done, Undone []string
	// Result is a JSON object of what is known of the result; JSON output has
	// its members besides the failure.
	Result []byte
	// Broken is what is known of a plugin that has failed by itself, instead
	// of saying why it failed; nil for other failures. It stays in the host.
	Broken *Broken
}

// Broken is what is known of a plugin that has failed by itself.
type Broken struct {
	// Words are the last lines that it has printed, with nothing in them that
	// a terminal obeys.
	Words []string
	// Writes tells that its command may change something on the server: that
	// nothing was changed is worth a word then.
	Writes bool
}

// Error is the sentence, or impCentral's problems in one line.
func (f *Fault) Error() string {
	if f.Sentence != "" {
		return f.Sentence
	}
	texts := make([]string, len(f.Problems))
	for i, p := range f.Problems {
		texts[i] = p.GetTitle() + ": " + p.GetDetail()
	}
	if len(texts) == 0 {
		return fmt.Sprintf("impCentral API error HTTP/%d", f.Status)
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Of returns the fault in err's chain, also one that came over the contract.
func Of(err error) (*Fault, bool) {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f, true
	}
	s, ok := status.FromError(err)
	if !ok {
		return nil, false
	}
	for _, d := range s.Details() {
		if p, ok := d.(*pluginv1.Fault); ok {
			return FromProto(p), true
		}
	}
	return nil, false
}

// Halfway is err with what the command had done before, and had not done yet.
func Halfway(err error, done, undone []string) error {
	f, ok := Of(err)
	if !ok {
		f = &Fault{Sentence: sentence(err.Error()), Cause: err}
	}
	halfway := *f
	halfway.Done, halfway.Undone = done, undone
	return &halfway
}

// Is reports whether err's chain has a fault of the given kind.
func Is(err error, k Kind) bool {
	f, ok := Of(err)
	return ok && f.Kind == k
}

// Status is err as the gRPC status in which it crosses the contract.
func Status(err error) error {
	if err == nil {
		return nil
	}
	f, ok := Of(err)
	if !ok {
		f = &Fault{Sentence: sentence(err.Error()), Cause: err}
	}
	s, detailErr := status.New(codes.Unknown, f.Error()).WithDetails(f.Proto())
	if detailErr != nil {
		return status.Error(codes.Internal, f.Error())
	}
	return s.Err()
}

func sentence(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// Proto is the fault as a message of the contract.
func (f *Fault) Proto() *pluginv1.Fault {
	p := &pluginv1.Fault{
		Kind:       f.Kind,
		Sentence:   f.Sentence,
		Hints:      f.Hints,
		Entity:     f.Entity,
		Identifier: f.Identifier,
		Candidates: f.Candidates,
		Problems:   f.Problems,
		Status:     int32(f.Status), //nolint:gosec // an HTTP status
		Done:       f.Done,
		Undone:     f.Undone,
		Result:     f.Result,
	}
	if f.Cause != nil {
		p.Cause = f.Cause.Error()
	}
	return p
}

// FromProto is the fault that a message of the contract carries; nil for nil.
func FromProto(p *pluginv1.Fault) *Fault {
	if p == nil {
		return nil
	}
	f := &Fault{
		Kind:       p.GetKind(),
		Sentence:   p.GetSentence(),
		Hints:      p.GetHints(),
		Entity:     p.GetEntity(),
		Identifier: p.GetIdentifier(),
		Candidates: p.GetCandidates(),
		Problems:   p.GetProblems(),
		Status:     int(p.GetStatus()),
		Done:       p.GetDone(),
		Undone:     p.GetUndone(),
		Result:     p.GetResult(),
	}
	if p.GetCause() != "" {
		f.Cause = errors.New(p.GetCause())
	}
	return f
}
