package fleet

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// measureVariable makes this binary start the program of its arguments, and
// write to the file that the variable names how much memory that took. A program
// counts the memory of whoever started it, until it is loaded: it must not be
// started by the process that simulates impCentral.
const measureVariable = "IMPT_TEST_MEASURE"

func TestMain(m *testing.M) {
	if to := os.Getenv(measureVariable); to != "" {
		os.Exit(measure(to))
	}
	os.Exit(m.Run())
}

func measure(to string) int {
	_ = os.Unsetenv(measureVariable)
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := os.WriteFile(to, fmt.Append(nil, peak(cmd.ProcessState)), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}
