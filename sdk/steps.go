package sdk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// steps is how far a command has come that changes several things.
type steps struct {
	mu           sync.Mutex
	done, undone []string
	// hint is what to do instead of running the command again.
	hint string
}

// Intend announces what the command is going to change, each as in `delete
// Device "meter-7"`. If it fails halfway, the user is told which of it was not
// done.
func (c *Call) Intend(changes ...string) {
	c.steps.mu.Lock()
	defer c.steps.mu.Unlock()
	c.steps.undone = append(c.steps.undone, changes...)
}

// Did says that a change was made. With Intend, change is how it was
// announced; else it may be empty.
func (c *Call) Did(ctx context.Context, change, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	c.steps.did(change, text)
	return c.Say(ctx, "%s", text)
}

// DidItems is Did where SayItems says it. The text ends in a colon.
func (c *Call) DidItems(ctx context.Context, change, text, noun string, items document.List) error {
	c.steps.did(change, strings.TrimSuffix(text, ":")+".")
	return c.SayItems(ctx, text, noun, items)
}

// Lose says what the user is to do if the command fails from now on, because
// running it again would no longer find what is left to be done.
func (c *Call) Lose(hint string) {
	c.steps.mu.Lock()
	defer c.steps.mu.Unlock()
	c.steps.hint = hint
}

func (s *steps) did(change, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, text)
	if i := slices.Index(s.undone, change); i >= 0 {
		s.undone = slices.Delete(s.undone, i, i+1)
	}
}

// halfway adds how far the command has come to its failure.
func (c *Call) halfway(err error) error {
	c.steps.mu.Lock()
	defer c.steps.mu.Unlock()
	if err == nil || len(c.steps.done) == 0 {
		return err
	}
	err = fault.Halfway(err, c.steps.done, c.steps.undone)
	if f, ok := fault.Of(err); ok && c.steps.hint != "" {
		f.Hints = append(slices.Clone(f.Hints), c.steps.hint)
	}
	return err
}
