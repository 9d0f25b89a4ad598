//go:build race

package plugintest

const race = true
