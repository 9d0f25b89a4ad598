package plugin

// socketLimit is how many bytes the path of a socket may have, without the
// NUL at its end.
const socketLimit = 107
