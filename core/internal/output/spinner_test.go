package output

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// timer is a clock on which the test lets time pass.
type timer struct {
	f       func()
	d       time.Duration
	pending bool
}

func (c *timer) after(d time.Duration, f func()) func() {
	c.f, c.d, c.pending = f, d, true
	return func() { c.pending = false }
}

func (c *timer) fire() { c.pending = false; c.f() }

func newSpinner(m Mode, change ...func(*Options)) (*record, *timer) {
	c := &timer{}
	change = append([]func(*Options){onTerminal, func(o *Options) { o.After = c.after }}, change...)
	return newRecord(m, change...), c
}

const shownFrame = clearLine + "| Contacting impCentral..."

func TestSpinner(t *testing.T) {
	t.Parallel()
	r, c := newSpinner(Text)
	done := r.Busy()
	require.Equal(t, 500*time.Millisecond, c.d)
	require.Empty(t, r.out.String())
	c.fire()
	require.Equal(t, shownFrame, r.out.String())
	require.Equal(t, 60*time.Millisecond, c.d)
	c.fire()
	require.Equal(t, shownFrame+clearLine+"/ Contacting impCentral...", r.out.String())
	r.out.text.Reset()

	r.Info("x")
	require.Equal(t, clearLine+"x\n", r.out.String())
	c.fire()
	require.Equal(t, clearLine+"x\n"+clearLine+"- Contacting impCentral...", r.out.String())
	r.out.text.Reset()

	r.Notice("y")
	require.Equal(t, clearLine, r.out.String())
	require.Equal(t, "y\n", r.err.String())
	c.fire()
	r.out.text.Reset()

	done()
	done()
	require.Equal(t, clearLine, r.out.String())
	require.False(t, c.pending)
	c.f()
	require.Equal(t, clearLine, r.out.String(), "a timer that came too late draws nothing")
}

func TestSpinnerOfOverlappingRequests(t *testing.T) {
	t.Parallel()
	r, c := newSpinner(Text)
	first := r.Busy()
	second := r.Busy()
	first()
	c.fire()
	require.Equal(t, shownFrame, r.out.String())
	second()
	require.Equal(t, shownFrame+clearLine, r.out.String())

	old := c.f
	third := r.Busy()
	require.Equal(t, 500*time.Millisecond, c.d)
	old()
	require.Equal(t, shownFrame+clearLine, r.out.String())
	c.fire()
	r.Close()
	require.Equal(t, shownFrame+clearLine+shownFrame+clearLine, r.out.String())
	third()
	c.f()
	require.Equal(t, shownFrame+clearLine+shownFrame+clearLine, r.out.String())
}

func TestSpinnerWaitsWhileAQuestionIsOpen(t *testing.T) {
	t.Parallel()
	r, c := newSpinner(Text)
	r.openTTY = func() (Terminal, error) {
		return &answers{lines: []string{"x"}, meet: func() { c.fire() }}, nil
	}
	done := r.Busy()
	c.fire()
	_, err := r.Line(t.Context(), "x", false, "")
	require.NoError(t, err)
	require.Equal(t, shownFrame+clearLine+"Enter x: ", r.out.String())
	done()
	require.Equal(t, shownFrame+clearLine+"Enter x: ", r.out.String())
}

func TestSpinnerOnlyWhereItCanBeSeen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode   Mode
		change func(*Options)
		want   bool
	}{
		"a terminal":      {Text, func(*Options) {}, true},
		"without colours": {Text, func(o *Options) { o.NoColor = "1" }, true},
		"minimal":         {Minimal, func(*Options) {}, false},
		"json":            {JSON, func(*Options) {}, false},
		"debug":           {Debug, func(*Options) {}, false},
		"a pipe":          {Text, func(o *Options) { o.Stdout.Terminal = false }, false},
		"dumb":            {Text, func(o *Options) { o.Term = "dumb" }, false},
		"no TERM":         {Text, func(o *Options) { o.Term = "" }, termIsOptional},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, c := newSpinner(test.mode, test.change)
			defer r.Busy()()
			require.Equal(t, test.want, c.pending)
		})
	}
}

func TestSpinnerFitsTheLine(t *testing.T) {
	t.Parallel()
	r, c := newSpinner(Text, func(o *Options) { o.Stdout.Columns = 5 })
	defer r.Busy()()
	c.fire()
	require.Equal(t, clearLine+"| Co", r.out.String())
}
