package sdk

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/electricimp/impt/sdk/fault"
)

// steps is how far a command has come that changes several things.
type steps struct {
	mu           sync.Mutex
	done, undone []string
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
	c.steps.mu.Lock()
	c.steps.done = append(c.steps.done, text)
	if i := slices.Index(c.steps.undone, change); i >= 0 {
		c.steps.undone = slices.Delete(c.steps.undone, i, i+1)
	}
	c.steps.mu.Unlock()
	return c.Say(ctx, "%s", text)
}

// halfway adds how far the command has come to its failure.
func (c *Call) halfway(err error) error {
	c.steps.mu.Lock()
	defer c.steps.mu.Unlock()
	if err == nil || len(c.steps.done) == 0 {
		return err
	}
	return fault.Halfway(err, c.steps.done, c.steps.undone)
}
