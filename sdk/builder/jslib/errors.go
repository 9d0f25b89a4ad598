package jslib

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"

	"github.com/electricimp/impt/sdk/builder"
)

// Error is what a library threw, or a mistake in it.
type Error struct {
	Message string
	// Stack has the calls that led there, NAME:LINE:COLUMN, the innermost first.
	Stack []string

	thrown *goja.Exception
}

func (e *Error) Error() string { return e.Message }

// failed makes an exception an error for Go.
func (e *engine) failed(err error) error {
	var overflow *goja.StackOverflowError
	if errors.As(err, &overflow) {
		return &Error{Message: "Maximum call stack size exceeded"}
	}
	var thrown *goja.Exception
	if !errors.As(err, &thrown) {
		return err
	}
	var source *builder.Error
	if errors.As(thrown.Unwrap(), &source) {
		return source
	}
	failure := &Error{Message: e.message(thrown.Value()), thrown: thrown}
	for _, frame := range thrown.Stack() {
		if p := frame.Position(); p.Line > 0 && frame.SrcName() != preludeName && frame.SrcName() != assertName {
			failure.Stack = append(failure.Stack, position(frame.SrcName(), p))
		}
	}
	return failure
}

// message is what an exception says.
func (e *engine) message(v goja.Value) string {
	text := "(an error that cannot be shown)"
	_ = e.vm.Try(func() {
		if o, ok := v.(*goja.Object); ok {
			if m := o.Get("message"); m != nil && !goja.IsUndefined(m) {
				text = m.String()
				return
			}
		}
		text = v.String()
	})
	return text
}

// loading says where a library failed while it was loaded.
func (e *engine) loading(name string, err error) error {
	failure, ok := e.failed(err).(*Error) //nolint:errorlint // one that has just been made
	if !ok || strings.HasPrefix(failure.Message, name+":") {
		return err
	}
	at := name
	if len(failure.Stack) > 0 {
		at = failure.Stack[0]
	}
	failure.Message = at + ": " + failure.Message
	return failure
}

// syntax is a library that cannot be parsed.
func syntax(name string, err error) error {
	var list parser.ErrorList
	var compiler *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		return &Error{Message: position(name, list[0].Position) + ": " + list[0].Message}
	case errors.As(err, &compiler) && compiler.File != nil:
		return &Error{Message: position(name, compiler.File.Position(compiler.Offset)) + ": " + compiler.Message}
	}
	return &Error{Message: name + ": " + err.Error()}
}

func position(name string, p file.Position) string {
	if p.Line == 1 && p.Column > len(wrapped) {
		p.Column -= len(wrapped)
	}
	return fmt.Sprintf("%s:%d:%d", name, p.Line, p.Column)
}

// throw makes an error of Go an exception.
func throw(vm *goja.Runtime, err error) {
	var interrupted *goja.InterruptedError
	var thrown *goja.Exception
	var failure *Error
	switch {
	case errors.As(err, &interrupted):
		panic(interrupted)
	case errors.As(err, &thrown):
		panic(thrown)
	case errors.As(err, &failure) && failure.thrown != nil:
		panic(failure.thrown)
	}
	panic(vm.NewGoError(err))
}
