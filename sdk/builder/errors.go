package builder

import (
	"fmt"
	"path"
	"slices"
	"strconv"
)

// Position is a line of a source.
type Position struct {
	// Name is what the Reader calls the source, or the file of the place for the
	// text given to Build.
	Name string
	// Dir and File are __PATH__ and __FILE__.
	Dir, File string
	Line      int // from 1
}

// String is how errors name the position: DIR/FILE:LINE.
func (p Position) String() string { return path.Join(p.Dir, p.File) + ":" + strconv.Itoa(p.Line) }

// Error is a source that cannot be built.
type Error struct {
	// Message has no position in it.
	Message  string
	Position Position
	// Column is where in that line, counted from 1 in characters, or 0.
	Column int
	// Chain has the lines that lead there: includes and uses of macros, the
	// outermost first.
	Chain []Position
	// User is whether it comes from @error.
	User bool
	// Cause is the error of a Reader or a Function, or what is wrong with an inline
	// expression, or nil.
	Cause error

	text string
}

// Error is the message with its positions, in the form that Builder has always
// had.
func (e *Error) Error() string { return e.text }

func (e *Error) Unwrap() error { return e.Cause }

// Trace says where the error is, with its column, and then each line that leads
// there, the innermost first.
func (e *Error) Trace() []string {
	at := e.Position.String()
	if e.Column > 0 {
		at += ":" + strconv.Itoa(e.Column)
	}
	trace := []string{at}
	for _, p := range slices.Backward(e.Chain) {
		trace = append(trace, p.String())
	}
	return trace
}

// Warning is something that does not stop a build: what @warning says, or that
// the same text was included twice.
type Warning struct {
	Message  string
	Position Position
}

// plain is the message of an error that gets its position later.
type plain string

func (p plain) Error() string { return string(p) }

// plainf is plain with arguments.
func plainf(format string, args ...any) error { return plain(fmt.Sprintf(format, args...)) }

// syntaxError is an expression that cannot be parsed.
type syntaxError struct {
	message string
	at      int // characters before it
}

func (e *syntaxError) Error() string { return e.message + " at character " + strconv.Itoa(e.at) }

// located is an error in an expression.
type located struct {
	error
	at int32 // bytes of the expression before it
}

func (l *located) Unwrap() error { return l.error }

// locate says where an error is, unless that is known.
func (e *expression) locate(err error) error {
	switch err.(type) { //nolint:errorlint // only those that are made here
	case nil, *Error, *located:
		return err
	}
	return &located{err, e.at}
}
