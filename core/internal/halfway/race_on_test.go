//go:build race

package halfway

const race = true
