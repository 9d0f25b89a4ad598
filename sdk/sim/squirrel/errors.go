package squirrel

import (
	"errors"
	"fmt"
	"strconv"
)

// TraceLine is one function on the stack when an error was thrown, innermost
// first.
type TraceLine struct {
	Function, File string
	Line           int
}

// String is the line as an imp logs it: func file:line.
func (t TraceLine) String() string {
	return t.Function + " " + t.File + ":" + strconv.Itoa(t.Line)
}

// Error is an error that the program has thrown or made and not caught.
type Error struct {
	Thrown Value // what was thrown; the text of errors of the language
	Text   string
	Trace  []TraceLine
	traced bool
}

func (e *Error) Error() string { return e.Text }

// Throw makes an error of a value, for native functions.
func Throw(v Value) error { return &Error{Thrown: v, Text: thrownText(v)} }

func thrownText(v Value) string {
	switch v.kind {
	case KindString:
		return v.str()
	case KindInteger:
		return strconv.Itoa(int(v.num))
	case KindFloat:
		return FormatFloat(float64(v.float()))
	case KindBool:
		return strconv.FormatBool(v.num != 0)
	default:
		return "unknown"
	}
}

// errorf is an error of the language, which catch sees as a string.
func errorf(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &Error{Thrown: String(text), Text: text}
}

// Reasons for which a program ends without being able to catch it.
var (
	// ErrOutOfMemory: more than the memory of the Config is in use.
	ErrOutOfMemory = errors.New("out of memory")
	// ErrOutOfSteps: the program has run longer than the Config allows.
	ErrOutOfSteps = errors.New("out of steps")
	// ErrInternal: the interpreter itself has failed.
	ErrInternal = errors.New("internal error of the interpreter")
)

// fatal is an error that no catch of the program sees.
type fatal struct{ err error }

func (f *fatal) Error() string { return f.err.Error() }
func (f *fatal) Unwrap() error { return f.err }

// Stop is an error that ends the program, for native functions.
func Stop(err error) error { return &fatal{err} }

// thrown is err as something that a program may catch, or nil.
func thrown(err error) *Error {
	var f *fatal
	if errors.As(err, &f) {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Thrown: String(err.Error()), Text: err.Error()}
}

// describe is a value in the text of an error: itself or its type.
func describe(v Value) string {
	switch v.kind {
	case KindString:
		return v.str()
	case KindInteger:
		return strconv.Itoa(int(v.num))
	case KindFloat:
		return FormatFloat(float64(v.float()))
	default:
		return v.kind.String()
	}
}

func indexError(key Value) error { return errorf("the index '%s' does not exist", describe(key)) }
