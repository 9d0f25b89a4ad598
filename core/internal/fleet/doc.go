// Package fleet has no code but tests and benchmarks: the real impt lists a
// fleet of 10,000 devices, 5,000 deployments and 1,000 device groups. It makes
// few requests, needs little memory, and its time is the one that impCentral's
// rate limit demands.
package fleet
