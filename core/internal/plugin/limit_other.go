//go:build !linux

package plugin

// socketLimit is how many bytes the path of a socket may have, without the
// NUL at its end. The BSDs have four bytes less than the others.
const socketLimit = 103
