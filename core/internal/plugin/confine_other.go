//go:build !linux

package plugin

// Confinement says what keeps plugins that do not come with the host in their
// place on this system.
func Confinement() string {
	return "no confinement: this system offers none, a plugin can do what you can"
}
