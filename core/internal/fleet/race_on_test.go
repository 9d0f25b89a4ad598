//go:build race

package fleet

// race tells that what impt needs is not what it needs otherwise.
const race = true
