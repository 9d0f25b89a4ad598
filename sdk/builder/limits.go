package builder

import "context"

// Limits are what a build may use up. Zero means the default.
type Limits struct {
	// Depth is how deep includes, macros, conditions and loops may lie within
	// each other; default 256.
	Depth int
	// Output is the size of the result in bytes; default 32 MiB.
	Output int
	// Steps is how many lines and operators may be executed; default 5 million.
	Steps int
	// Memory is how many bytes directives, and the texts and arrays that
	// expressions make, may take together at a time, about; and a 32nd of what may
	// be made and looked through over the whole build; default 96 MiB.
	Memory int
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		limit *int
		value int
	}{{&l.Depth, 256}, {&l.Output, 32 << 20}, {&l.Steps, 5_000_000}, {&l.Memory, 96 << 20}} {
		if *d.limit <= 0 {
			*d.limit = d.value
		}
	}
	return l
}

// budget is what a build has used and may use.
type budget struct {
	steps  int // left
	total  int // bytes left over the whole build
	memory int // bytes that may be used at a time

	used int // by the directives that are executed now
	held int // by globals
	// texts are the sizes of the texts in globals. What an array needed stays held
	// for good, as others may share it.
	texts map[string]int
}

func newBudget(l Limits) budget {
	return budget{steps: l.Steps, total: 32 * l.Memory, memory: l.Memory, texts: map[string]int{}}
}

const (
	tooManySteps  = plain("Too many steps, possible endless loop?")
	tooMuchText   = plain("Invalid string length")
	tooManyNodes  = plain("Too many directives and expressions")
	tooMuchOutput = plain("The result is too long, possible endless loop?")
	tooDeep       = plain("Maximum execution depth reached, possible cyclic reference?")
)

// take is called before or after a value of so many bytes is made.
func (b *budget) take(bytes int) error {
	b.used += bytes
	b.total -= bytes
	switch {
	case b.free() < 0:
		return tooMuchText
	case b.total < 0:
		return tooManySteps
	}
	return nil
}

// received is called for a value that a function has made.
func (b *budget) received(v Value) error {
	switch v := v.(type) {
	case string:
		return b.take(len(v))
	case []any:
		return b.take(16 * len(v))
	}
	return nil
}

// work is called before so many bytes are looked through. What is not ASCII
// takes longer.
func (b *budget) work(text string) error {
	b.total -= len(text)
	if !ascii(text) {
		b.total -= 7 * len(text)
	}
	if b.total < 0 {
		return tooManySteps
	}
	return nil
}

func (b *budget) free() int { return b.memory - b.used - b.held }

// hold counts the value that a global has from now on, for which so many bytes
// were used.
func (b *budget) hold(name string, v Value, used int) error {
	b.held -= b.texts[name]
	delete(b.texts, name)
	switch v := v.(type) {
	case string:
		b.texts[name] = len(v)
		b.held += len(v)
	case []any, map[string]any:
		b.held += used
	}
	if b.held > b.memory {
		return tooMuchText
	}
	return nil
}

// checkEvery is how many steps pass between two looks at the context.
const checkEvery = 4096

func (b *budget) step(ctx context.Context) error {
	b.steps--
	if b.steps < 0 {
		return tooManySteps
	}
	if b.steps%checkEvery == 0 {
		return ctx.Err()
	}
	return nil
}
