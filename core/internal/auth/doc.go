// Package auth has the login of a run: which one applies, its access token and
// how that is renewed, and the auth files, in the format that the peer reads
// and writes too. Tokens, passwords and login keys leave it only towards
// impCentral and into the auth file.
package auth
