//go:build !linux

package plugin

// bounds are nothing that is counted on this system.
type bounds struct{}

func (Limits) bounds(Environment) bounds { return bounds{} }
