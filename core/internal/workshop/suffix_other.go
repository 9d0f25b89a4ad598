//go:build !windows

package workshop

// suffix ends the names of executables.
const suffix = ""
