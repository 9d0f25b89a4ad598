//go:build !race

package halfway

const race = false
