//go:build !linux && !darwin

package plugin

// Harden does nothing on this system.
func Harden() error { return nil }
