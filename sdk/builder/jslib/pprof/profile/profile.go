// Package profile stands in for the library that goja writes profiles of
// scripts with, which we never do: the real one costs each start of a plugin
// that has goja a third of a millisecond.
package profile

import (
	"errors"
	"io"
)

// Profile, and the types below, are what goja fills in.
type Profile struct {
	SampleType               []*ValueType
	Sample                   []*Sample
	Mapping                  []*Mapping
	Location                 []*Location
	Function                 []*Function
	TimeNanos, DurationNanos int64
	PeriodType               *ValueType
	Period                   int64
}

// Write writes no profile.
func (*Profile) Write(io.Writer) error { return errors.ErrUnsupported }

// ValueType is what is counted.
type ValueType struct{ Type, Unit string }

// Sample is how often a stack was seen.
type Sample struct {
	Location []*Location
	Value    []int64
}

// Mapping is a program.
type Mapping struct {
	ID   uint64
	File string
}

// Location is a place in a program.
type Location struct {
	ID      uint64
	Mapping *Mapping
	Line    []Line
}

// Line is a place in a source.
type Line struct {
	Function *Function
	Line     int64
}

// Function is a function of a source.
type Function struct {
	ID             uint64
	Name, Filename string
}
