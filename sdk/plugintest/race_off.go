//go:build !race

package plugintest

const race = false
