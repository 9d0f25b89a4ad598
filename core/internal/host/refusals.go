package host

import (
	"sync"

	"github.com/electricimp/impt/sdk/fault"
)

// refusals are what a run was denied, and how often.
type refusals struct {
	mu    sync.Mutex
	order []string
	count map[string]int
}

// maxRefusals is how many different ones are kept of a run.
const maxRefusals = 50

// note keeps a failure that is a denial.
func (r *refusals) note(err error) {
	f, ok := fault.Of(err)
	if !ok || f.Kind != fault.DeniedKind {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == nil {
		r.count = map[string]int{}
	}
	if _, known := r.count[f.Sentence]; !known {
		if len(r.order) == maxRefusals {
			return
		}
		r.order = append(r.order, f.Sentence)
	}
	r.count[f.Sentence]++
}

// Refusals calls f with each thing that the run was denied, and how often.
func (s *Session) Refusals(f func(sentence string, count int)) {
	s.refusals.mu.Lock()
	defer s.refusals.mu.Unlock()
	for _, sentence := range s.refusals.order {
		f(sentence, s.refusals.count[sentence])
	}
}
