//go:build !linux

package plugin

// bounds are nothing that is counted on this system.
type bounds struct{}

func (Limits) bounds(Environment) bounds { return bounds{} }

// peak is not known on this system.
func (*child) peak() uint64 { return 0 }
