//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownSession takes the controlling terminal away.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
