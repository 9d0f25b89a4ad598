// Package sprig stands in for the library that mitchellh/cli renders its own
// help templates with, which we never do: the real one costs each start a
// third of a millisecond and half a megabyte.
package sprig

import "text/template"

// TxtFuncMap has no functions.
func TxtFuncMap() template.FuncMap { return nil }
