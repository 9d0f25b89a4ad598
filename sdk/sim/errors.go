package sim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Error is one element of an answer's "errors", and the shape of a compile
// warning. Codes of the real service that are known are used as they are
// (PX200, CX005); the simulator's own are SX and the HTTP status.
type Error struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Meta   any    `json:"meta,omitempty"`
}

// CompileError is one entry of a compile error's or warning's meta list.
type CompileError struct {
	Row    int    `json:"row"`
	Column int    `json:"column"`
	Text   string `json:"text"`
	Type   string `json:"type"` // "error" or "warning"
	File   string `json:"file"` // device_code, agent_code, or a name given by #line
}

// failure is an answer other than 2xx on its way to the client.
type failure struct {
	status int
	errors []Error
	header http.Header
}

func (f *failure) Error() string {
	var b strings.Builder
	for i, e := range f.errors {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(e.Title + ": " + e.Detail)
	}
	return b.String()
}

func newError(status int, title, format string, args ...any) Error {
	return Error{
		Status: strconv.Itoa(status), Code: "SX" + strconv.Itoa(status),
		Title: title, Detail: fmt.Sprintf(format, args...),
	}
}

func fail(status int, title, format string, args ...any) *failure {
	return &failure{status: status, errors: []Error{newError(status, title, format, args...)}}
}

func invalid(format string, args ...any) *failure {
	return fail(http.StatusBadRequest, "Invalid Request", format, args...)
}

func notFound(what, id string) *failure {
	return fail(http.StatusNotFound, "Not Found", "The %s %q does not exist or is not shared with you.", what, id)
}

func conflict(title, format string, args ...any) *failure {
	return fail(http.StatusConflict, title, format, args...)
}

func duplicate(entity string) *failure {
	return conflict("Duplicate Resource", "%ss must have unique names.", entity)
}

func unauthorized(title, detail string) *failure {
	return fail(http.StatusUnauthorized, title, "%s", detail)
}

func readOnly(what string) *failure {
	return fail(http.StatusForbidden, "Access Denied", "You may look at this %s but not change it.", what)
}
