//go:build !unix

package main

import "os/exec"

// ownSession does nothing where there are no controlling terminals.
func ownSession(*exec.Cmd) {}
