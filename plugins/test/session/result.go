package session

import (
	"fmt"
	"strings"
	"time"
)

// Result is what a session has shown.
type Result struct {
	// Tests have begun, in their order; setUp and tearDown are among them.
	Tests []Test
	// Counted are how many tests there were, what they asserted, and how many
	// failed.
	Counted Counts
	// Errors are what was wrong besides tests that failed.
	Errors []string
	// Took is how long it was from the first line of the log to the last.
	Took time.Duration

	first   time.Time // line of the log
	counted bool      // by the tests themselves
}

// Counts are the numbers of a session.
type Counts struct{ Tests, Assertions, Failures int }

// String is how users read them.
func (c Counts) String() string {
	return fmt.Sprintf("Tests: %d, Assertions: %d, Failures: %d", c.Tests, c.Assertions, c.Failures)
}

// Add adds the numbers of another session.
func (c *Counts) Add(other Counts) {
	c.Tests += other.Tests
	c.Assertions += other.Assertions
	c.Failures += other.Failures
}

// Outcome is how a test ended.
type Outcome int

// The outcomes.
const (
	Unfinished Outcome = iota
	Passed
	Failed
)

// Test is a method of a test class.
type Test struct {
	Name    string // Class::method()
	Outcome Outcome
	// Message is why it failed, or what it returned.
	Message string
	// Infos are what it had to say.
	Infos []string
	Took  time.Duration
}

// Failed tells whether something was wrong.
func (r *Result) Failed() bool {
	if len(r.Errors) > 0 || r.Counted.Failures > 0 {
		return true
	}
	for _, t := range r.Tests {
		if t.Outcome == Failed {
			return true
		}
	}
	return false
}

// clock notes the time of a line of the log.
func (r *Result) clock(at time.Time) {
	if r.first.IsZero() {
		r.first = at
	}
	r.Took = max(r.Took, at.Sub(r.first))
}

func (r *Result) fail(text string) { r.Errors = append(r.Errors, text) }

// current is the test that runs, or nil.
func (r *Result) current() *Test {
	if n := len(r.Tests); n > 0 && r.Tests[n-1].Outcome == Unfinished {
		return &r.Tests[n-1]
	}
	return nil
}

// settle counts what has run, where the tests did not come to do that.
func (r *Result) settle() {
	if r.counted {
		return
	}
	r.Counted = Counts{}
	for _, t := range r.Tests {
		if _, method, _ := strings.Cut(t.Name, "::"); strings.HasPrefix(method, "test") {
			r.Counted.Tests++
		}
		if t.Outcome == Failed {
			r.Counted.Failures++
		}
	}
}
