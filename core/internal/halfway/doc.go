// Package halfway has no code but tests: whatever breaks while a command
// changes several things, the user learns what was done and what was not, and
// the same command run again does the rest. The real impt runs against the
// simulator, and each request it makes, and each file it writes, fails once.
package halfway
